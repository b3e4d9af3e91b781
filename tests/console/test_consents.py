"""Consents at the console: looked up, given, taken back, kept out, forgotten; never a number in an address."""

import io
import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, select

from config.uploads import Uploads
from console.office import Office
from ivr.accounts.rows import AccessEntry, Act, Role
from ivr.consents.rows import Consent, RegisterImport, Suppression, Withdrawal
from ivr.people.rows import Person as Somebody
from tests.console.errands import do_errands
from tests.console.people import Person, office_over
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.campaigns.campaigning import audience

Enter = Callable[..., Person]
LINE = "dcgf"
NUMBER = "010-1100-0001"
GIVEN = {
    "purposes": ["happy_call", "opinion_survey"],
    "how": "paper",
    "evidence": "서류 118 <b>",
    "source": "상담 신청서",
    "wording": "v1",
    "given_at": "2026-11-20T14:30",
    "hours": ["day"],
    "channel": "voice",
}
pytestmark = ON_SQLITE


@pytest.fixture
def office(engine: Engine, moment: Moment, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return office_over(engine, moment, uploads=Uploads(tmp_path_factory.mktemp("data")))


def count(office: Office, kind: type) -> int:
    with office.store.reading() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def test_somebody_is_looked_up_without_the_number_in_an_address(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    audience(office.store, [1])
    found = person.post("/consents/look-up", {"number": NUMBER})
    assert (found.status_code, found.location) == (303, "/consents/people/1")
    page = person.get(found.location).text
    assert not re.search(r"1100-?0001", page)
    assert "010-****-0001" in page
    assert "가능" in page
    assert "동의한 적 없음" in page
    assert person.post("/consents/look-up", {"number": "가나다"}).status_code == 422


def test_the_number_is_shown_for_a_reason_that_is_kept(enter: Enter, office: Office) -> None:
    person = enter(Role.AUDITOR, line=LINE)
    audience(office.store, [1])
    assert NUMBER not in person.post("/consents/people/1/show", {"reason": ""}).text
    assert NUMBER in person.post("/consents/people/1/show", {"reason": "민원 확인"}).text
    with office.store.reading() as session:
        [entry] = session.scalars(select(AccessEntry)).all()
    assert (entry.act, entry.subject, entry.reason) == (Act.UNMASK, "person:1", "민원 확인")


def test_a_consent_is_entered_and_taken_back(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    audience(office.store, [1], agreed=[])
    for _ in range(2):
        assert person.post("/consents/people/1/grant", GIVEN).status_code == 303
    assert count(office, Consent) == 2
    page = person.get("/consents/people/1").text
    assert "서류 118 &lt;b&gt;" in page
    assert "한지원 · 2026-11-23 10:00" in page
    back = {"purposes": ["happy_call"], "how": "agent", "evidence": "전화로 요청"}
    assert person.post("/consents/people/1/withdraw", back).status_code == 303
    assert person.post("/consents/people/1/withdraw", back).status_code == 303
    assert count(office, Withdrawal) == 1
    assert "동의를 철회함" in person.get("/consents/people/1").text
    person.post("/consents/people/1/withdraw", {"how": "agent", "evidence": "모두 거부"})
    assert "우리 기관에서 전화 제한" in person.get("/consents/people/1").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"given_at": "2027-01-01T10:00"}, "아직 오지 않았습니다"),
        ({"given_at": "2024-01-01T10:00"}, "2년이 지나"),
        ({"evidence": ""}, "증빙: 입력해 주십시오"),
        ({"purposes": []}, "목적: 입력해 주십시오"),
    ],
)
def test_what_is_no_consent_is_refused_in_words(
    enter: Enter, office: Office, changes: dict[str, object], said: str
) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    audience(office.store, [1], agreed=[])
    assert person.post("/consents/people/1/grant", {**GIVEN, **changes}).status_code == 303
    assert said in person.get("/consents/people/1").text
    assert count(office, Consent) == 0


def test_somebody_is_forgotten_once_and_for_all(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    audience(office.store, [1])
    for _ in range(2):
        assert person.post("/consents/people/1/erase").status_code == 303
    page = person.get("/consents/people/1").text
    assert "(지워진 번호)" in page
    with office.store.reading() as session:
        assert session.get_one(Somebody, 1).number is None
    unknown = person.post("/consents/look-up", {"number": NUMBER}).text
    assert "우리 기관" in unknown


def test_a_number_that_is_not_known_can_refuse_everything(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    assert "기록이 없는 번호" in person.post("/consents/look-up", {"number": "010-3000-0009"}).text
    refused = person.post("/consents/refuse", {"number": "010-3000-0009"})
    assert "전화 제한" in person.get(refused.location).text


def test_a_number_is_kept_out_and_let_in_again(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    for _ in range(2):
        person.post("/consents/suppress", {"number": NUMBER, "why": "민원"})
    assert count(office, Suppression) == 1
    page = person.get("/consents/suppressions").text
    assert "민원" in page
    assert not re.search(r"1100-?0001", page)
    person.post("/consents/lift", {"number": NUMBER})
    assert "제한한 번호가 없습니다" in person.get("/consents/suppressions").text
    person.post("/consents/suppress", {"number": "x", "why": "민원"})
    assert count(office, Suppression) == 1


def test_who_is_to_be_told_stands_with_the_day(enter: Enter, office: Office, moment: Moment) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    assert "알릴 것이 없습니다" in person.get("/consents/notices").text
    audience(office.store, [1], agreed=[])
    person.post("/consents/people/1/grant", GIVEN)
    moment.pass_time(20 * 86400)
    person = enter(Role.SUPERVISOR, line=LINE, name="박승인")
    page = person.get("/consents/notices").text
    assert "지남" in page
    assert not re.search(r"1100-?0001", page)
    assert person.post("/consents/notices/start").status_code == 303


def test_a_newer_register_is_read_outside_the_request(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    assert "읽은 적이 없습니다" in person.get("/consents/register").text
    file = (io.BytesIO(b"number\n010-1100-0001\n010-1100-0002\n"), "register.csv")
    asked = person.post("/consents/register", {"file": file, "checked_at": "2026-11-22T09:00"})
    assert asked.status_code == 303
    [errand] = do_errands(office)
    assert errand.state.value == "done", errand.trouble
    assert person.get(asked.location).location == "/consents/register"
    assert "번호 2개를 받았습니다" in person.get("/consents/register").text
    older = (io.BytesIO(b"010-1100-0003\n"), "register.csv")
    again = person.post("/consents/register", {"file": older, "checked_at": "2026-11-01T09:00"})
    do_errands(office)
    assert "더 새로운 대장이" in person.get(again.location).text
    assert count(office, RegisterImport) == 1


def test_people_of_another_line_are_not_there(enter: Enter, office: Office) -> None:
    audience(office.store, [1])
    stranger, agent = enter(Role.SUPERVISOR, line="kibo"), enter(Role.AGENT, line=LINE)
    auditor = enter(Role.AUDITOR, line=LINE)
    assert stranger.get("/consents/people/1").status_code == 404
    for name in ("show", "grant", "withdraw", "erase"):
        form = {**GIVEN, "reason": "사유가 있음"}
        assert stranger.post(f"/consents/people/1/{name}", form).status_code == 404, name
    assert agent.get("/consents").status_code == 403
    assert auditor.get("/consents/people/1").status_code == 200
    for name in ("grant", "withdraw", "erase"):
        assert auditor.post(f"/consents/people/1/{name}").status_code == 403
    assert stranger.post("/consents/look-up", {"number": NUMBER}).status_code == 200
