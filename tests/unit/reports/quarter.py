"""A small quarter of one line, told by hand, judged and counted: every finding, every edge of the quarter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from config.files import REPORTS, read_file
from ivr.calls.rows import Call
from ivr.calls.steps import CALLER
from ivr.charters.rows import Verdict
from ivr.charters.verdicts import Rules, judge_calls
from ivr.figures.keeping import keep_figures
from ivr.figures.tallying import tally
from ivr.lines.hours import SEOUL
from ivr.reports.charter_report import Asked, CharterReport, StandardResult, charter_report
from ivr.reports.quarters import Quarter
from ivr.reports.words import Words, load_words
from ivr.store import Store
from tests.unit.charters.tales import Tale, line_of, talk
from tests.unit.figures.kept import add_call, add_staff, tell_all
from workers.verdicts import installed_rules

LINE = "kibo"
QUARTER = Quarter(2026, 4)


def words() -> Words:
    return load_words(read_file(REPORTS / "ko.toml"))


def at(*when: int) -> datetime:
    """A local moment."""
    return datetime(*when, tzinfo=SEOUL)  # type: ignore[misc,arg-type]


def gave_up(line: str = LINE) -> Tale:
    """A caller who left the queue before anybody was rung."""
    tale = Tale(line_of(line)).tell("arrived", CALLER, 0).tell("wait", CALLER, 8).tell("leaving", CALLER, 20)
    return tale.event(CALLER, "completed", 21)


def stopped_early(line: str = LINE) -> Tale:
    """A caller who left while the agent's telephone had rung for two seconds."""
    tale = Tale(line_of(line)).tell("arrived", CALLER, 0).tell("wait", CALLER, 8)
    offer = tale.offer("withdrawn", closed=12.5)
    return tale.rings(offer, None).event(CALLER, "completed", 12).event(offer, "canceled", 12.4)


def told_calls() -> list[tuple[str, Tale, datetime]]:
    """The calls with their names and when they came in; only those from c2 to c7 are of the quarter."""
    line = line_of(LINE)
    return [
        ("c1", talk(line, 8.0), at(2026, 9, 30, 23, 59, 59)),
        ("c2", talk(line, 2.4), at(2026, 10, 1, 0, 0, 0)),
        ("c3", talk(line, 8.0), at(2026, 10, 14, 10, 0, 0)),
        ("c4", talk(line, 7.0), at(2026, 11, 20, 11, 0, 0)),
        ("c5", gave_up(), at(2026, 11, 20, 12, 0, 0)),
        ("c6", stopped_early(), at(2026, 11, 20, 13, 0, 0)),
        ("c7", talk(line, 3.5), at(2026, 12, 31, 23, 59, 59)),
        ("c8", talk(line, 8.0), at(2027, 1, 1, 0, 0, 0)),
    ]


@dataclass
class Kept:
    """The quarter in a store."""

    store: Store
    calls: Sequence[tuple[str, Tale, datetime]] = ()

    def fill(self) -> "Kept":
        """Write, judge and count the calls."""
        self.calls = told_calls()
        add_staff(self.store, *(tale for _, tale, _ in self.calls))
        for name, tale, moment in self.calls:
            with self.store.transaction() as session:
                tell_all(session, add_call(session, tale, name, at=moment, caller=f"index-{name}"))
        self.judge()
        with self.store.transaction() as session:
            for day in keep_figures(session, [name for name, _, _ in self.calls], line=line_of(LINE)).days:
                tally(session, *day)
        return self

    def judge(self, *, rules: Rules | None = None, version: int | None = None, backwards: bool = False) -> int:
        """Judge every call, one by one; returns how many rows changed."""
        changed = 0
        with self.store.reading() as session:
            ids = list(session.scalars(select(Call.id).order_by(Call.arrived_at)))
        for id in reversed(ids) if backwards else ids:
            with self.store.transaction() as session:
                changed += judge_calls(
                    session, [id], line=line_of(LINE), rules=rules or installed_rules(), version=version
                ).changed
        return changed

    def forget(self) -> None:
        """Throw every verdict away."""
        with self.store.transaction() as session:
            session.execute(delete(Verdict))


def asked(rules: Rules | None = None, quarter: Quarter = QUARTER) -> Asked:
    return Asked((rules or installed_rules()).charters.of(LINE), quarter)


def report_of(session: Session, wanted: Asked | None = None) -> CharterReport:
    return charter_report(
        session, wanted or asked(), line=line_of(LINE), words=words(), reasons=installed_rules().reasons
    )


def result_of(report: CharterReport, promise: str) -> StandardResult:
    (one,) = (result for result in report.results if result.standard.key == promise)
    return one
