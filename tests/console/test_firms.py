"""The register of client firms at the console: who may enter, what is refused in words, contracts to their end."""

import re
from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from console.office import Office
from ivr.accounts.rows import AccessEntry, Role
from ivr.billing.rows import Statement
from ivr.firms.clauses import CLAUSES
from ivr.firms.rows import Contract, ContractState, FirmEntry
from tests.console.conftest import Served
from tests.console.people import Person
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = ON_SQLITE
Enter = Callable[..., Person]
FIRM = {
    "id": "hanbit",
    "name": "한빛가전",
    "number": "124-81-00998",
    "products": ["kitchen", "home"],
    "traits": ["is_manufacturer", "is_made_here"],
    "selected_on": "2026-01-05",
    "contact": "홍길동 과장 010-1000-0001",
}
TERMS = {"first_day": "2027-01-10", "monthly_calls": "2000"}
DEPOSIT = {"kind": "deposit", "amount": "4700000", "proof": "가입거절 확인서 3호", "received_on": "2026-11-23"}


@pytest.fixture
def lead(enter: Enter) -> Person:
    """A supervisor of the centre."""
    return enter(Role.SUPERVISOR, line="ascentre")


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def security_in(page: str) -> str:
    """The id of the security that the page offers to return."""
    found = re.search(r'<select id="return-security".*?value="(\d+)"', page, re.DOTALL)
    assert found is not None
    return found[1]


def send(person: Person, address: str, form: Mapping[str, object], *, page: str = "") -> tuple[int, str]:
    """Send a form with the version that its page shows; the status and the text of the page after it."""
    shown = person.get(page or address).text
    answer = person.post(address, {"version": version_in(shown), **form})
    text = person.get(answer.location).text if answer.status_code == 303 else answer.text
    return answer.status_code, text


def drafted(person: Person) -> str:
    """A firm with a draft; the address of its contract."""
    assert person.post("/firms/new", FIRM).status_code == 303
    answer = person.post("/firms/hanbit/contracts", {"version": version_in(person.get("/firms/hanbit").text), **TERMS})
    assert answer.status_code == 303
    return answer.location


def test_a_firm_is_registered_contracted_secured_and_signed(lead: Person, office: Office) -> None:
    contract = drafted(lead)
    status, text = send(lead, f"{contract}/sign", {"clauses": list(CLAUSES)}, page=contract)
    assert (status, "보증금 4,700,000원 이상을 2026-12-10까지" in text) == (422, True)
    status, text = send(lead, f"{contract}/security", {**DEPOSIT, "amount": "4699999"}, page=contract)
    assert (status, "4,700,000원이어야 합니다" in text, 'value="4699999"' in text) == (422, True, True)
    assert send(lead, f"{contract}/security", DEPOSIT, page=contract)[0] == 303
    status, text = send(lead, f"{contract}/sign", {"clauses": list(CLAUSES[1:])}, page=contract)
    assert (status, "위탁 업무 수행 목적 외 개인정보 처리 금지" in text) == (422, True)
    status, text = send(lead, f"{contract}/sign", {"clauses": list(CLAUSES)}, page=contract)
    assert (status, "계약을 체결했습니다" in text) == (303, True)
    with office.store.reading() as session:
        assert session.scalars(select(Contract.state)).all() == [ContractState.SIGNED]
    listed = lead.get("/firms?view=due").text
    assert "한빛가전" in listed
    assert "수탁자 공개" in listed
    firm = lead.get("/firms/hanbit").text
    assert ("1,175,000원" in firm, "4,700,000원" in firm, "2027-01-10 ~ 2028-01-09" in firm) == (True,) * 3


def test_what_is_excluded_comes_back_with_the_rule_and_what_was_typed(lead: Person, office: Office) -> None:
    refused = lead.post("/firms/new", {**FIRM, "products": ["kitchen", "materials"]})
    assert refused.status_code == 422
    assert "사업 참가 제한 품목: 건설자재, 부품 등 중간재" in refused.text
    assert 'value="한빛가전"' in refused.text
    assert 'id="products-fault"' in refused.text
    abroad = lead.post("/firms/new", {**FIRM, "traits": ["is_manufacturer"]}).text
    assert ("해외 공장 OEM 및 ODM" in abroad, 'id="traits-fault"' in abroad) == (True, True)
    wrong = lead.post("/firms/new", {**FIRM, "number": "124-81-00997"}).text
    assert "사업자등록번호가 아닙니다" in wrong
    assert 'id="number-fault"' in wrong
    with office.store.reading() as session:
        assert session.scalars(select(FirmEntry.id)).all() == []


