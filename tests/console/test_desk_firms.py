"""The desk of a shared centre: whose customer calls, however the firm was found, and what is said in its name."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine, select

from ivr.callbacks.asking import Wish, ask_callback
from ivr.callbacks.rows import Origin
from ivr.calls.rows import Call
from ivr.numbers import PhoneNumber
from tests.console.desk_stage import Desk, desk_over
from tests.people import CALLER, customer
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = ON_SQLITE
WAYS = {
    "its own number": ("+827010000043", ("1",), "한빛가전", "생활주방가전팀"),
    "its code": ("+8218110004", ("8", "1102", "2"), "누리디지털", "디지털기기팀"),
    "its product": ("+8218110004", ("9", "2", "2", "1"), "도담베이비", "생활용품팀"),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_agent_sees_the_firm_and_what_to_say_in_its_name(engine: Engine, way: str) -> None:
    number, keys, firm, team = WAYS[way]
    desk = desk_over(engine, line="ascentre")
    _calls(desk, number, keys)
    shown = desk.live()
    sentence = f"감사합니다. {firm} 고객센터 생활주방가전 상담그룹 김민수입니다."
    for words in (f"<dd>{firm}</dd>", team, sentence, f'data-title="{firm} 전화"', f"{firm}에 전화가 왔습니다"):
        assert words in shown
    assert "중소기업 공동 에이에스센터 생활주방가전" not in shown


def _calls(desk: Desk, number: str, keys: Sequence[str]) -> None:
    """A caller dials this number and presses keys until the agent's telephone rings."""
    desk.world.carrier.network.handset(CALLER).dial(number, plan=customer(*keys))
    desk.until(desk.rings)


def test_a_callback_that_came_of_a_firms_call_names_the_firm(engine: Engine) -> None:
    desk = desk_over(engine, line="ascentre")
    _calls(desk, "+827010000043", ("1",))
    world, line = desk.world, desk.world.lines.by_id("ascentre")
    with world.store.transaction() as session:
        call = session.scalars(select(Call.id)).one()
        wish = Wish("b1", line, "appliances", Origin.MEMO, PhoneNumber.parse(CALLER), call_id=call)
        id = ask_callback(session, wish, calendar=world.board.calendar, at=world.now()).id
    for page in (f"/callbacks/{id}", f"/talk/callbacks/{id}"):
        shown = desk.person.get(page).text
        assert ("의뢰 기업" in shown, "한빛가전" in shown) == (True, True), page
