"""What happens on the carrier's side: away, storms of refusals and lost answers, slowness, one line flooded."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select

from carrier.options import Faults
from config.clock import system_clock
from ivr.campaigns.rows import Dial, DialOutcome
from tests.faults.judge import waits
from tests.faults.running import OTHER_LINE, RATE, Figures, Run

AWAY_SECONDS, STORM_SECONDS, SLOW_SECONDS, FLOOD_SECONDS = 60.0, 120.0, 60.0, 60.0
STORM = Faults(rest_429=0.3, rest_error_before=0.1, rest_error_after=0.1)
LOST = 0.1
# Just below what our client waits, so that every order is taken and costs its thread all that time.
SLOW_ANSWER_SECONDS = 9.5
FLOOD = 10


def carrier(run: Run) -> Figures:
    """The REST API refuses connections; then answers so badly that many an order is in doubt."""
    figures: Figures = {}
    exchange = run.house.exchange
    with run.watched(figures, f"away for {AWAY_SECONDS * run.scale:g} s"):
        began = system_clock()
        exchange.rest.shut()
        run.rest(AWAY_SECONDS)
        figures["dials tried while away"] = _dials(run, began)
        exchange.rest.open()
    run.catch_up(figures, "being away")
    with run.watched(figures, f"storm of {STORM_SECONDS * run.scale:g} s"):
        began = system_clock()
        _faults(run, STORM)
        exchange.weather.lost = LOST
        run.rest(STORM_SECONDS)
        exchange.weather.lost = 0.0
        _faults(run, Faults())
        figures["dials tried in the storm"] = _dials(run, began)
        figures["dials in doubt or refused"] = _dials(run, began, DialOutcome.NOT_PLACED)
    run.catch_up(figures, "the storm")
    return figures


def slow(run: Run) -> Figures:
    """Every order takes the carrier seconds; then ten times the callers on one line, while another is looked at."""
    figures: Figures = {}
    with run.watched(figures, f"{SLOW_ANSWER_SECONDS:g} s for each order"):
        run.house.exchange.weather.before = SLOW_ANSWER_SECONDS
        run.rest(SLOW_SECONDS)
        run.house.exchange.weather.before = 0.0
    run.catch_up(figures, "slow orders")
    figures["the other line before"] = _other_line(run, FLOOD_SECONDS)
    with run.crowd.ringing(RATE * (FLOOD - 1)):
        figures["the other line in the flood"] = _other_line(run, FLOOD_SECONDS)
    run.catch_up(figures, "the flood")
    return figures


def _other_line(run: Run, seconds: float) -> object:
    began = system_clock()
    run.rest(seconds)
    return waits(run.house.exchange.carrier.asked, lambda one: one.at >= began and one.line == OTHER_LINE)


def _faults(run: Run, faults: Faults) -> None:
    with run.house.exchange.carrier.gate.entered() as network:
        network.faults = replace(faults)


def _dials(run: Run, since: datetime, outcome: DialOutcome | None = None) -> int:
    query = select(func.count()).where(Dial.dialled_at >= since)
    with run.house.opened.store.reading() as session:
        return session.scalar(query if outcome is None else query.where(Dial.outcome == outcome)) or 0
