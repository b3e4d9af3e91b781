"""Questionnaires at the console: played by keys, copied, written question by question, checked, published."""

from collections.abc import Callable

from sqlalchemy import select

from console.office import Office
from ivr.accounts.rows import Role
from ivr.surveys.drafts import QuestionnaireDraft
from ivr.surveys.rows import Answer, Disposition, Interview, InterviewOrigin, QuestionnaireText
from tests.console.people import Person
from tests.store_fixtures.databases import ON_SQLITE

Enter = Callable[..., Person]
PLACE = "/campaigns/questionnaires"
pytestmark = ON_SQLITE


def begun(person: Person) -> str:
    """A copy of the installed happy call; its page."""
    made = person.post(f"{PLACE}/happy-kibo/copy")
    assert made.status_code == 303
    return made.location


def draft(office: Office) -> QuestionnaireDraft:
    with office.store.reading() as session:
        return session.scalars(select(QuestionnaireDraft)).one()


def change(person: Person, office: Office, page: str, act: str, **form: str) -> int:
    """One change to the draft as it stands now."""
    return person.post(f"{page}/{act}", {"version": str(draft(office).version), **form}).status_code


def texts(office: Office) -> list[str]:
    return [question["text"] for question in draft(office).document["questions"]]


def test_the_telephone_says_what_a_call_says_and_takes_keys(enter: Enter) -> None:
    person = enter(Role.SUPERVISOR)
    assert "happy-dcgf" not in person.get(PLACE).text
    page = person.get(f"{PLACE}/happy-kibo").text
    assert "최근에 이용하신 보증 상담의 만족도를" in page
    first = person.get(f"{PLACE}/happy-kibo/play?keys=1").text
    assert "최근 한 달 안에 저희 고객센터와 상담하셨습니까?" in first
    assert "대상 아님" in person.get(f"{PLACE}/happy-kibo/play?keys=1.2").text
    whole = person.get(f"{PLACE}/happy-kibo/play?keys=1.1.5.4.5.5.%23").text
    assert "응답 완료" in whole
    assert "상담원 연결" in person.get(f"{PLACE}/happy-kibo/play?keys=0").text
    assert person.get(f"{PLACE}/happy-kibo/play?keys=%3Cscript%3E.99999").status_code == 200


def test_a_copy_is_written_checked_undone_and_published(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR)
    page = begun(person)
    before = texts(office)
    assert change(person, office, page, "questions", kind="comment", after="used") == 303
    assert len(texts(office)) == len(before) + 1
    [added] = [one for one in draft(office).document["questions"] if one["text"] not in before]
    assert change(person, office, page, f"questions/{added['id']}/move", way="up") == 303
    assert draft(office).document["questions"][0]["id"] == added["id"]
    assert change(person, office, page, f"questions/{added['id']}", text="불편하셨던 점은 <b>", longest="20") == 303
    assert "불편하셨던 점은 &lt;b&gt;" in person.get(page).text

    assert change(person, office, page, f"questions/{added['id']}/delete") == 303
    assert texts(office) == before
    assert change(person, office, page, "undo") == 303
    assert "불편하셨던 점은 <b>" in texts(office)
    assert change(person, office, page, f"questions/{added['id']}/delete") == 303

    assert change(person, office, page, "publish") == 303
    with office.store.reading() as session:
        [kept] = session.scalars(select(QuestionnaireText)).all()
    assert (kept.id, kept.version, kept.kept_by) == (draft(office).id, 1, person.account_id)
    assert "내보냄" in person.get(page).text
    assert draft(office).id in person.get(PLACE).text
    assert draft(office).id in person.get("/campaigns/new").text


def test_the_check_stands_beside_the_question_in_korean(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR)
    page = begun(person)
    leading = {"text": "높은 점수를 부탁드립니다.", "choice.1": "나쁨", "choice.2": "좋음"}
    assert change(person, office, page, "questions/kindness", **leading) == 303
    shown = person.get(page).text
    assert "원하는 답을 이끄는 말" in shown
    assert "해피콜의 척도는" in shown
    assert change(person, office, page, "publish") == 303
    assert "내보내지 않았습니다" in person.get(page).text
    with office.store.reading() as session:
        assert session.scalars(select(QuestionnaireText)).all() == []


