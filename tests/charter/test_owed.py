"""The table of what is owed: the finding and the reason of every promise that a case names, part on both databases."""

import random

import pytest
from sqlalchemy import Engine, delete, select

from config.files import CHARTERS, read_folder
from ivr.charters.judging_owed import is_about_dials, judge_owed
from ivr.charters.model import Charters
from ivr.charters.reading import load_charters
from ivr.charters.reading_owed import owed_views
from ivr.charters.reasons import load_reasons
from ivr.charters.rows import Verdict
from ivr.charters.verdicts import Rules, verdicts_of
from ivr.charters.verdicts_owed import Matters, judge_matters, line_of
from ivr.charters.view_owed import in_order
from ivr.deadlines import WorkingTime
from ivr.store import Store
from tests.charter.owed_table import OwedCase, owed_cases, write
from tests.http.board import words
from tests.sizes import a_part

INSTITUTIONS = ("kibo", "dcgf", "kotra", "ksure", "ascentre")
OWED = {"callback", "document", "case"}


# What is read of a matter is read by the same statements for every case of its kind: the second database has a part.
ON_A_STORE = [
    *(("sqlite", case) for case in owed_cases()),
    *(("postgresql", case) for case in a_part(owed_cases(), every=4)),
]


def _named(value: object) -> str:
    return value.id if isinstance(value, OwedCase) else str(value)


@pytest.fixture(scope="module")
def rules() -> Rules:
    reasons = load_reasons(read_folder(CHARTERS / "reasons")["ko.toml"])
    return Rules(load_charters(read_folder(CHARTERS)), reasons)


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def time_of(case: OwedCase) -> WorkingTime:
    return WorkingTime(case.own_line, words()[2])


@pytest.mark.parametrize(("engine", "case"), ON_A_STORE, ids=_named, indirect=["engine"])
def test_a_case_of_the_table_is_found_as_it_says(store: Store, rules: Rules, case: OwedCase) -> None:
    charter, dice = rules.charters.of(case.line), random.Random(case.id)
    with store.transaction() as session:
        id = write(session, case)
        (view,) = owed_views(session, case.scope, [id], time=time_of(case))
        judged = {one.standard.key: one.judgement for one in judge_owed(charter, 1, view)}
        found = {key: f"{one.finding.value} {one.reason.id}" for key, one in judged.items()}
        assert {key: found.get(key) for key in case.verdicts} == case.verdicts
        told = list(view.facts) * 2
        dice.shuffle(told)
        again = type(view)(**{**{name: getattr(view, name) for name in _names(view)}, "facts": in_order(told)})
        assert {one.standard.key: one.judgement for one in judge_owed(charter, 1, again)} == judged


def _names(view: object) -> list[str]:
    return list(type(view).__dataclass_fields__)  # type: ignore[attr-defined]


def test_verdicts_are_thrown_away_and_found_again(store: Store, rules: Rules) -> None:
    case = next(case for case in owed_cases() if case.id == "callbacks/slipped-after-a-notice")
    with store.transaction() as session:
        id = write(session, case)
        matters, time = Matters(case.scope, [id]), time_of(case)
        first = judge_matters(session, matters, time=time, rules=rules).tally
        stored = [_plain(one) for one in verdicts_of(session, id)]
        again = judge_matters(session, matters, time=time, rules=rules).tally
        session.execute(delete(Verdict))
        anew = judge_matters(session, matters, time=time, rules=rules).tally
        session.expire_all()
        assert [_plain(one) for one in verdicts_of(session, id)] == stored
    assert (first.changed, again.changed, anew.changed) == (len(stored), 0, len(stored))
    assert (first.owed, first.calls) == (1, 0)


def _plain(verdict: Verdict) -> tuple[object, ...]:
    assert verdict.call_id is None
    return (verdict.standard_id, verdict.subject, verdict.scope, verdict.verdict, verdict.reason, verdict.measured)


def test_what_is_not_there_has_no_line(store: Store) -> None:
    with store.reading() as session:
        assert line_of(session, "case", "nothing") is None
        assert session.scalars(select(Verdict)).all() == []


def test_the_table_has_sixty_cases_and_more_and_every_standard_of_these_scopes() -> None:
    charters: Charters = load_charters(read_folder(CHARTERS))
    named = {(case.line, key) for case in owed_cases() for key in case.verdicts}
    wanted = {
        (charter.institution, standard.key)
        for charter in charters
        for standard in charter.all
        if standard.scope in OWED or is_about_dials(standard) or "outbound" in standard.applies.directions
    }
    assert wanted - named == set()
    assert len(owed_cases()) >= 60
    assert {case.line for case in owed_cases()} == set(INSTITUTIONS)
