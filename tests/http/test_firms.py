"""Calls to client firms through the webhooks: their hours, their end, what is found late or twice, and editions."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine, select

from ivr.addresses import Address, address
from ivr.calls.rows import Call, Fact
from ivr.editions.checking import Draft
from ivr.editions.publishing import publish, withdraw
from ivr.editions.rows import EditionKind
from ivr.editions.schedule import Place
from ivr.faults import BadData
from ivr.identifiers import call_id
from tests.http.board import CALL_SID, MORNING, arriving
from tests.http.hearing import hears, leads_to
from tests.http.test_editions import Desk
from tests.unit.editions.made import MAKER, files

SHARED, HANBIT = "+827010000041", "+827010000043"
# Seoul: Monday 17:30, and Saturday 10:00. The line is open at both.
EVENING = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)


class Centre(Desk):
    """The line of the centre; firms are put on the telephone by editions."""

    def put(self, id: str, content: dict[str, Any], after: int = 0) -> int:  # Any: as in the file
        return self.make(Draft(Place("ascentre", EditionKind.FIRM, id), content, "기업 변경", after))

    def asks(self, entry: Address, form: dict[str, str] | None = None, **query: str | int) -> str:
        given = arriving(CallSid=CALL_SID, To=SHARED, **(form or {}))
        where = address(entry, call=call_id(CALL_SID), line="ascentre", **query)
        return self.wire.post(where, given).get_data(as_text=True)

    @property
    def firm(self) -> str:
        with self.store.reading() as session:
            return session.get_one(Call, call_id(CALL_SID)).firm


@pytest.fixture
def centre(sqlite_engine: Engine) -> Centre:
    centre = Centre(sqlite_engine)
    centre.wire.post("/voice/incoming", arriving(To=SHARED))
    return centre


@pytest.mark.parametrize("at", [EVENING, SATURDAY])
def test_a_firm_is_closed_in_its_own_name_while_the_line_is_open(centre: Centre, at: datetime) -> None:
    centre.clock.at = at
    document = centre.asks(Address.FIRM, firm="chambit", step=4)
    heard = hears(document)
    assert heard[0] == "say: 안녕하십니까? 참빛메디 고객센터입니다. 중소기업 공동 에이에스센터가 함께 상담합니다."
    assert "상담은" in heard[1]
    assert "아홉 시에 시작합니다." in heard[1]
    assert heard[3] == "ask -> /voice/key?firm=chambit&menu=closed"
    assert centre.firm == "chambit"
    centre.clock.at = MORNING
    assert hears(centre.asks(Address.FIRM, firm="haon", step=6))[2].startswith("say: 고장 접수는 1번")


def test_whoever_is_answered_for_no_more_is_said_so_and_the_call_is_the_lines_own(centre: Centre) -> None:
    centre.put("hanbit", {"name": "한빛가전", "numbers": [HANBIT], "code": "1101", "until": "2026-11-23"})
    over = "say: 한빛가전은 저희 센터의 상담을 마쳤습니다. 제품에 적힌 연락처로 문의해 주십시오."
    heard = centre.rings("b", to=HANBIT)
    assert heard[0] == "say: 안녕하십니까? 중소기업 공동 에이에스센터입니다."
    assert heard[1] == over
    assert heard[-1] == "go /voice/menu?menu=main"
    found = hears(centre.asks(Address.FIRM, firm="hanbit", step=4))
    assert found[0] == over
    assert found[-1] == "ask -> /voice/key?menu=main"
    assert centre.firm == ""
    centre.clock.at = MORNING - timedelta(days=1)
    assert centre.rings("c", to=HANBIT)[0].startswith("say: 안녕하십니까? 한빛가전 고객센터")


def test_the_firm_found_last_counts_whatever_comes_late_or_twice(centre: Centre) -> None:
    centre.asks(Address.FIRM, firm="nuri", step=8)
    assert centre.firm == "nuri"
    centre.asks(Address.FIRM, firm="haon", step=4)
    assert centre.firm == "nuri", "an earlier step that comes late"
    centre.asks(Address.FIRM, firm="haon", step=8)
    assert centre.firm == "nuri", "the same step once more"
    centre.asks(Address.FIRM, firm="haon", step=11)
    assert centre.firm == "haon"
    centre.asks(Address.FIRM, step=14)
    assert centre.firm == "", "the caller took it back"
    centre.asks(Address.FIRM, firm="haon", step=11)
    assert centre.firm == ""


def test_a_firm_that_has_gone_meanwhile_leads_back_to_the_lines_own_menu(centre: Centre) -> None:
    heard = hears(centre.asks(Address.FIRM, firm="gone", step=4))
    assert heard[-1] == "ask -> /voice/key?menu=main"
    assert centre.firm == ""


def test_the_product_of_a_firm_that_makes_one_is_told_with_it(centre: Centre) -> None:
    centre.asks(Address.FIRM, firm="daon", step=4)
    with centre.store.reading() as session:
        told = session.scalars(select(Fact).where(Fact.kind == "firm")).one()
    assert told.detail == {"firm": "daon", "product": "car"}


def test_a_new_firm_is_reached_by_its_code_as_soon_as_it_is_entered(centre: Centre) -> None:
    number = centre.put("saebom", {"name": "새봄가구", "code": "1190", "products": ["furniture"]})
    document = centre.asks(Address.FIRM_CODE, {"Digits": "1190"}, menu="main", step=3)
    target = leads_to(document)["/voice/firm"]
    assert parse_qs(urlsplit(target).query)["firm"] == ["saebom"]
    with centre.store.transaction() as session:
        withdraw(session, number, by=MAKER, reason="취소", at=centre.clock.at)
    centre.current.look()
    again = centre.asks(Address.FIRM_CODE, {"Digits": "1190"}, menu="main", step=5)
    assert hears(again)[0] == "say: 등록되지 않은 기업 번호입니다. 다시 확인해 주십시오."


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "another's code": ({"name": "새봄", "code": "1101"}, "1101 is already used in firms.hanbit.code"),
    "another's number": ({"name": "새봄", "numbers": [HANBIT]}, "is already used in firms.hanbit.numbers.0"),
    "an excluded product": ({"name": "새봄", "code": "1190", "products": ["food"]}, "names the product 'food'"),
    "no way to it": ({"name": "새봄"}, "nobody could reach the firm"),
    "a stranger's key": ({"name": "새봄", "code": "1190", "price": 3}, "is not known here"),
    "hours upside down": ({"name": "새봄", "code": "1190", "hours": {"weekdays": ["18:00-09:00"]}}, "must end after"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_an_edition_is_refused_as_the_file_would_be(centre: Centre, why: str) -> None:
    content, fault = REFUSED[why]
    with pytest.raises(BadData, match=fault) as refused:
        centre.put("saebom", content)
    assert all(found.key.startswith("firms.saebom") for found in refused.value.faults)


@pytest.mark.parametrize(("line", "id"), [("kibo", "saebom"), ("", "saebom"), ("ascentre", "새봄")])
def test_firms_are_of_a_centre_and_have_plain_ids(centre: Centre, line: str, id: str) -> None:
    draft = Draft(Place(line, EditionKind.FIRM, id), {"name": "새봄", "code": "1190"}, "기업 추가")
    with centre.store.transaction() as session, pytest.raises(BadData):
        publish(session, files(), draft, by=MAKER, at=centre.clock.at)
