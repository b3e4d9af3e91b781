"""In the demo, colleagues step aside while somebody is at a desk, and come back after the last one."""

from datetime import UTC, datetime

from sqlalchemy import Engine, select

from commands.demo import agent_row, read_demo
from config.files import LINES, MESSAGES, read_folder
from ivr.agents.aside import step_aside
from ivr.agents.rows import Agent, AgentState
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.promises import PromiseRow
from ivr.store import Store

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def states(store: Store, line: str) -> list[tuple[str, str | None]]:
    with store.reading() as session:
        rows = session.execute(select(Agent.state, Agent.reason).where(Agent.line == line).order_by(Agent.id))
        return [(state.value, reason) for state, reason in rows]


def test_colleagues_leave_for_who_sits_at_a_desk_and_come_back(engine: Engine) -> None:
    store, lines = Store(engine), load_lines(read_folder(LINES), load_texts(read_folder(MESSAGES)))
    with store.transaction() as session:
        session.add_all(agent_row(one, lines.by_id(one.line), AT) for one in read_demo().agents)
        session.get_one(Agent, "kibo-2").state = AgentState.TALKING
    for moved in (True, False):
        with store.transaction() as session:
            assert step_aside(session, "kibo", {"kibo-3"}, at=AT) is moved
    assert states(store, "kibo") == [("away", "demo"), ("talking", None), ("ready", None)]
    assert {state for state, _ in states(store, "dcgf")} == {"ready"}
    with store.transaction() as session:
        talking = session.get_one(Agent, "kibo-2")
        talking.state, talking.reason = AgentState.AWAY, "lunch"
    for moved in (True, False):
        with store.transaction() as session:
            assert step_aside(session, "kibo", (), at=AT) is moved
    assert states(store, "kibo") == [("ready", None), ("away", "lunch"), ("ready", None)]
    with store.reading() as session:
        assert "route" in set(session.scalars(select(PromiseRow.kind)))
