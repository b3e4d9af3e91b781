"""The demo's shared centre: its firms with contracts and knowledge, and the calls from last month to yesterday."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.demo_calls import Stage, first_id, write_calls
from commands.demo_traffic import DemoCentre, DemoFirm, DrawnCall, Group, draw_day
from commands.opened import Opened
from config.files import DEMO_CENTRE, read_file
from ivr.agents.rows import Agent
from ivr.billing.noting import note_calls
from ivr.billing.statements import close_month
from ivr.calls.rows import Call
from ivr.charters.verdicts import judge_calls
from ivr.figures.keeping import keep_figures
from ivr.figures.tallying import tally
from ivr.firms.clauses import CLAUSES
from ivr.firms.contracts import contracts_of
from ivr.firms.drafting import Terms, draft
from ivr.firms.eligibility import Declared
from ivr.firms.registering import Registration, register
from ivr.firms.rows import FirmEntry, SecurityKind
from ivr.firms.security import Left, least_of, note_security
from ivr.firms.signing import note_published, sign
from ivr.firms.working import Work
from ivr.knowledge.writing import Author, Piece, add_knowledge
from ivr.lines.hours import SEOUL, open_spans
from ivr.lines.model import Line, Lines
from ivr.staffing.shifts import Wanted, add_shift
from ivr.store import Store
from workers.verdicts import installed_rules

BY: Final = "as-lead"
"""The account of who leads the centre: what the demo begins with was done by somebody who has a name."""
A_DAY = timedelta(days=1)
# Firms were chosen, and left their security, so long before the first day of last month.
CHOSEN_BEFORE = timedelta(days=60)
LEFT_BEFORE = timedelta(days=40)
WORKING_DAYS = 21
DEPOSITING = "chambit"


def read_centre() -> DemoCentre:
    """Read config/demo/centre.toml."""
    return DemoCentre.model_validate(read_file(DEMO_CENTRE))


def seed_centre(session: Session, lines: Lines, *, at: datetime) -> None:
    """Register the firms, and enter knowledge and shifts; firms that are there are left alone."""
    centre = read_centre()
    line, first = lines.by_id(centre.line), _first_day(at)
    if register_firms(Work(session, line, BY, at), centre):
        return
    for one in centre.knowledge:
        add_knowledge(session, line, Piece(**one.model_dump(), effective_from=first), author=Author(BY, at))
    for shift in centre.shifts:
        add_shift(session, line, Wanted(**shift.model_dump(), team="", first_day=first), by=BY, at=at)


def register_firms(work: Work, centre: DemoCentre) -> int:
    """Register the firms that are not there; returns how many were."""
    first, session = _first_day(work.at), work.session
    known = set(session.scalars(select(FirmEntry.id).where(FirmEntry.line == work.line.id)))
    for firm in centre.firms:
        if firm.id not in known:
            shown = work.line.firms[firm.id]
            chosen = Registration(shown.name, firm.registration, Declared(shown.products), first - CHOSEN_BEFORE)
            register(work, firm.id, chosen)
    return len(known)


def live_month(opened: Opened, *, at: datetime) -> int:
    """Write the calls of every open day from the first of last month to yesterday that are not there; how many.

    Each day is a short transaction, so that the hotline goes on meanwhile. At the end the firms sign, and last month
    is closed: signed before, its statements would be made while its calls are still being written, and the promise to
    close it, which came with the first of them, has found nobody under contract.
    """
    centre = read_centre()
    line = opened.lines.by_id(centre.line)
    stage = stage_of(opened.store, line)
    open_days = _open_days(opened, line, at) if stage.agents else iter(())
    days = (draw_day(centre, day, groups=stage.groups) for day in open_days)
    written = sum(live_day(opened.store, stage, drawn) for drawn in days)
    with opened.store.transaction() as session:
        work = Work(session, line, BY, at)
        sign_all(work, centre)
        close_last_month(work)
    return written


def sign_all(work: Work, centre: DemoCentre) -> None:
    """Put each firm that never had a contract under one from the first of last month on, with its security."""
    for firm in centre.firms:
        if not contracts_of(work.session, work.line.id, firm.id):
            _sign(work, firm, _first_day(work.at))


def close_last_month(work: Work) -> None:
    """Make the statements of last month; those that are there stay as they are."""
    close_month(work.session, work.line, f"{_first_day(work.at):%Y-%m}", by=work.by, at=work.at)


def _sign(work: Work, firm: DemoFirm, first: date) -> None:
    contract = draft(work, firm.id, Terms(first, round(firm.calls_per_day * WORKING_DAYS)))
    kind = SecurityKind.DEPOSIT if firm.id == DEPOSITING else SecurityKind.BOND
    left = Left(kind, least_of(work, contract, kind), f"DEMO-{firm.registration[-4:]}", first - LEFT_BEFORE)
    note_security(work, contract.id, left)
    sign(work, contract.id, CLAUSES)
    note_published(work, contract.id, first)


def stage_of(store: Store, line: Line) -> Stage:
    """The line and its agents, each for the firms of the groups that the agent is in."""
    with store.reading() as session:
        agents = session.scalars(select(Agent).where(Agent.line == line.id).order_by(Agent.id)).all()
        teams = [{skill.team for skill in agent.skills} for agent in agents]
    groups = {firm.id: _group(line, line.group_of(firm, firm.products[0]), teams) for firm in line.firms.values()}
    return Stage(line, agents, store.keyring, groups)


def _group(line: Line, team: str, teams: Sequence[Collection[str]]) -> Group:
    """The agents of a team; where it has nobody, everybody."""
    rule = line.teams[team]
    own = [place for place, of in enumerate(teams) if team in of] or list(range(len(teams)))
    helping = [place for place, of in enumerate(teams) if set(rule.overflow) & set(of)]
    return Group(own, helping, rule.overflow_after)


def live_day(store: Store, stage: Stage, drawn: Sequence[DrawnCall]) -> int:
    """The calls of a day with their figures, verdicts and usage; a day that is there is passed over."""
    if not drawn:
        return 0
    with store.transaction() as session:
        if session.get(Call, first_id(drawn)) is not None:
            return 0
        ids = write_calls(session, stage, drawn)
        keep_figures(session, ids, line=stage.line)
        note_calls(session, ids, line=stage.line, at=drawn[-1].arrived_at + A_DAY / 2)
        judge_calls(session, ids, line=stage.line, rules=installed_rules())
        tally(session, stage.line.id, drawn[0].arrived_at.astimezone(SEOUL).date())
    return len(ids)


def _open_days(opened: Opened, line: Line, at: datetime) -> Iterator[date]:
    day, today = _first_day(at), at.astimezone(SEOUL).date()
    while day < today:
        if open_spans(line, opened.calendar, day):
            yield day
        day += A_DAY


def _first_day(at: datetime) -> date:
    """The first day of the month before, in Seoul."""
    return _months_before(at.astimezone(SEOUL).date(), 1)


def _months_before(day: date, months: int) -> date:
    """The first day of the month so many months before that of a day."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
