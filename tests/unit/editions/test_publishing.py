"""Making and withdrawing editions over the database: two at once, too late, without a reason."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from ivr.editions.checking import Draft
from ivr.editions.publishing import Published, StaleEdition, TooLate, all_editions, publish, versions_of, withdraw
from ivr.faults import BadData
from ivr.store import Store
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.editions.made import MAKER, MORNING, day, files, prompt, week

AN_HOUR = timedelta(hours=1)


def made(store: Store, draft: Draft, *, at: datetime = MORNING) -> Published:
    with store.transaction() as session:
        return publish(session, files(), draft, by=MAKER, at=at)


def taken_back(store: Store, edition_id: int, *, reason: str = "잘못 적음", at: datetime = MORNING) -> None:
    with store.transaction() as session:
        withdraw(session, edition_id, by="second", reason=reason, at=at)


def test_versions_are_counted_and_keep_who_when_and_why(engine: Engine) -> None:
    store = Store(engine)
    made(store, prompt("ko/queue.next", "곧 연결합니다."))
    second = made(store, prompt("ko/queue.next", "이어서 연결합니다.", after=1)).edition
    with store.reading() as session:
        newest, first = versions_of(session, (second.line, second.kind, second.key))  # type: ignore[arg-type]
    assert (newest.version, newest.content, newest.made_by) == (2, {"text": "이어서 연결합니다."}, MAKER)
    assert (first.version, first.effective_from, first.reason) == (1, MORNING, "안내 개선")


def test_an_edition_made_over_an_older_version_than_the_newest_is_refused(engine: Engine) -> None:
    store = Store(engine)
    made(store, prompt("ko/queue.next", "곧 연결합니다."))
    with pytest.raises(StaleEdition, match="version 1"):
        made(store, prompt("ko/queue.next", "이어서 연결합니다."))


def test_a_withdrawn_version_counts_as_seen_all_the_same(engine: Engine) -> None:
    store = Store(engine)
    taken_back(store, made(store, prompt("ko/queue.next", "곧 연결합니다.")).edition.id)
    with pytest.raises(StaleEdition):
        made(store, prompt("ko/queue.next", "이어서 연결합니다."))
    assert made(store, prompt("ko/queue.next", "이어서 연결합니다.", after=1)).edition.version == 2


def test_of_two_supervisors_at_once_exactly_one_makes_the_version(engine: Engine) -> None:
    store, together, outcomes = Store(engine), threading.Barrier(2), []

    def supervise(text: str) -> None:
        together.wait()
        try:
            made(store, prompt("ko/queue.next", text))
            outcomes.append("made")
        except StaleEdition:
            outcomes.append("stale")

    people = [threading.Thread(target=supervise, args=(text,)) for text in ("곧 연결합니다.", "이어서 연결합니다.")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(outcomes) == ["made", "stale"]
    with store.reading() as session:
        assert [edition.version for edition in all_editions(session)] == [1]


@ON_SQLITE
@pytest.mark.parametrize(
    "draft",
    [
        prompt("ko/queue.next", "곧 연결합니다.", effective_from=MORNING - AN_HOUR),
        week("10:00-17:00", effective_from=MORNING - 24 * AN_HOUR),
    ],
    ids=["text", "hours"],
)
def test_nothing_begins_in_the_past(engine: Engine, draft: Draft) -> None:
    with pytest.raises(TooLate):
        made(Store(engine), draft)


@ON_SQLITE
def test_a_form_filled_in_a_moment_ago_begins_now_and_hours_with_their_day(engine: Engine) -> None:
    store = Store(engine)
    text = made(store, prompt("ko/queue.next", "곧 연결합니다.", effective_from=MORNING - timedelta(minutes=1)))
    hours = made(store, week("10:00-17:00", effective_from=MORNING + 24 * AN_HOUR))
    assert text.edition.effective_from == MORNING
    assert hours.edition.effective_from == datetime(2026, 11, 23, 15, tzinfo=UTC)


@ON_SQLITE
@pytest.mark.parametrize("reason", ["", "  ", "왜" * 201])
def test_a_reason_is_needed_to_make_and_to_withdraw(engine: Engine, reason: str) -> None:
    store = Store(engine)
    with pytest.raises(ValueError, match="reason"):
        made(store, prompt("ko/queue.next", "곧 연결합니다.", reason=reason))
    kept = made(store, prompt("ko/queue.next", "곧 연결합니다.")).edition
    with pytest.raises(ValueError, match="reason"):
        taken_back(store, kept.id, reason=reason)


@ON_SQLITE
def test_a_wrong_edition_is_not_kept(engine: Engine) -> None:
    store = Store(engine)
    with pytest.raises(BadData, match="nobody"):
        made(store, prompt("ko/queue.next", "{nobody}입니다."))
    with store.reading() as session:
        assert all_editions(session) == []


def test_an_edition_is_withdrawn_once(engine: Engine) -> None:
    store = Store(engine)
    kept = made(store, prompt("ko/queue.next", "곧 연결합니다.")).edition
    taken_back(store, kept.id)
    with pytest.raises(StaleEdition):
        taken_back(store, kept.id)
    with store.reading() as session:
        (found,) = all_editions(session)
    assert (found.withdrawn_at, found.withdrawn_by, found.withdrawn_reason) == (MORNING, "second", "잘못 적음")


@ON_SQLITE
def test_a_day_that_is_over_stays_as_it_was(engine: Engine) -> None:
    store = Store(engine)
    kept = made(store, day("2026-11-24")).edition
    with pytest.raises(TooLate):
        taken_back(store, kept.id, at=MORNING + 48 * AN_HOUR)
    with pytest.raises(LookupError):
        taken_back(store, 404)