def test_answers_lead_on_and_end(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR)
    page = begun(person)
    form = {
        "text": "이용하셨습니까?",
        "choice.1": "예",
        "then.1": "overall",
        "choice.2": "아니요",
        "then.2": "exit:minor",
    }
    assert change(person, office, page, "questions/used", **form) == 303
    used = draft(office).document["questions"][0]
    assert (used["go"], used["exit"]) == ({"1": "overall"}, {"2": "minor"})
    assert "어떤 답으로도 이 문항에 오지 않습니다" in person.get(page).text
    assert change(person, office, page, "questions/overall/delete") == 303
    assert draft(office).document["questions"][0]["go"] == {}


def test_two_who_write_at_the_same_time(enter: Enter, office: Office) -> None:
    first, second = enter(Role.SUPERVISOR), enter(Role.SUPERVISOR, name="박승인")
    page = begun(first)
    version = str(draft(office).version)
    head = {"title": "먼저", "purpose": "여쭙니다.", "items": "x", "kept": "1년", "version": version}
    assert first.post(f"{page}/head", head).status_code == 303
    assert second.post(f"{page}/head", {**head, "title": "나중"}).status_code == 409
    assert draft(office).document["title"] == "먼저"


def test_what_is_no_questionnaire_is_refused_and_nothing_is_lost(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR)
    page = begun(person)
    before = draft(office).document
    assert change(person, office, page, "head", title="") == 303
    assert "비워 둘 수 없습니다" in person.get(page).text
    assert change(person, office, page, "questions/used", text="x" * 401) == 303
    assert change(person, office, page, "questions/unknown", text="x") == 303
    for _ in range(10):
        questions = draft(office).document["questions"]
        change(person, office, page, f"questions/{questions[0]['id']}/delete")
    assert len(texts(office)) == 1
    assert draft(office).document["title"] == before["title"]


def test_what_belongs_to_another_line_is_not_there(enter: Enter, office: Office) -> None:
    page = begun(enter(Role.SUPERVISOR))
    stranger, auditor = enter(Role.SUPERVISOR, line="dcgf"), enter(Role.AUDITOR)
    assert stranger.get(page).status_code == 404
    assert stranger.get(f"{PLACE}/happy-kibo").status_code == 404
    assert stranger.post(f"{PLACE}/happy-kibo/copy").status_code == 404
    assert stranger.post(f"{page}/undo", {"version": "1"}).status_code == 404
    assert stranger.get(f"{PLACE}/{draft(office).id}/play?draft=1").status_code == 404
    assert auditor.get(page).status_code == 200
    assert auditor.post(f"{page}/undo", {"version": "1"}).status_code == 403


def test_what_callers_answered_after_their_calls(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line="dcgf")
    id = office.lines.by_id("dcgf").surveys.end_of_call
    assert id
    empty = person.get(f"{PLACE}/after-calls")
    assert "아직 응답이 없습니다" in empty.text
    at = office.clock()
    with office.store.transaction() as session:
        told = {"questionnaire": id, "version": 1, "line": "dcgf", "origin": InterviewOrigin.CALL, "agent_id": "a1"}
        done = {"began_at": at, "ended_at": at, "disposition": Disposition.COMPLETED}
        session.add(Interview(id="c1", call_id="C1", **told, **done))
        for question in office.surveys[id].questions:
            if question.is_scored:
                session.add(Answer(interview_id="c1", question=question.id, value=4, answered_at=at))
    assert "75.0점" in person.get(f"{PLACE}/after-calls?first=2026-11-01&last=2026-11-30").text
    assert "아직 응답이 없습니다" in person.get(f"{PLACE}/after-calls?first=2026-10-01&last=2026-10-02").text
    turned = person.get(f"{PLACE}/after-calls?first=2026-11-30&last=2026-11-01&x=%00")
    assert "첫날이 마지막 날보다 늦습니다" in turned.text


def test_one_goes_on_from_a_version_that_was_published(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR)
    page = begun(person)
    change(person, office, page, "publish")
    published = texts(office)
    change(person, office, page, "questions/comment/delete")
    change(person, office, page, "questions", kind="comment")
    change(person, office, page, "publish")
    assert texts(office) != published
    shown = person.get(f"{PLACE}/{draft(office).id}").text
    assert "이 판에서 이어 쓰기" in shown
    assert change(person, office, page, "restore/1") == 303
    assert texts(office) == published
    assert change(person, office, page, "restore/9") == 303
    assert texts(office) == published