def test_a_contract_goes_to_its_end_and_the_deposit_comes_back_after_the_last_statement(
    lead: Person, enter: Enter, office: Office, moment: Moment
) -> None:
    contract = drafted(lead)
    send(lead, f"{contract}/security", DEPOSIT, page=contract)
    send(lead, f"{contract}/sign", {"clauses": list(CLAUSES), "published_on": "2026-11-23"}, page=contract)
    status, text = send(lead, "/firms/hanbit/contracts", {**TERMS, "first_day": "2027-06-01"}, page="/firms/hanbit")
    assert (status, "계약 기간은 겹칠 수 없습니다" in text) == (422, True)
    moment.pass_time(80 * 86400)
    later = enter(Role.SUPERVISOR, line="ascentre", name="오세라")
    security = security_in(later.get(contract).text)
    back = {"security": security, "on": "2027-02-11"}
    assert "보증은 끝난 뒤에 돌려줍니다" in send(later, f"{contract}/return", back, page=contract)[1]
    assert send(later, f"{contract}/end", {"on": "2027-02-11", "why": "사업 종료"}, page=contract)[0] == 303
    moment.pass_time(86400)
    last = enter(Role.SUPERVISOR, line="ascentre", name="한가람")
    back["on"] = "2027-02-12"
    assert "2027-02의 명세서를 아직" in send(last, f"{contract}/return", back, page=contract)[1]
    with office.store.transaction() as session:
        nothing = {"gross": 0, "support": 0, "owed": 0, "made_by": "lead", "made_at": moment()}
        session.add(
            Statement(id="s", line="ascentre", firm="hanbit", month="2027-02", usage_noted_until=moment(), **nothing)
        )
    status, text = send(last, f"{contract}/return", back, page=contract)
    assert (status, "2027-02-12 반환" in text) == (303, True)
    assert "오세라가 계약을 중도 종료" in last.get("/firms/hanbit").text


def test_a_form_sent_twice_or_from_an_old_page_changes_nothing(lead: Person) -> None:
    contract = drafted(lead)
    old = version_in(lead.get(contract).text)
    assert lead.post(f"{contract}/security", {"version": old, **DEPOSIT}).status_code == 303
    assert lead.post(f"{contract}/security", {"version": old, **DEPOSIT}).status_code == 409
    entry = version_in(lead.get("/firms/hanbit").text)
    assert lead.post("/firms/hanbit/review", {"version": entry, "on": "2026-11-23"}).status_code == 303
    assert lead.post("/firms/hanbit/review", {"version": entry, "on": "2026-11-22"}).status_code == 409


def test_whom_to_ask_is_shown_for_a_reason_that_is_kept(lead: Person, office: Office) -> None:
    drafted(lead)
    assert "홍길동" not in lead.get("/firms/hanbit").text
    assert lead.post("/firms/hanbit/contact", {"reason": ""}).status_code == 422
    assert "홍길동 과장" in lead.post("/firms/hanbit/contact", {"reason": "재계약 안내"}).text
    with office.store.reading() as session:
        assert session.scalars(select(AccessEntry.subject)).all() == ["firm:hanbit"]


def test_auditors_look_agents_do_not_and_other_lines_have_none(enter: Enter, lead: Person) -> None:
    contract = drafted(lead)
    auditor, agent = enter(Role.AUDITOR, line="ascentre", name="감사"), enter(Role.AGENT, line="ascentre", name="상담")
    for address in ("/firms", "/firms/hanbit", "/firms/comparison", contract):
        assert (auditor.get(address).status_code, agent.get(address).status_code) == (200, 403)
    assert auditor.post(f"{contract}/drop", {"version": "1", "why": "착오"}).status_code == 403
    elsewhere = enter(Role.SUPERVISOR, line="kibo", name="다른 회선")
    for address in ("/firms", "/firms/hanbit", "/firms/comparison", contract):
        assert elsewhere.get(address).status_code == 404
    assert lead.get("/firms/nuri").status_code == 404
    assert lead.get(f"/firms/nuri/contracts/{contract.rpartition('/')[2]}").status_code == 404
    assert lead.post(f"{contract}/anything", {"version": "1"}).status_code == 404


def test_the_comparison_prints_the_document_and_any_other_number(lead: Person) -> None:
    text = lead.get("/firms/comparison").text
    figures = ("86,000,000원", "13,500,000원", "31,500,000원", "14,400,000원", "600,000원", "1,320,000원")
    printed = ("101.7백만원", "14.1백만원", "87.6백만원", "621 %", "약 14 %", "13.9 %", "1.67명", "1.7명", "2.7명")
    slips = ("8.475백만원", "1.175백만원", "8.475천원, 1.175천원으로 적혀 있으나 백만원의 오기")
    assert [one for one in (*figures, *printed, *slips) if one not in text] == []
    other = lead.get("/firms/comparison?calls=150").text
    assert "15구간" in other
    assert "20,250,000원" in other
    assert "오기" not in other
    for wrong in ("0", "-1", "many", "1e9", "²"):
        assert lead.get(f"/firms/comparison?calls={wrong}").status_code == 422


@pytest.mark.browser
def test_the_pages_can_be_used_by_everybody(lead: Person, served: Served, accessible: Callable[[Page], None]) -> None:
    contract = drafted(lead)
    with served.page(lead) as page:
        for address in ("/firms", "/firms/new", "/firms/comparison", "/firms/hanbit", contract):
            page.goto(address)
            for folded in page.locator("details.act summary").all():
                folded.click()
            accessible(page)
