"""The demo's shared centre: its firms are under contract, and days of calls count for each of them once."""

from datetime import date, datetime

from sqlalchemy import Engine, func, select

from commands.demo import agent_row, read_demo
from commands.demo_centre import BY, close_last_month, live_day, read_centre, seed_centre, sign_all, stage_of
from commands.demo_traffic import UNTIL_QUEUE, draw_day
from ivr.billing.rows import Statement, Usage, UsageKind
from ivr.calls.rows import Call
from ivr.charters.judges.judgement import Finding
from ivr.charters.rows import Verdict
from ivr.figures.asking import By, Period, figures_by
from ivr.firms.contracts import contract_days
from ivr.firms.registering import firms_of
from ivr.firms.working import Work
from ivr.knowledge.searching import Asked, search
from ivr.lines.hours import SEOUL
from ivr.store import Store
from tests.http.board import words
from tests.people import add_agents
from tests.store_fixtures.databases import ON_SQLITE

NOW = datetime(2026, 11, 22, 21, tzinfo=SEOUL)
DAYS = (date(2026, 10, 6), date(2026, 10, 7))
_, LINES, _CALENDAR = words()
LINE = LINES.by_id("ascentre")


@ON_SQLITE
def test_eight_firms_are_under_contract_with_their_knowledge(engine: Engine) -> None:
    store = Store(engine)
    for _ in range(2):
        with store.transaction() as session:
            seed_centre(session, LINES, at=NOW)
            work = Work(session, LINE, BY, NOW)
            sign_all(work, read_centre())
            close_last_month(work)
    with store.reading() as session:
        firms = [firm.id for firm in firms_of(session, LINE.id)]
        assert sorted(firms) == sorted(LINE.firms)
        assert len(firms) == 8
        assert all(contract_days(session, LINE.id, firm, first=day, last=day) for firm in firms for day in DAYS)
        made = session.execute(select(Statement.month, Statement.firm, Statement.made_by)).all()
        assert sorted(made) == [("2026-10", firm, BY) for firm in sorted(LINE.firms)]
        found = search(session, LINE, Asked("믹서기 고장", firm="hanbit"), day=NOW.date())
        assert [answer.knowledge.firm for answer in found[:1]] == ["hanbit"]


@ON_SQLITE
def test_a_day_is_the_same_each_time_and_counts_once(engine: Engine) -> None:
    centre, store = read_centre(), Store(engine)
    add_agents(store, LINE, NOW, count=2)
    stage = stage_of(store, LINE)
    days = [draw_day(centre, day, groups=stage.groups) for day in DAYS]
    assert days[0] == draw_day(centre, DAYS[0], groups=stage.groups)
    written = [live_day(store, stage, drawn) for drawn in days]
    assert written == [len(drawn) for drawn in days]
    assert [live_day(store, stage, drawn) for drawn in days] == [0, 0]
    with store.reading() as session:
        told = dict(figures_by(session, [LINE.id], period=Period(*DAYS), by=By.FIRM))
        of_firm = select(Usage.firm, func.sum(Usage.quantity)).where(Usage.kind == UsageKind.CALL).group_by(Usage.firm)
        assert {firm: count for firm, count in session.execute(of_firm)} == {
            firm: figures.counted("answered") for firm, figures in told.items() if figures.counted("answered")
        }
        assert session.scalar(select(func.count()).select_from(Call)) == sum(written)
        judged = set(session.scalars(select(Verdict.verdict).where(Verdict.standard_id == "ascentre/A3/1")))
        assert Finding.MET in judged


@ON_SQLITE
def test_every_demo_agent_talks_with_one_customer_of_the_own_group_at_a_time_and_helps_who_waited(
    engine: Engine,
) -> None:
    store = Store(engine)
    with store.transaction() as session:
        staff = [one for one in read_demo().agents if one.line == LINE.id]
        session.add_all(agent_row(one, LINE, NOW, teams=one.teams) for one in staff)
    groups = stage_of(store, LINE).groups
    assert [groups[firm].own for firm in ("hanbit", "nuri", "onsaemi")] == [[0], [1], [2]]
    drawn = [call for day in DAYS for call in draw_day(read_centre(), day, groups=groups)]
    met = [call for call in drawn if call.agent is not None]
    others = [call for call in met if call.agent not in groups[call.firm].own]
    assert 0 < len(others) < len(met) / 4
    assert all(call.agent in groups[call.firm].helping for call in others)
    assert all(call.queue_left >= UNTIL_QUEUE + groups[call.firm].helped_after for call in others)
    for agent in (0, 1, 2):
        talks = sorted((call for call in met if call.agent == agent), key=lambda call: call.arrived_at)
        ends = [(call.arrived_at.timestamp() + call.talk_from + call.talk + call.wrap) for call in talks]
        begins = [call.arrived_at.timestamp() + call.queue_left for call in talks]
        assert all(end <= begin for end, begin in zip(ends, begins[1:], strict=False))
