"""Campaigns at the console: from the plan to the bill, by two people, and calm where something does not fit."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from config.uploads import Uploads
from console.office import Office
from ivr.accounts.rows import AccessEntry, Role
from ivr.campaigns.lifecycle import Deed, rehearsed
from ivr.campaigns.rows import Campaign, CampaignState, Dial, DialOutcome, DialState, Target
from ivr.store import Store
from ivr.surveys.rows import Answer, Disposition, FollowUp, FollowUpState, Interview, InterviewOrigin
from tests.console.errands import do_errands
from tests.console.people import Person, office_over
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.campaigns.campaigning import approved, audience, checked, draft, drafted, running

Enter = Callable[..., Person]
LINE = "dcgf"
FORM = {
    "name": "11월 해피콜 <b>",
    "questionnaire": "happy-dcgf",
    "hours.monday": "10:00-12:00, 13:00-20:00",
    "hours.tuesday": "10:00-20:00",
    "cps": "2",
    "concurrency": "20",
    "cut_off": "5",
    "limits.per_day": "1",
    "retries.busy.tries": "2",
    "retries.busy.gap_minutes": "30",
    "groups": "g1 = 2",
}
pytestmark = ON_SQLITE


@pytest.fixture
def office(engine: Engine, moment: Moment, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return office_over(engine, moment, uploads=Uploads(tmp_path_factory.mktemp("data")))


def act(person: Person, office: Office, id: int, name: str, **form: str) -> int:
    """Press one of the buttons on the campaign's page, as it stands now."""
    version = str(campaign(office, id).version)
    return person.post(f"/campaigns/{id}/{name}", {"version": version, **form}).status_code


def campaign(office: Office, id: int) -> Campaign:
    with office.store.reading() as session:
        return session.get_one(Campaign, id)


def test_a_campaign_from_the_plan_to_the_calls_by_two_people(enter: Enter, office: Office) -> None:
    maker, second = enter(Role.SUPERVISOR, line=LINE), enter(Role.SUPERVISOR, line=LINE, name="박승인")
    list_id = audience(office.store, range(1, 9), agreed=range(1, 7))
    made = maker.post("/campaigns/new", {**FORM, "audience": str(list_id)})
    assert made.status_code == 303
    id = int(made.location.rsplit("/", 1)[1])
    page = maker.get(f"/campaigns/{id}").text
    assert "11월 해피콜 &lt;b&gt;" in page
    assert "<b>" not in page

    report = maker.get(f"/campaigns/{id}/report").text
    assert "동의한 적 없음" in report
    figures = [int(one) for one in re.findall(r'<td class="number">(\d+)</td><td class="number">[\d.]+ %', report)]
    assert figures[-1] == sum(figures[:-1]) == 8

    assert act(maker, office, id, "check") == 303
    assert act(maker, office, id, "approve") == 303
    assert campaign(office, id).state is CampaignState.CHECKED
    assert "disabled" in maker.get(f"/campaigns/{id}").text
    with office.store.transaction() as session:
        rehearsed(session, id, {"people": 30, "completed": 3}, deed=Deed(maker.account_id, office.clock()))
    assert act(second, office, id, "approve") == 303
    assert campaign(office, id).approved_by == second.account_id

    assert act(maker, office, id, "launch") == 303
    assert act(maker, office, id, "launch") == 303
    assert "대상 고르기" in maker.get(f"/campaigns/{id}/errand").text
    [errand] = do_errands(office)
    assert errand.state.value == "done", errand.trouble
    assert maker.get(f"/campaigns/{id}/errand").headers["HX-Refresh"] == "true"
    assert campaign(office, id).state is CampaignState.RUNNING
    with office.store.reading() as session:
        assert len(session.scalars(select(Target).where(Target.campaign_id == id)).all()) == 6

    assert act(second, office, id, "pause") == 303
    assert campaign(office, id).state is CampaignState.PAUSED
    assert second.get(f"/campaigns/{id}/live?was=running").headers["HX-Refresh"] == "true"
    assert act(maker, office, id, "resume") == 303
    assert act(maker, office, id, "close", why="자료 확인") == 303
    assert campaign(office, id).close_reason == "자료 확인"


