"""Client firms on the telephone, in the console: looking, entering, changing, what is refused, and who may."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from console.office import Office
from ivr.accounts.rows import Role
from ivr.editions.current import Current
from ivr.editions.publishing import all_editions
from ivr.store import Store
from tests.console.people import Person, office_over
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.editions.made import files

pytestmark = ON_SQLITE
Enter = Callable[..., Person]


@pytest.fixture
def office(engine: Engine, moment: Moment) -> Office:
    """The office of the tests with its files, over which editions are made."""
    current = Current(files(), Store(engine), clock=moment, tell=lambda words: None)
    return office_over(engine, moment, current=current)


def a_firm(**more: Any) -> dict[str, Any]:  # Any: fields of a form, several of one name among them
    typed = {
        "name": "새봄가구",
        "code": "1190",
        "products": ["furniture", "interior"],
        "why": "신규 참여",
        "version": "0",
    }
    return {**typed, **more}


def test_a_firm_is_put_on_the_telephone_changed_and_withdrawn(enter: Enter, office: Office) -> None:
    supervisor = enter(Role.SUPERVISOR, line="ascentre")
    assert "한빛가전" in supervisor.get("/lines/firms").text
    assert supervisor.get("/lines/new-firm?id=saebom").location == "/lines/firms/saebom"
    assert "새봄가구는 아직 전화로 연결되지 않습니다." in supervisor.get("/lines/firms/saebom?name=새봄가구").text
    assert supervisor.post("/lines/firms/saebom", a_firm()).status_code == 303
    page = supervisor.get("/lines/firms/saebom").text
    for part in ("1190", "가구, 홈인테리어·홈데코", "생활용품팀", "회선의 상담 시간과 같습니다", "신규 참여"):
        assert part in page
    hours = {"weekdays": "09:00~17:00", "numbers": ["+827010000042"], "until": "2027-11-30", "version": "1"}
    assert supervisor.post("/lines/firms/saebom", a_firm(**hours)).status_code == 303
    firm = office.fresh().lines.by_id("ascentre").firms["saebom"]
    assert (firm.numbers, firm.code, str(firm.until)) == (("+827010000042",), "1190", "2027-11-30")
    with office.store.reading() as session:
        newest = all_editions(session)[-1]
    assert (newest.version, newest.made_by, newest.content["hours"]["saturday"]) == (2, supervisor.account_id, [])
    assert "새봄가구" in supervisor.get("/lines/").text, "the map of menus, and what was changed without a file"
    assert supervisor.post(f"/lines/editions/{newest.id}/withdraw", {"why": "계약 취소"}).location == "/lines/firms"
    assert office.fresh().lines.by_id("ascentre").firms["saebom"].numbers == ()


REFUSED: dict[str, tuple[dict[str, Any], str, int]] = {
    "another's code": ({"code": "1101"}, "1101은 다른 기업이 쓰고 있습니다", 422),
    "another's number": ({"numbers": ["+827010000043"]}, "다른 기업이 쓰고 있습니다", 422),
    "three digits": ({"code": "110"}, 'id="code-fault"', 422),
    "nothing to reach it by": ({"code": ""}, "기업 번호나 전화번호가 하나는 있어야", 422),
    "no product of the line": ({"products": ["food"]}, 'class="field-fault"', 422),
    "hours upside down": ({"sunday": "18:00-09:00"}, "끝나는 시각이 시작하는 시각보다", 422),
    "no reason": ({"why": ""}, 'id="why-fault"', 422),
    "seen too early": ({"version": "4"}, "그사이 다른 사람이 먼저 바꾸었습니다", 409),
}


def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(enter: Enter, office: Office) -> None:
    supervisor = enter(Role.SUPERVISOR, line="ascentre")
    for why, (change, told, status) in REFUSED.items():
        answer = supervisor.post("/lines/firms/saebom", a_firm(**change))
        assert (answer.status_code, told in answer.text) == (status, True), why
        assert 'value="새봄가구"' in answer.text
    with office.store.reading() as session:
        assert all_editions(session) == []


def test_only_supervisors_of_a_centre_change_its_firms(enter: Enter) -> None:
    auditor, stranger = enter(Role.AUDITOR, line="ascentre"), enter(Role.SUPERVISOR)
    assert auditor.get("/lines/firms/hanbit").status_code == 200
    assert "왜" not in auditor.get("/lines/firms/hanbit").text
    assert auditor.get("/lines/firms/nobody").status_code == 404
    assert auditor.post("/lines/firms/hanbit", a_firm()).status_code == 403
    assert [stranger.get(place).status_code for place in ("/lines/firms", "/lines/firms/hanbit")] == [404, 404]
    assert stranger.post("/lines/firms/hanbit", a_firm()).status_code == 404
    assert enter(Role.SUPERVISOR, line="ascentre").get("/lines/firms/Kein%20Name").status_code == 404


def test_the_map_and_a_walk_show_what_a_firms_customer_hears(enter: Enter) -> None:
    supervisor = enter(Role.SUPERVISOR, line="ascentre")
    page = supervisor.get("/lines/").text
    for part in ("기업 고객의 메뉴", "제품으로 기업 찾기", "주방가전 한빛가전", "기업 번호 입력"):
        assert part in page
    walked = supervisor.get("/lines/walk?number=%2B827010000043&keys=1").text
    assert "안녕하십니까? 한빛가전 고객센터입니다." in walked
    assert "생활주방가전팀" in walked
    by_code = supervisor.get("/lines/walk?keys=8,1,1,0,2,2").text
    assert "누리디지털 고객센터입니다" in by_code
    half = supervisor.get("/lines/walk?keys=8,1,1").text
    assert "등록되지 않은" not in half
