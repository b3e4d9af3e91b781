"""What a charter may ask besides what the five ask: limits left out or added, agreed dates of cases, other ways."""

import pytest
from sqlalchemy import Engine

from ivr.charters.judging_owed import judge
from ivr.charters.limits import Limit
from ivr.charters.measures.callbacks import AgreedTimeKept, OfficerTexted
from ivr.charters.measures.cases import AnsweredWithin, HandlerNotified
from ivr.charters.model import Standard
from ivr.charters.reading_owed import owed_views
from ivr.charters.view_owed import OwedView
from ivr.deadlines import WorkingTime
from ivr.store import Store
from tests.charter.owed_table import OwedCase, owed_cases, write
from tests.http.board import words
from tests.unit.charters.tales import charters


def found(engine: Engine, id: str, standard: Standard, **changes: object) -> str:
    """What a standard, changed, finds of a case of the table."""
    case = next(case for case in owed_cases() if case.id == id)
    view = _view(engine, case)
    return judge(standard.model_copy(update=changes), view).reason.id  # type: ignore[arg-type]


def _view(engine: Engine, case: OwedCase) -> OwedView:
    with Store(engine).transaction() as session:
        id = write(session, case)
        (view,) = owed_views(session, case.scope, [id], time=WorkingTime(case.own_line, words()[2]))
    return view


@pytest.mark.parametrize(
    ("id", "reason"),
    [
        ("documents/at-once", "officer_text.met_untimed"),
        ("documents/late", "officer_text.met_untimed"),
        ("documents/lack-untold", "officer_text.met_untimed"),
        ("documents/open", "owed.unfinished"),
    ],
)
def test_an_officer_may_be_told_without_a_limit(sqlite_engine: Engine, id: str, reason: str) -> None:
    measure = OfficerTexted(name="officer_texted", parts=("name", "title"))
    assert found(sqlite_engine, id, charters().standard("dcgf/D2/1"), measure=measure, basis=None) == reason


@pytest.mark.parametrize(
    ("id", "reason"),
    [
        ("cases/ksure-whole", "handler.met"),
        ("cases/ksure-open", "owed.running"),
        ("cases/ksure-no-handler", "handler.missed"),
    ],
)
def test_a_handler_may_be_told_within_a_limit(sqlite_engine: Engine, id: str, reason: str) -> None:
    measure = HandlerNotified(name="handler_notified", within=Limit(1, "hours"))
    changes = {"measure": measure, "basis": "working_hours_8"}
    assert found(sqlite_engine, id, charters().standard("ksure/S4/1"), **changes) == reason


@pytest.mark.parametrize(
    ("id", "reason"),
    [
        ("cases/kotra-directed", "answer.met"),
        ("cases/kotra-direction-broken", "answer.late"),
        ("cases/kotra-directed-open", "owed.running"),
        ("cases/kotra-champion", "answer.no_date"),
    ],
)
def test_the_date_told_of_a_case_may_be_what_is_promised(sqlite_engine: Engine, id: str, reason: str) -> None:
    measure = AgreedTimeKept(name="agreed_time_kept")
    assert found(sqlite_engine, id, charters().standard("kotra/T12/1"), measure=measure, basis=None) == reason


def test_a_promise_about_surveys_of_a_case_is_not_judged_here(sqlite_engine: Engine) -> None:
    measure = charters().standard("kotra/T17.credited/1").measure
    changes = {"measure": measure, "basis": None}
    assert (
        found(sqlite_engine, "cases/kotra-champion", charters().standard("kotra/T12/1"), **changes) == "call.not_kept"
    )


def test_a_limit_without_a_basis_is_refused(sqlite_engine: Engine) -> None:
    measure = AnsweredWithin(name="answered_within", within=Limit(1, "hours"))
    with pytest.raises(ValueError, match="time basis"):
        found(sqlite_engine, "callbacks/in-time", charters().standard("dcgf/D6/1"), measure=measure, basis=None)
