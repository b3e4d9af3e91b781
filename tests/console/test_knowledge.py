"""Knowledge on screen: found by agents, written by supervisors, taken in as a table, and looked up while talking."""

import io
import re
from collections.abc import Callable
from datetime import date

from playwright.sync_api import Page
from sqlalchemy import Engine, select

from console.office import Office
from ivr.accounts.rows import Role
from ivr.calls.rows import Call
from ivr.identifiers import call_id
from ivr.knowledge.rows import Knowledge
from ivr.knowledge.writing import Author, Piece, add_knowledge
from ivr.repairs.rows import Repair, RepairState
from tests.console.conftest import Served
from tests.console.desk_stage import desk_over
from tests.console.people import Person
from tests.http.board import MORNING
from tests.people import CALLER
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = ON_SQLITE
LINE = "ascentre"
Enter = Callable[..., Person]
NEW = {
    "question": "믹서기 <b>칼날</b> 교체",
    "answer": "칼날을 왼쪽으로 돌려 빼십시오.",
    "effective_from": "2026-11-01",
    "firm": "hanbit",
    "product": "kitchen",
    "topic": "usage",
}


def entries(office: Office) -> list[Knowledge]:
    with office.store.reading() as session:
        return list(session.scalars(select(Knowledge).order_by(Knowledge.id)))


def add(office: Office, **changed: object) -> str:
    given = {**NEW, "effective_from": date(2026, 11, 1), **changed}
    with office.store.transaction() as session:
        made = add_knowledge(session, office.lines.by_id(LINE), Piece(**given), author=Author("lead", MORNING))  # type: ignore[arg-type]
        return made.entry


def test_an_entry_is_written_found_changed_and_withdrawn(enter: Enter, office: Office) -> None:
    lead = enter(Role.SUPERVISOR, line=LINE)
    made = lead.post("/knowledge/new", NEW)
    page = lead.get(made.location).text
    assert "&lt;b&gt;칼날" in page
    assert "한빛가전" in page
    assert "<b>칼날" not in page
    agent = enter(Role.AGENT, line=LINE, name="김민수", officer="as-1")
    assert made.location in agent.get("/knowledge/?words=칼랄 교체").text
    assert made.location not in agent.get("/knowledge/?words=칼날&firm=nuri").text
    changed = {**NEW, "answer": "오른쪽으로 돌려 빼십시오.", "version": "1"}
    assert lead.post(f"{made.location}/change", changed).status_code == 303
    assert lead.post(f"{made.location}/change", changed).status_code == 409, "somebody else was first"
    assert "오른쪽" in agent.get("/knowledge/?words=칼날").text
    assert lead.post(f"{made.location}/withdraw", {"version": "2"}).status_code == 303
    assert made.location not in agent.get("/knowledge/?words=칼날").text
    assert made.location in lead.get("/knowledge/?withdrawn=1").text
    assert [row.version for row in entries(office)] == [1, 2]


def test_agents_write_nothing_and_a_line_that_is_no_centre_has_no_knowledge(enter: Enter, office: Office) -> None:
    agent, elsewhere = enter(Role.AGENT, line=LINE, officer="as-1"), enter(Role.SUPERVISOR)
    for address in ("/knowledge/new", "/knowledge/import"):
        assert agent.get(address).status_code == 403
    assert agent.post("/knowledge/new", NEW).status_code == 403
    assert elsewhere.get("/knowledge/").status_code == elsewhere.post("/knowledge/new", NEW).status_code == 404
    assert 'href="/knowledge/"' not in elsewhere.get("/calls/").text
    assert entries(office) == []


def test_what_is_wrong_with_a_form_is_told_at_its_field(enter: Enter, office: Office) -> None:
    lead = enter(Role.SUPERVISOR, line=LINE)
    for field, value in (("answer", ""), ("effective_to", "2026-10-01"), ("product", "clothes"), ("question", "??")):
        answer = lead.post("/knowledge/new", {**NEW, field: value})
        assert answer.status_code == 422, field
        assert f'id="{field}-fault"' in answer.text, field
    assert 'href="/knowledge/w' not in lead.get("/knowledge/?words=%").text
    assert entries(office) == []


