"""Whatever is made and withdrawn in whatever order: at every moment the newest version that holds then counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ivr.editions.installed import install
from ivr.editions.publishing import all_editions, publish, withdraw
from ivr.editions.schedule import in_force, span_around
from ivr.store import Store
from tests.sizes import examples
from tests.store_fixtures.databases import empty
from tests.unit.editions.made import MAKER, MORNING, files, prompt

TEXTS = {"ko/queue.next": "다음 차례입니다.", "ko/queue.please_wait": "기다려 주십시오."}
HOURS = st.integers(min_value=0, max_value=48)
Step = tuple[Literal["make", "withdraw", "wait"], int, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("make"), st.integers(0, 3), HOURS),
        st.tuples(st.just("withdraw"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("wait"), st.just(0), st.integers(1, 24)),
    ),
    max_size=7,
)


@dataclass
class Known:
    """What a clerk with a notebook knows of one version."""

    number: int
    begins: datetime
    ends: datetime | None = None


@dataclass
class Notebook:
    """Versions by place, told apart by hand."""

    now: datetime = MORNING
    places: dict[tuple[str, str], list[Known]] = field(default_factory=dict)
    order: list[tuple[Known, int]] = field(default_factory=list)

    def text_at(self, line: str, key: str, at: datetime) -> str | None:
        """The words that hold: the own ones of the line, then those of all, else None for the file's."""
        for owner in (line, ""):
            held = [
                one.number
                for one in self.places.get((owner, key), [])
                if one.begins <= at and (one.ends is None or at < one.ends)
            ]
            if held:
                return worded(owner, key, max(held))
        return None


def worded(line: str, key: str, version: int) -> str:
    """Another text for each version."""
    return f"{line} {version}. {TEXTS[key]}"


def live(store: Store, book: Notebook, steps: Sequence[Step]) -> None:
    """Do the same in the database and in the notebook."""
    for what, which, hours in steps:
        if what == "wait":
            book.now += timedelta(hours=hours)
        elif what == "make":
            _make(store, book, which, hours)
        elif book.order:
            _withdraw(store, book, which % len(book.order))


def _make(store: Store, book: Notebook, which: int, hours: int) -> None:
    line, key = ("", "kibo")[which % 2], tuple(TEXTS)[which // 2]
    known = book.places.setdefault((line, key), [])
    new = Known(len(known) + 1, book.now + timedelta(hours=hours))
    draft = prompt(key, worded(line, key, new.number), line=line, after=len(known), effective_from=new.begins)
    with store.transaction() as session:
        kept = publish(session, files(), draft, by=MAKER, at=book.now)
    known.append(new)
    book.order.append((new, kept.edition.id))


def _withdraw(store: Store, book: Notebook, which: int) -> None:
    known, edition_id = book.order.pop(which)
    with store.transaction() as session:
        withdraw(session, edition_id, by=MAKER, reason="취소", at=book.now)
    known.ends = book.now


@pytest.mark.timeout(300)
@settings(max_examples=examples(6), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_at_every_moment_the_newest_version_that_holds_counts(engine: Engine, steps: list[Step]) -> None:
    empty(engine)
    store, book = Store(engine), Notebook()
    live(store, book, steps)
    with store.reading() as session:
        editions = all_editions(session)
    changes = {one.effective_from for one in editions} | {one.withdrawn_at for one in editions if one.withdrawn_at}
    base = install(files(), (), MORNING).texts
    for at in {MORNING, book.now, *changes, *(change - timedelta(microseconds=1) for change in changes)}:
        state = install(files(), editions, at)
        for line in ("kibo", "ksure"):
            for key in TEXTS:
                id = key.partition("/")[2]
                expected = book.text_at(line, key, at) or base.say(id).text
                assert " ".join(state.texts.of(line).say(id).text.split()) == " ".join(expected.split())


@settings(max_examples=examples(6), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS, hours=st.integers(-10, 200))
def test_within_its_span_nothing_changes(sqlite_engine: Engine, steps: list[Step], hours: int) -> None:
    empty(sqlite_engine)
    store, at = Store(sqlite_engine), MORNING + timedelta(hours=hours, minutes=30)
    live(store, Notebook(), steps)
    with store.reading() as session:
        editions = all_editions(session)
    since, until = span_around(editions, at)
    within = [moment for moment in (since, until and until - timedelta(microseconds=1)) if moment]
    assert all(in_force(editions, moment) == in_force(editions, at) for moment in within)
