"""Repairs and intake marks on screen: the list, what is done about one, customers masked, calls drawn and marked."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page
from sqlalchemy import select

from console.office import Office
from console.repairs.acts import ACTS
from ivr.accounts.rows import AccessEntry, Act, Role
from ivr.intake.rows import IntakeMark, IntakeReview
from ivr.numbers import PhoneNumber
from ivr.promises import PromiseRow
from ivr.repairs.asking import Wanted, hand_over
from ivr.repairs.moves import REPAIR_MOVES
from ivr.repairs.rows import Repair, RepairState, RepairWay
from tests.console.conftest import Served
from tests.console.people import Person
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.intake.test_intake import calls

pytestmark = ON_SQLITE
LINE = "ascentre"
Enter = Callable[..., Person]
NUMBER, PLACE = "010-1000-0001", "대전 서구 둔산로 1"
NEW = {
    "repair_mark": "0" * 24,
    "repair_firm": "hanbit",
    "repair_way": "dispatch",
    "repair_partner": "nationwide",
    "repair_fault": "전원이 켜지지 않습니다. 010-9999-8888로 연락",
    "repair_name": "홍길동",
    "repair_number": NUMBER,
    "repair_place": PLACE,
}


def asked(office: Office, reference: str = "form-1", firm: str = "hanbit") -> str:
    wanted = Wanted(
        reference,
        firm,
        RepairWay.DISPATCH,
        "nationwide",
        "소음이 납니다.",
        customer="홍길동",
        number=PhoneNumber.parse(NUMBER),
        place=PLACE,
    )
    with office.store.transaction() as session:
        return hand_over(session, office.lines.by_id(LINE), wanted, by="agent", at=office.clock()).id


def stood(office: Office, id: str) -> Repair:
    with office.store.reading() as session:
        return session.get_one(Repair, id)


def do(person: Person, office: Office, id: str, name: str, **form: str) -> int:
    return person.post(f"/repairs/{id}/do/{name}", {"version": str(stood(office, id).version), **form}).status_code


def test_a_repair_is_handed_over_accepted_delayed_and_done(enter: Enter, office: Office, moment: Moment) -> None:
    assert {act.event for act in ACTS.values()} == {event for _, event in REPAIR_MOVES}, "every move has a form"
    agent = enter(Role.AGENT, line=LINE, officer="as-1")
    page = agent.post("/repairs/new", NEW).location
    assert agent.post("/repairs/new", NEW).location == page, "the same form twice is the same repair"
    id = page.rpartition("/")[2]
    assert do(agent, office, id, "finish", outcome="수리함") == 303
    assert stood(office, id).state is RepairState.ASKED
    assert do(agent, office, id, "accept", reference="N-7") == 422
    assert do(agent, office, id, "accept", reference="N-7", due_on="2026-11-30") == 303
    assert "N-7" in agent.get("/repairs/?reference=N-7").text
    moment.pass_time(8 * 86400)
    late = enter(Role.AUDITOR, line=LINE, name="박감사").get("/repairs/?view=overdue").text
    assert f"/repairs/{id}" in late
    assert 'class="late"' in late
    fresh = enter(Role.SUPERVISOR, line=LINE, name="이팀장")
    assert do(fresh, office, id, "delay", due_on="2026-12-10") == 303
    stale = fresh.post(f"/repairs/{id}/do/finish", {"version": "1", "outcome": "수리함"})
    assert stale.status_code == 409
    assert do(fresh, office, id, "finish", outcome="전원부 교체") == 303
    shown = fresh.get(f"/repairs/{id}").text
    for part in ("업체에 맡겼습니다", "접수번호 N-7", "예정일 2026-12-10", "전원부 교체", "이팀장"):
        assert part in shown
    with office.store.reading() as session:
        kinds = [
            row.args["what"] for row in session.scalars(select(PromiseRow).where(PromiseRow.kind == "repair-notice"))
        ]
    assert kinds == ["repair-accepted", "repair-delayed", "repair-done"]


def test_nothing_of_the_customer_is_shown_in_full_without_a_reason_that_is_kept(enter: Enter, office: Office) -> None:
    agent = enter(Role.AGENT, line=LINE, officer="as-1")
    id = agent.post("/repairs/new", NEW).location.rpartition("/")[2]
    for address in ("/repairs/", f"/repairs/{id}"):
        shown = agent.get(address).text
        assert not any(part in shown for part in (NUMBER, "길동", PLACE, "9999-8888")), address
        assert "010-****-0001" in shown
    assert agent.post(f"/repairs/{id}/customer", {"reason": ""}).status_code == 422
    whole = agent.post(f"/repairs/{id}/customer", {"reason": "방문 시각 확인"}).text
    assert all(part in whole for part in (NUMBER, "홍길동", PLACE))
    with office.store.reading() as session:
        (entry,) = session.scalars(select(AccessEntry).where(AccessEntry.act == Act.UNMASK))
        assert (entry.subject, entry.reason) == (f"repair:{id}", "방문 시각 확인")
    assert enter(Role.AUDITOR, line=LINE, name="박감사").post(f"/repairs/{id}/customer").status_code == 403


def test_the_list_is_narrowed_and_paged(enter: Enter, office: Office) -> None:
    ids = [asked(office, f"form-{number}", "hanbit" if number % 2 else "nuri") for number in range(52)]
    person = enter(Role.SUPERVISOR, line=LINE)
    first = person.get("/repairs/").text
    assert sum(f"/repairs/{id}" in first for id in ids) == 50
    nuri = person.get("/repairs/?firm=nuri").text
    assert sum(f"/repairs/{id}" in nuri for id in ids) == 26
    assert sum(f"/repairs/{id}" in person.get("/repairs/?way=parcel").text for id in ids) == 0
    assert person.get("/repairs/nothing").status_code == 404
    assert enter(Role.SUPERVISOR).get(f"/repairs/{ids[0]}").status_code == 404


def test_calls_are_drawn_marked_and_counted(enter: Enter, office: Office) -> None:
    ids = calls(office.store)
    auditor = enter(Role.AUDITOR, line=LINE)
    assert "아직 접수를 확인하지 않은" in auditor.get(f"/calls/{ids[0]}").text
    wrong = auditor.post(f"/intake/calls/{ids[0]}", {"mark": "wrong-group"}, **{"HX-Request": "true"})
    assert (wrong.status_code, 'id="note-fault"' in wrong.text) == (422, True)
    piece = auditor.post(
        f"/intake/calls/{ids[0]}",
        {"mark": "wrong-group", "note": "디지털 문의 010-1000-0009"},
        **{"HX-Request": "true"},
    ).text
    assert "다른 그룹의 문의" in piece
    assert "0009" in piece
    assert "1000-0009" not in piece
    assert auditor.post(f"/intake/calls/{ids[0]}", {"mark": "right"}).status_code == 303
    assert auditor.post(f"/intake/calls/{ids[1]}", {"mark": "wrong-kind", "note": "구입 문의"}).status_code == 303
    day = (office.clock() + timedelta(hours=9)).date().isoformat()
    page = auditor.get(f"/intake/?first={day}&last={day}&seed=7&size=5").text
    for part in ("50.0", "확인한 2건 가운데 1건", "한빛가전", "누리디지털", "11건 가운데"):
        assert part in page, part
    assert sum(f"/calls/{id}#intake" in page for id in ids) == 5
    assert not any(f"/calls/{id}#intake" in page for id in (ids[0], ids[1], ids[-1]))
    assert (
        enter(Role.ADMINISTRATOR, line=LINE, name="최관리")
        .post(f"/intake/calls/{ids[0]}", {"mark": "right"})
        .status_code
        == 403
    )
    assert auditor.get("/intake/?first=9999-12-31&last=0001-01-01&size=x&seed=-1").status_code == 200
    with office.store.reading() as session:
        marks = session.scalars(select(IntakeReview.mark).order_by(IntakeReview.id)).all()
    assert marks == [IntakeMark.WRONG_GROUP, IntakeMark.RIGHT, IntakeMark.WRONG_KIND]


def test_the_pages_can_be_used_by_everybody(
    served: Served, enter: Enter, office: Office, accessible: Callable[[Page], None]
) -> None:
    id, (call, *_) = asked(office), calls(office.store)
    with served.page(enter(Role.SUPERVISOR, line=LINE)) as page:
        for address in ("/repairs/", f"/repairs/{id}", "/repairs/new", "/intake/?seed=3", f"/calls/{call}"):
            page.goto(address)
            accessible(page)
            page.set_viewport_size({"width": 390, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
            page.set_viewport_size({"width": 1280, "height": 900})