def test_a_table_comes_in_with_a_report_and_goes_out_without_formulas(enter: Enter, office: Office) -> None:
    lead = enter(Role.SUPERVISOR, line=LINE)
    table = "question,answer,firm\n=HYPERLINK(1),-1,\n다른 기업,답,nobody\n".encode()
    page = lead.post("/knowledge/import", {"file": (io.BytesIO(table), "knowledge.csv")}).text
    assert re.search(r'<td class="number">3</td>\s*<td>firm</td>', page)
    assert "새로 등록 1건" in page
    with lead.get("/knowledge/export/csv") as answer:
        assert "'=HYPERLINK(1),'-1" in answer.data.decode("utf-8-sig")
    for content, name in ((b"", "x.csv"), (b"%PDF-1.4 ...", "x.csv"), (b"a,b\n1,2\n", "x.csv")):
        assert lead.post("/knowledge/import", {"file": (io.BytesIO(content), name)}).status_code == 422
    assert lead.post("/knowledge/import").status_code == 422
    assert len(entries(office)) == 1


def test_an_agent_looks_something_up_while_talking_and_hands_a_repair_over(engine: Engine) -> None:
    desk = desk_over(engine, line=LINE)
    office: Office = desk.console.extensions["office"]
    add(office)
    add(office, question="노트북 칼날 없음", firm="nuri", product="computer")
    talk = desk.talks()
    with office.store.transaction() as session:
        session.get_one(Call, call_id(talk.sid)).firm = "hanbit"
    base = f"/talk/of/{desk.offer().id}"
    tools = desk.person.get(base).text
    assert f"{base}/knowledge" in tools
    assert f"{base}/repair" in tools
    first = desk.person.get(f"{base}/knowledge").text
    assert '<option value="hanbit" selected>' in first
    assert "왼쪽으로" in first
    found = desk.person.get(f"{base}/knowledge?found=1&words=칼랄&known_firm=hanbit&known_product=").text
    assert "왼쪽으로" in found
    assert "노트북" not in found
    assert "2026-11-01" in found
    form = desk.person.get(f"{base}/repair").text
    assert '<option value="hanbit" selected>' in form
    mark = re.search(r'name="repair_mark" value="([0-9a-f]+)"', form)
    assert mark
    asked = {
        "repair_mark": mark[1],
        "repair_firm": "hanbit",
        "repair_way": "dispatch",
        "repair_partner": "nationwide",
        "repair_fault": "전원이 켜지지 않습니다.",
        "repair_place": "대전 서구 둔산로 1",
    }
    refused = desk.person.post(f"{base}/repair", {**asked, "repair_way": "parcel"})
    assert (refused.status_code, 'id="repair_way-fault"' in refused.text) == (422, True)
    assert [desk.person.post(f"{base}/repair", asked).status_code for _ in range(2)] == [200, 200]
    with office.store.reading() as session:
        (repair,) = session.scalars(select(Repair))
        assert (repair.state, repair.call_id) == (RepairState.ASKED, call_id(talk.sid))
        assert repair.number is not None
        assert repair.number.e164 == CALLER
    assert desk.person.get("/talk/of/nobody/knowledge").status_code == 404


def test_the_pages_can_be_used_by_everybody(
    served: Served, enter: Enter, office: Office, accessible: Callable[[Page], None]
) -> None:
    entry = add(office)
    with served.page(enter(Role.SUPERVISOR, line=LINE)) as page:
        for address in (
            "/knowledge/",
            "/knowledge/?words=칼날",
            f"/knowledge/{entry}",
            "/knowledge/new",
            "/knowledge/import",
        ):
            page.goto(address)
            accessible(page)
            page.set_viewport_size({"width": 390, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
            page.set_viewport_size({"width": 1280, "height": 900})