def test_faults_of_a_plan_stand_at_their_fields_in_korean(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    sent = {**FORM, "name": "", "audience": "", "hours.monday": "25시", "groups": "g1", "cps": "빨리"}
    answer = person.post("/campaigns/new", sent)
    assert answer.status_code == 422
    for sentence in ("10:00-20:00처럼", "숫자로 적어", "집단 = 목표 수", "입력해 주십시오", "1자에서 80자"):
        assert sentence in answer.text
    assert "25시" in answer.text


def test_what_cannot_be_approved_is_said_in_korean(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    id = drafted(office.store, draft(audience(office.store, [])))
    assert act(person, office, id, "check") == 303
    assert "명단에 아무도 없습니다." in person.get(f"/campaigns/{id}").text
    assert campaign(office, id).state is CampaignState.DRAFT


def test_two_supervisors_who_change_one_campaign(enter: Enter, office: Office) -> None:
    first, second = enter(Role.SUPERVISOR, line=LINE), enter(Role.SUPERVISOR, line=LINE, name="박승인")
    list_id = audience(office.store, [1])
    id = drafted(office.store, draft(list_id))
    form = {**FORM, "audience": str(list_id), "groups": "", "version": str(campaign(office, id).version)}
    assert first.post(f"/campaigns/{id}/change", {**form, "name": "먼저"}).status_code == 303
    assert second.post(f"/campaigns/{id}/change", {**form, "name": "나중"}).status_code == 409
    assert campaign(office, id).name == "먼저"


def test_a_campaign_of_another_line_is_not_there(enter: Enter, office: Office) -> None:
    id = checked(office.store, draft(audience(office.store, [1])))
    stranger = enter(Role.SUPERVISOR, line="kibo")
    for address in ("", "/report", "/live", "/minutes", "/errand", "/results", "/change"):
        assert stranger.get(f"/campaigns/{id}{address}").status_code == 404, address
    for name in ("check", "approve", "launch", "pause", "close", "rehearse", "stop", "export"):
        form = {"version": "1", "ending": ".csv", "reason": "사유"}
        assert stranger.post(f"/campaigns/{id}/{name}", form).status_code == 404, name
    assert "a campaign" not in stranger.get("/campaigns").text


def test_auditors_read_and_agents_see_nothing(enter: Enter, office: Office) -> None:
    id = checked(office.store, draft(audience(office.store, [1])))
    auditor, agent = enter(Role.AUDITOR, line=LINE), enter(Role.AGENT, line=LINE)
    assert auditor.get(f"/campaigns/{id}").status_code == 200
    assert auditor.post(f"/campaigns/{id}/check", {"version": "1"}).status_code == 403
    assert auditor.get("/campaigns/new").status_code == 403
    assert agent.get("/campaigns").status_code == 403


def test_nobody_has_answered_yet(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    assert "아직 캠페인이 없습니다" in person.get("/campaigns").text
    id = running(office.store, draft(audience(office.store, [1])))
    assert "아직 전화하지 않았습니다" in person.get(f"/campaigns/{id}/minutes").text
    assert person.get(f"/campaigns/{id}/results").status_code == 200


def test_results_are_shown_and_taken_out_with_a_reason(enter: Enter, office: Office) -> None:
    person, auditor = enter(Role.SUPERVISOR, line=LINE), enter(Role.AUDITOR, line=LINE)
    id = running(office.store, draft(audience(office.store, range(1, 5))))
    answered(office.store, office, id)
    page = person.get(f"/campaigns/{id}/results").text
    assert "95% 구간" in page
    assert "기다림이 길었습니다 &lt;i&gt;" in page
    assert "<i>" not in page
    live = person.get(f"/campaigns/{id}/live").text
    assert "응답 완료" in live
    assert "<rect" in person.get(f"/campaigns/{id}/minutes").text

    without = person.post(f"/campaigns/{id}/export", {"ending": ".csv", "reason": " "})
    assert without.status_code == 303
    taken = auditor.post(f"/campaigns/{id}/export", {"ending": ".csv", "reason": "월간 보고"})
    assert taken.status_code == 200
    assert taken.text.count("\n") == 1 + 3
    taken.close()
    with office.store.reading() as session:
        [entry] = session.scalars(select(AccessEntry)).all()
    assert (entry.subject, entry.reason, entry.account_id) == (f"campaign:{id}", "월간 보고", auditor.account_id)
    assert person.post(f"/campaigns/{id}/export", {"ending": ".exe", "reason": "월간 보고"}).status_code == 404


def test_a_low_score_is_looked_after_once(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    id = running(office.store, draft(audience(office.store, range(1, 5))))
    answered(office.store, office, id)
    assert "speed" in person.get("/campaigns/tasks").text
    assert person.post("/campaigns/tasks/i1/done", {"note": "전화로 사과드림"}).status_code == 303
    assert person.post("/campaigns/tasks/i1/done", {"note": "다시"}).status_code == 303
    assert "이미 조치하셨습니다" in person.get("/campaigns/tasks?state=done").text
    stranger = enter(Role.SUPERVISOR, line="kibo", name="한기보")
    assert stranger.post("/campaigns/tasks/i1/done", {"note": "x"}).status_code == 404


def test_the_bill_of_a_month(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    assert "요금이 없습니다" in person.get("/campaigns/bill").text
    assert person.get("/campaigns/bill?month=2026-13").status_code == 404


def test_a_launch_that_is_stopped_before_it_began_rings_nobody(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    id = approved(office.store, draft(audience(office.store, [1, 2])))
    act(person, office, id, "launch")
    assert person.post(f"/campaigns/{id}/stop").status_code == 303
    [errand] = do_errands(office)
    assert (errand.state.value, campaign(office, id).state) == ("stopped", CampaignState.APPROVED)


def answered(store: Store, office: Office, id: int) -> None:
    """Three people were rung and answered, one of them dissatisfied."""
    at = office.clock()
    with store.transaction() as session:
        for person in (1, 2, 3):
            target = session.get_one(Target, (id, person))
            target.disposition = Disposition.COMPLETED
            dial = Dial(
                id=f"i{person}",
                campaign_id=id,
                person_id=person,
                ordinal=1,
                line=LINE,
                number_index=f"n{person}",
                state=DialState.OVER,
                dialled_at=at,
                ended_at=at,
                outcome=DialOutcome.ANSWERED,
            )
            interview = Interview(
                id=f"i{person}",
                questionnaire="happy-dcgf",
                version=1,
                line=LINE,
                origin=InterviewOrigin.CAMPAIGN,
                campaign_id=id,
                person_id=person,
                began_at=at,
                ended_at=at,
                disposition=Disposition.COMPLETED,
            )
            session.add_all([dial, interview])
            questions = [one for one in office.surveys["happy-dcgf"].questions if one.is_scored]
            for question in questions:
                session.add(Answer(interview_id=f"i{person}", question=question.id, value=person + 1, answered_at=at))
        said = {"question": "comment", "comment": "기다림이 길었습니다 <i>", "answered_at": at}
        session.add(Answer(interview_id="i1", **said))
        session.add(
            FollowUp(interview_id="i1", question="speed", line=LINE, score=2, state=FollowUpState.OPEN, opened_at=at)
        )
