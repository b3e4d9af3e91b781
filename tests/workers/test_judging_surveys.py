"""A campaign's dial is judged once it is over, where the charter promises something of it; and the same again."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import Result
from sqlalchemy import Engine, delete, select, update

from ivr.calls.facts import Told, tell
from ivr.campaigns.rows import Dial, DialOutcome, DialState
from ivr.charters.reading_owed import owed_views
from ivr.charters.rows import Verdict
from ivr.charters.verdicts import verdicts_of
from ivr.deadlines import WorkingTime
from ivr.promises import Promise, PromiseRow, promise_all
from ivr.reports.counts import Counts
from ivr.reports.matters import CAME_AT, with_matters
from ivr.reports.opening import opened
from ivr.store import Store
from ivr.surveys.rows import Disposition, Interview
from tests.charter.owed_table import ID, OwedCase, owed_cases, write
from tests.http.board import words
from tests.unit.reports.quarter import words as report_words
from tests.workers.kept import Works

SECOND = timedelta(seconds=1)


@pytest.fixture
def works(engine: Engine) -> Works:
    return Works.over(engine)


def ringing(works: Works, id: str, *, line: str = "ascentre") -> OwedCase:
    """A case of the table whose dial has not ended yet."""
    case = next(case for case in owed_cases() if case.id == id)
    works.clock.at = case.came_at + SECOND
    with works.store.transaction() as session:
        write(session, case)
        still = {"state": DialState.PLACED, "ended_at": None, "outcome": None, "line": line}
        session.execute(update(Dial).where(Dial.id == ID).values(**still))
    return case


def ends(works: Works, about: str = "ended") -> None:
    """The end of its leg is told."""
    at = works.clock.at
    with works.store.transaction() as session:
        for kind, detail in (("leg-document", {}), ("survey-begun", {}), ("leg-ended", {"status": "completed"})):
            told = Told(ID, f"person:{kind}", kind, "person", at, sid="CA1", detail=detail)
            tell(session.connection(), told)
        promise_all(session, [Promise("follow-dial", f"follow-dial:{ID}:{about}", at, {"dial": ID})])
    works.work()


def findings(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return {one.key: one.verdict.value for one in verdicts_of(session, ID)}


def reason(store: Store, promise: str) -> str:
    with store.reading() as session:
        return next(one.reason for one in verdicts_of(session, ID) if one.key == promise)


def proofs(store: Store, promise: str) -> list[str]:
    """On what a verdict rests, as a report tells it."""
    with store.reading() as session:
        (one,) = (one for one in verdicts_of(session, ID) if one.key == promise)
        days = {one.day: Counts(met=1)}
        (shown,) = opened(
            session, Verdict.standard_id == one.standard_id, days, finding=one.verdict, words=report_words()
        )
        return [proof.words for proof in shown.proofs]


def test_a_dial_is_judged_when_it_is_over_and_again_when_more_is_answered(works: Works) -> None:
    case = ringing(works, "surveys/broken-off")
    assert findings(works.store) == {}
    ends(works)
    found = findings(works.store)
    assert found == {**dict.fromkeys(("A17", "A18", "A19", "A20", "A21"), "met"), "A22": "not_applicable"}
    with works.store.reading() as session:
        came_at = session.scalars(with_matters(select(CAME_AT).select_from(Verdict)).distinct()).all()
    assert came_at == [case.came_at]
    assert reason(works.store, "A21") == "전화를 건 때에 고객의 마케팅정보 활용 동의가 있었습니다."
    assert proofs(works.store, "A21") == [f"접수 기록 {ID}", "동의 기록 1번"]
    assert reason(works.store, "A19") == "응답을 마치지 않은 설문이어서 청구하지 않았습니다."
    works.clock.pass_time(60)
    with works.store.transaction() as session:
        session.execute(update(Interview).values(disposition=Disposition.COMPLETED))
    ends(works, "form")
    assert findings(works.store) == found
    assert reason(works.store, "A19") == "응답을 마친 설문이어서 청구했습니다."


def test_where_the_charter_promises_nothing_of_dials_none_is_judged(works: Works) -> None:
    ringing(works, "surveys/proper", line="dcgf")
    ends(works)
    with works.store.reading() as session:
        assert session.scalars(select(PromiseRow.key).where(PromiseRow.kind == "judge-owed")).all() == []
        assert session.get_one(Dial, ID).ended_at is not None
    assert findings(works.store) == {}


def test_a_dial_that_is_open_or_never_rang_is_not_judged(works: Works) -> None:
    case = ringing(works, "surveys/proper")
    time = WorkingTime(case.own_line, words()[2])
    with works.store.transaction() as session:
        assert owed_views(session, "survey", [ID], time=time) == []
        session.execute(update(Dial).values(ended_at=works.clock.at, outcome=DialOutcome.NOT_PLACED))
        assert owed_views(session, "survey", [ID], time=time) == []


def test_the_command_judges_one_dial_or_all_and_finds_the_same(
    works: Works, command_line: Callable[..., Result], installed: None
) -> None:
    ringing(works, "surveys/complete-and-not-billed")
    ends(works)
    before = findings(works.store)
    assert before["A19"] == "missed"
    with works.store.transaction() as session:
        session.execute(delete(Verdict))
    one = json.loads(command_line("judge", "--survey", ID, "--json").stdout)
    every = json.loads(command_line("judge", "--all", "--json").stdout)
    assert one == {"judged": 6, "changed": 6, "calls": 0, "owed": 1}
    assert every == {**one, "changed": 0}
    assert findings(works.store) == before
    strange = command_line("judge", "--survey", "nothing")
    assert (strange.exit_code, "there is no survey nothing" in strange.stderr) == (1, True)
