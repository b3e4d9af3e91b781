"""Lists at the console: a file sent, looked into and made a list outside the request; those served; what is refused."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from config.uploads import Uploads
from console.office import Office
from ivr.accounts.rows import Role
from ivr.audiences.rows import Audience, AudienceState, Origin
from ivr.errands.doing import LEASE, claim
from ivr.errands.rows import Errand, ErrandState, Upload
from ivr.promises import PromiseRow
from tests.console.errands import clerk_of, do_errands
from tests.console.people import Person, office_over
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE
from workers.errands import purge_upload, see_to
from workers.job import House, Job

Enter = Callable[..., Person]
LINE = "dcgf"
HEAD = "휴대폰,성명,구분,동의목적,동의일,증빙,수집출처,동의문구"
AGREED = "해피콜,2026-11-01,신청서-1,2026년 상담 신청서,v1"
ROWS = (
    f"010-2000-0001,홍길동,신규,{AGREED}",
    f"10-2000-0002,김철수 <b>,연장,{AGREED}",
    f"12345,이영희,신규,{AGREED}",
    f"010-2000-0001,홍길동,신규,{AGREED}",
    "010-2000-0004,=1+1,신규,모름,2026-11-01,x,y,z",
)
FILE = "\n".join((HEAD, *ROWS)) + "\n"
pytestmark = ON_SQLITE


@pytest.fixture
def office(engine: Engine, moment: Moment, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return office_over(engine, moment, uploads=Uploads(tmp_path_factory.mktemp("data")))


def send(person: Person, content: bytes, name: str = "명단.csv") -> str:
    """Send a file; the id under which it is kept."""
    answer = person.post("/campaigns/audiences/send", {"file": (io.BytesIO(content), name)})
    assert answer.status_code == 303, answer.text[-3000:]
    return answer.location.rsplit("/", 1)[1]


def audiences(office: Office) -> list[Audience]:
    with office.store.reading() as session:
        return list(session.scalars(select(Audience).order_by(Audience.id)))


def half_made(by: str, at: datetime) -> Audience:
    """A list that a killed process left behind."""
    made = {"made_by": by, "made_at": at, "touched_at": at, "report": {}}
    return Audience(line=LINE, name="x", origin=Origin.IMPORT, source="명단.csv", state=AudienceState.MAKING, **made)


@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "cp949"])
def test_a_file_becomes_a_list_with_its_report(enter: Enter, office: Office, letters: str) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    id = send(person, FILE.encode(letters))
    shown = person.get(f"/campaigns/audiences/files/{id}").text
    assert "010-2***-0001" in shown or "010-****-0001" in shown
    assert "2000-0001" not in shown
    assert "홍길동" not in shown
    assert "김철수" not in shown

    asked = person.post(f"/campaigns/audiences/files/{id}", {"name": "11월 명단"})
    assert asked.status_code == 303
    assert person.get(f"{asked.location}/far").status_code == 200
    again = person.post(f"/campaigns/audiences/files/{id}", {"name": "11월 명단"})
    assert again.location == asked.location
    [errand] = do_errands(office)
    assert errand.state.value == "done", errand.trouble

    [made] = audiences(office)
    report = made.report
    assert (made.state, made.name, made.made_by) == (AudienceState.READY, "11월 명단", person.account_id)
    assert (report["rows"], report["taken"], report["doubled"]) == (5, 2, 1)
    assert report["refused"] == {"not_a_number": 1, "unknown_purpose": 1}
    page = person.get(asked.location).location
    assert "빠진 첫 0" in person.get(page).text
    with person.client.get(f"/campaigns/audiences/files/{id}/refused") as refused:
        rows = refused.get_data(as_text=True).splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == ["4", "6"]
    assert person.get(f"/campaigns/audiences/files/{id}").status_code == 410


def test_columns_are_chosen_where_their_names_say_nothing(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    id = send(person, "고객 전번,누구\n010-2000-0001,홍길동\n".encode())
    unread = person.post(f"/campaigns/audiences/files/{id}", {"name": "x"})
    assert unread.status_code == 422
    assert "전화번호 열이 없습니다" in unread.text
    form = {"name": "x", "columns": ["number", "name"], "purpose": ["happy_call"]}
    lacking = person.post(f"/campaigns/audiences/files/{id}", form)
    assert "모든 줄에 같은 동의" in lacking.text
    form |= {"consented_on": "2026-11-01", "evidence": "묶음 1", "source": "신청서", "wording": "v1"}
    assert person.post(f"/campaigns/audiences/files/{id}", form).status_code == 303
    do_errands(office)
    [made] = audiences(office)
    assert made.report["consents"]["new"] == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "빈 파일입니다"),
        (b"%PDF-1.7 x", "PDF는 읽을 수 없습니다"),
        (b"<html><body>", "웹 페이지입니다"),
        (b"\xd0\xcf\x11\xe0old", "엑셀 파일입니다"),
        (b"PK\x03\x04broken", "손상된 엑셀 파일입니다"),
    ],
)
def test_what_is_no_list_is_refused_in_words_and_not_kept(
    enter: Enter, office: Office, content: bytes, said: str
) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    answer = person.post("/campaigns/audiences/send", {"file": (io.BytesIO(content), "x.csv")})
    assert answer.status_code == 422
    assert said in answer.text
    with office.store.reading() as session:
        assert session.scalars(select(Upload)).all() == []


def test_a_file_of_which_nobody_comes_says_so_and_can_be_tried_again(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    id = send(person, "전화번호\n12\n34\n".encode())
    asked = person.post(f"/campaigns/audiences/files/{id}", {"name": "x"})
    do_errands(office)
    assert "명단에 올릴 사람이 없습니다" in person.get(asked.location).text
    assert person.get(f"/campaigns/audiences/files/{id}").status_code == 200
    assert audiences(office) == []


def test_a_list_that_is_stopped_is_not_used(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    asked = person.post(f"/campaigns/audiences/files/{send(person, FILE.encode())}", {"name": "x"})
    assert person.post(f"{asked.location}/stop").status_code == 303
    do_errands(office)
    assert "중단했습니다" in person.get(asked.location).text
    assert audiences(office) == []


def test_an_errand_whose_process_was_killed_is_done_by_the_next(enter: Enter, office: Office, moment: Moment) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    person.post(f"/campaigns/audiences/files/{send(person, FILE.encode())}", {"name": "x"})
    with office.store.transaction() as session:
        assert claim(session, 1, at=moment()) is not None
    clerk_of(office).carry_out(1)
    assert audiences(office) == []
    with office.store.transaction() as session:
        session.add(half_made(person.account_id, moment()))
    moment.pass_time(LEASE.total_seconds() + 1)
    [errand] = do_errands(office)
    assert (errand.state.value, errand.attempts) == ("done", 2)
    assert [one.state for one in audiences(office)] == [AudienceState.ABANDONED, AudienceState.READY]


def test_a_list_that_was_ready_when_its_process_was_killed_is_not_made_twice(
    enter: Enter, office: Office, moment: Moment
) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    asked = person.post(f"/campaigns/audiences/files/{send(person, FILE.encode())}", {"name": "x"})
    [first] = do_errands(office)
    with office.store.transaction() as session:
        errand = session.get_one(Errand, first.id)
        errand.state, errand.over_at, errand.result = ErrandState.WORKING, None, None
    moment.pass_time(LEASE.total_seconds() + 1)
    [again] = do_errands(office)
    assert (again.state.value, again.attempts, again.result) == ("done", 2, first.result)
    assert len(audiences(office)) == 1
    assert person.get(asked.location).status_code in {200, 303}


def test_the_promise_begins_an_errand_and_looks_again_until_it_is_over(
    enter: Enter, office: Office, moment: Moment
) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    id = send(person, FILE.encode())
    person.post(f"/campaigns/audiences/files/{id}", {"name": "x"})
    begun: list[int] = []
    house = House(office.lines, office.texts, office.calendar, office.store.keyring, "", begin_errand=begun.append)
    with office.store.transaction() as session:
        promises = {row.kind for row in session.scalars(select(PromiseRow))}
        job = Job(session, {"errand": 1}, moment(), house, 1, in_doubt=False)
        later = see_to(job)
    assert promises == {"errand", "purge-upload"}
    assert later is not None
    assert begun == [1]
    do_errands(office)
    with office.store.transaction() as session:
        assert see_to(Job(session, {"errand": 1}, moment(), house, 2, in_doubt=False)) is None


def test_a_file_that_nobody_used_is_gone_after_a_day(enter: Enter, office: Office, moment: Moment) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    id = send(person, FILE.encode())
    house = House(office.lines, office.texts, office.calendar, office.store.keyring, "", uploads=office.uploads)
    with office.store.transaction() as session:
        due = session.scalars(select(PromiseRow.due_at)).one()
        purge_upload(Job(session, {"upload": id}, moment(), house, 1, in_doubt=False))
    assert due == moment() + timedelta(days=1)
    assert office.uploads is not None
    assert office.uploads.opened(id) is None
    assert person.get(f"/campaigns/audiences/files/{id}").status_code == 410


def test_those_who_were_served_become_a_list(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    form = {"origin": "calls", "first": "2026-11-01", "last": "2026-11-02"}
    assert person.post("/campaigns/audiences/served", {**form, "last": "2026-10-01"}).status_code == 422
    asked = person.post("/campaigns/audiences/served", form)
    assert asked.status_code == 303
    do_errands(office)
    assert "명단에 올릴 사람이 없습니다" in person.get(asked.location).text


def test_lists_and_files_of_another_line_are_not_there(enter: Enter, office: Office) -> None:
    person, stranger = enter(Role.SUPERVISOR, line=LINE), enter(Role.SUPERVISOR, line="kibo")
    id = send(person, FILE.encode())
    person.post(f"/campaigns/audiences/files/{id}", {"name": "x"})
    do_errands(office)
    for address in ("1", f"files/{id}", f"files/{id}/refused", "errands/1", "errands/1/far"):
        assert stranger.get(f"/campaigns/audiences/{address}").status_code == 404, address
    assert stranger.post("/campaigns/audiences/1/remove").status_code == 404
    assert stranger.post("/campaigns/audiences/errands/1/stop").status_code == 404
    auditor = enter(Role.AUDITOR, line=LINE)
    assert auditor.get("/campaigns/audiences/1").status_code == 200
    assert auditor.post("/campaigns/audiences/1/remove").status_code == 403
    assert auditor.get("/campaigns/audiences/send").status_code == 403
    assert person.post("/campaigns/audiences/1/remove").status_code == 303
    assert audiences(office) == []


def test_errands_of_the_line_show_while_they_are_under_way(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR, line=LINE)
    assert "아직 명단이 없습니다" in person.get("/campaigns/audiences").text
    person.post(f"/campaigns/audiences/files/{send(person, FILE.encode())}", {"name": "진행 중인 명단"})
    assert "진행 중인 명단" in person.get("/campaigns/audiences").text
    with office.store.reading() as session:
        assert session.get_one(Errand, 1).line == LINE
    with person.client.get("/campaigns/audiences/sample") as sample:
        assert sample.get_data(as_text=True).startswith("\ufeff전화번호,이름")
