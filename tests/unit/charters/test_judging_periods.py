"""T11 and A4: a survey held often enough in each calendar period, a share that got better; and the same from rows."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event

from ivr.calls.record import Outcome
from ivr.charters.judges.judgement import Judgement
from ivr.charters.measures import NamedMeasure
from ivr.charters.measures.periods import ShareImproved, SurveyHeld
from ivr.charters.model import Standard
from ivr.charters.periods import HeldSurvey, Part, PeriodView, Span, judge_period, periods_of
from ivr.charters.reading_periods import last_day_on_record, period_view
from ivr.courtesy.rows import CourtesyRound, RoundState
from ivr.figures.asking import Period, figures_of
from ivr.store import Store
from tests.http.board import MORNING
from tests.unit.charters.tales import charters, reasons
from tests.unit.figures.rows_by_hand import Row, call, write

MET, MISSED, UNSURE, MOOT = "met", "missed", "indeterminate", "not_applicable"
Q3, Q4 = Span(date(2026, 7, 1), date(2026, 9, 30)), Span(date(2026, 10, 1), date(2026, 12, 31))
YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))
LATER, LONG_AGO = date(2027, 1, 4), date(2025, 3, 3)
MAY, OCTOBER, DECEMBER = date(2026, 5, 29), date(2026, 10, 1), date(2026, 12, 31)
T11 = SurveyHeld(name="survey_held", survey="courtesy", times=1, every="year")
A4 = ShareImproved(name="share_improved", share="answered")


def standard_of(measure: NamedMeasure | None) -> Standard:
    words = {"institution": "kotra", "promise": "T11", "title": "조사", "clause": "조사", "quote": "조사"}
    return Standard.model_validate({**words, "scope": "period", "measure": measure})


def surveyed(
    *days: date,
    span: Span = Q4,
    today: date | None = LATER,
    since: date | None = LONG_AGO,
    held_by: str = "own_staff",
    **asked: object,
) -> Judgement:
    """The finding on rounds that end on these days."""
    rounds = tuple(HeldSurvey(f"round-{day}", day, held_by) for day in days)
    view = PeriodView(span.first, span.last, today, since, rounds)
    return judge_period(standard_of(T11.model_copy(update=asked)), view)


def compared(
    now: tuple[int, int],
    before: tuple[int, int],
    *,
    span: Span = Q4,
    today: date | None = LATER,
    since: date | None = LONG_AGO,
) -> Judgement:
    """The finding on so many answered of so many asked, in these days and in those before."""
    view = PeriodView(span.first, span.last, today, since, answered=Part(*now), answered_before=Part(*before))
    return judge_period(standard_of(A4), view)


FEBRUARY = Span(date(2026, 2, 5), date(2026, 2, 10))
MONTHS_OF_Q4 = (date(2026, 10, 31), date(2026, 11, 1), date(2026, 12, 31))
SURVEYS = [
    # A year, seen from its last quarter, from an earlier one, and as a whole.
    (surveyed(MAY), MET, "survey_met"),
    (surveyed(MAY, span=Q3), MET, "survey_met"),
    (surveyed(OCTOBER, span=YEAR), MET, "survey_met"),
    (surveyed(), MISSED, "survey_missed"),
    (surveyed(span=Q3), MISSED, "survey_missed"),
    # A round belongs to the year in which its days end.
    (surveyed(date(2025, 12, 31)), MISSED, "survey_missed"),
    (surveyed(date(2027, 1, 1)), MISSED, "survey_missed"),
    (surveyed(YEAR.first), MET, "survey_met"),
    (surveyed(YEAR.last), MET, "survey_met"),
    # Two a year.
    (surveyed(MAY, times=2), MISSED, "survey_missed"),
    (surveyed(MAY, OCTOBER, times=2), MET, "survey_met"),
    (surveyed(MAY, OCTOBER, DECEMBER, times=2), MET, "survey_met"),
    # By whom.
    (surveyed(MAY, by="outside_agency"), MISSED, "survey_missed"),
    (surveyed(MAY, by="own_staff"), MET, "survey_met"),
    (surveyed(MAY, by="own_staff", held_by="outside_agency"), MISSED, "survey_missed"),
    (surveyed(MAY, by="outside_agency", held_by="outside_agency"), MET, "survey_met"),
    (surveyed(MAY, by="outside_agency", today=MAY), UNSURE, "survey_running"),
    # A running period can be kept already, but not yet missed; its last day is part of it.
    (surveyed(today=date(2026, 11, 22)), UNSURE, "survey_running"),
    (surveyed(today=YEAR.last), UNSURE, "survey_running"),
    (surveyed(today=YEAR.last + timedelta(days=1)), MISSED, "survey_missed"),
    (surveyed(today=None, since=None), UNSURE, "survey_running"),
    (surveyed(MAY, today=MAY), MET, "survey_met"),
    (surveyed(span=Q3, today=OCTOBER), UNSURE, "survey_running"),
    # Nothing can be said of days before the record begins.
    (surveyed(since=YEAR.first + timedelta(days=1)), UNSURE, "survey_unrecorded"),
    (surveyed(since=YEAR.first), MISSED, "survey_missed"),
    (surveyed(MAY, since=date(2026, 4, 1)), MET, "survey_met"),
    # Every month of a quarter; the quarter and the half year that end with it or contain it.
    (surveyed(*MONTHS_OF_Q4, every="month"), MET, "survey_met_each"),
    (surveyed(*MONTHS_OF_Q4[:2], every="month"), MISSED, "survey_missed"),
    (surveyed(*MONTHS_OF_Q4[:2], every="month", today=DECEMBER), UNSURE, "survey_running"),
    (surveyed(*MONTHS_OF_Q4[1:], every="month", today=DECEMBER), MISSED, "survey_missed"),
    (surveyed(MAY, every="quarter"), MISSED, "survey_missed"),
    (surveyed(OCTOBER, every="quarter"), MET, "survey_met"),
    (surveyed(Q3.first, every="half_year"), MET, "survey_met"),
    (surveyed(MAY, every="half_year"), MISSED, "survey_missed"),
    (surveyed(date(2026, 2, 28), every="month", span=FEBRUARY), MET, "survey_met"),
    (surveyed(date(2026, 3, 1), every="month", span=FEBRUARY), MISSED, "survey_missed"),
]
SHARES = [
    (compared((91, 100), (90, 100)), MET, "share_met"),
    (compared((89, 100), (90, 100)), MISSED, "share_missed"),
    (compared((90, 100), (90, 100)), MISSED, "share_missed"),
    (compared((0, 9), (0, 5)), MISSED, "share_missed"),
    # Compared as they are, not as they are rounded: both are told as 90.0 %.
    (compared((90_001, 100_000), (90_000, 100_000)), MET, "share_met"),
    # What cannot get better is kept, whatever was before.
    (compared((100, 100), (100, 100)), MET, "share_whole"),
    (compared((100, 100), (0, 0)), MET, "share_whole"),
    (compared((9_999, 10_000), (1, 1)), MISSED, "share_missed"),
    # No record of these days, of those before, or only of a part of those before.
    (compared((0, 0), (90, 100)), UNSURE, "share_empty"),
    (compared((91, 100), (0, 0)), UNSURE, "share_no_earlier"),
    (compared((91, 100), (90, 100), since=Q3.first), MET, "share_met"),
    (compared((91, 100), (9, 10), since=date(2026, 9, 20)), UNSURE, "share_unrecorded"),
    (compared((0, 0), (0, 0), since=None), UNSURE, "share_empty"),
    # Days that still run.
    (compared((91, 100), (90, 100), today=Q4.last), UNSURE, "share_running"),
    (compared((100, 100), (90, 100), today=date(2026, 11, 22)), UNSURE, "share_running"),
    (compared((0, 0), (0, 0), today=None, since=None), UNSURE, "share_running"),
]
CASES = [*SURVEYS, *SHARES]


@pytest.mark.parametrize(("judgement", "finding", "reason"), CASES, ids=range(len(CASES)))
def test_a_period_is_found(judgement: Judgement, finding: str, reason: str) -> None:
    assert (judgement.finding.value, judgement.reason.id) == (finding, f"period.{reason}")
    assert reasons().say(judgement.reason, {}).endswith(".")
    assert judgement.measured is None


def test_evidence_names_the_rounds_that_count_or_the_figure_with_its_days() -> None:
    assert surveyed(OCTOBER, date(2025, 5, 5), MAY).evidence == (f"round-{MAY}", f"round-{OCTOBER}")
    assert surveyed(MAY, by="outside_agency").evidence == ()
    assert surveyed(*MONTHS_OF_Q4, every="month").evidence == tuple(f"round-{day}" for day in MONTHS_OF_Q4)
    own, before = "response_rate/2026-10-01/2026-12-31", "response_rate/2026-07-01/2026-09-30"
    assert compared((91, 100), (90, 100)).evidence == (own, before)
    assert compared((91, 100), (0, 0)).evidence == (own,)


def test_reasons_are_told_with_days_and_numbers() -> None:
    def told(judgement: Judgement) -> str:
        return reasons().say(judgement.reason, {})

    assert told(surveyed()) == "2026-01-01부터 2026-12-31까지 조사를 0번 실시하여 기준인 1번을 채우지 못했습니다."
    assert told(compared((9_999, 10_000), (1, 3_000))) == (
        "응대율이 99.9%(10000건 가운데 9999건)로 2026-07-01부터 2026-09-30까지의 0.1%(3000건 가운데 1건)보다 높습니다."
    )


@pytest.mark.parametrize(
    ("first", "last", "before_first", "before_last"),
    [
        ("2026-10-01", "2026-12-31", "2026-07-01", "2026-09-30"),
        ("2026-01-01", "2026-03-31", "2025-10-01", "2025-12-31"),
        ("2024-03-01", "2024-03-31", "2024-02-01", "2024-02-29"),
        ("2026-01-01", "2026-12-31", "2025-01-01", "2025-12-31"),
        ("2026-11-02", "2026-11-08", "2026-10-26", "2026-11-01"),
        ("2026-11-22", "2026-11-22", "2026-11-21", "2026-11-21"),
        ("2026-11-01", "2026-11-15", "2026-10-17", "2026-10-31"),
    ],
)
def test_the_span_before_is_as_long_in_months_or_in_days(
    first: str, last: str, before_first: str, before_last: str
) -> None:
    span = Span(date.fromisoformat(first), date.fromisoformat(last))
    assert span.before == Span(date.fromisoformat(before_first), date.fromisoformat(before_last))


def test_a_month_that_only_begins_in_the_span_is_left_to_the_next() -> None:
    crossing = Span(date(2026, 10, 15), date(2026, 11, 14))
    assert periods_of(crossing, "month") == (Span(date(2026, 10, 1), date(2026, 10, 31)),)
    assert periods_of(crossing, "quarter") == (Q4,)
    assert periods_of(YEAR, "half_year") == (
        Span(YEAR.first, date(2026, 6, 30)),
        Span(date(2026, 7, 1), YEAR.last),
    )


def test_of_all_delivered_promises_on_periods_these_can_be_told() -> None:
    view = PeriodView(Q4.first, Q4.last, LATER, LONG_AGO)
    whole = [standard for charter in charters() for standard in charter.all if standard.scope == "period"]
    findings = {f"{one.institution}/{one.key}": judge_period(one, view) for one in whole}
    told = {place: one.finding.value for place, one in findings.items() if one.finding.value != MOOT}
    outside = ("kibo/K15", "kotra/T18", "ksure/S11", "dcgf/D14", "ascentre/A4")
    assert told == {"kotra/T11": MISSED, **dict.fromkeys(outside, UNSURE)}
    assert {one.reason.id for one in findings.values() if one.finding.value == MOOT} == {"call.not_kept"}
    assert len(findings) == len(whole)


def test_what_cannot_be_measured_says_so_and_other_scopes_are_refused() -> None:
    silent = standard_of(None).model_copy(update={"scope": None, "measurable": False})
    view = PeriodView(Q4.first, Q4.last, LATER, LONG_AGO)
    found = judge_period(silent, view)
    assert (found.finding.value, found.reason.id) == (MOOT, "not_measurable")
    ringing = next(one for one in charters().of("kibo").all if one.scope == "offer")
    with pytest.raises(ValueError, match="has the scope offer"):
        judge_period(ringing, view)


def kept_round(id: str, last_day: date, *, institution: str = "kotra", state: RoundState) -> CourtesyRound:
    days = {"first_day": last_day - timedelta(days=20), "last_day": last_day}
    drawn = {"size": 6, "seed": 7, "second_share": 50, "held_by": "own_staff", "form": {}, "drawn_by": "lead"}
    published = MORNING if state is RoundState.PUBLISHED else None
    return CourtesyRound(
        id=id, institution=institution, **days, **drawn, drawn_at=MORNING, state=state, published_at=published
    )


def some_days(*days: tuple[str, int, int], line: str = "kotra", number: int = 0) -> list[Row]:
    """Calls of these days: so many answered, of so many that asked for an agent, and one that did not ask."""
    rows: list[Row] = []
    for day, answered, asked in days:
        for place in range(asked + 1):
            outcome = Outcome.ANSWERED if place < answered else Outcome.ABANDONED
            known = {"line": line, "day": date.fromisoformat(day), "outcome": outcome}
            rows.append(call(number + len(rows), **known, asked_for_agent=place < asked))
    return rows


def test_a_view_is_read_in_a_fixed_number_of_queries(engine: Engine) -> None:
    store = Store(engine)
    with store.reading() as session:
        assert last_day_on_record(session, "kotra") is None
        empty = period_view(session, "kotra", first_day=Q4.first, last_day=Q4.last, today=None)
    assert empty == PeriodView(Q4.first, Q4.last, None, None)
    ours = [("2026-06-30", 9, 9), ("2026-07-01", 1, 3), ("2026-09-30", 2, 4)]
    ours += [("2026-10-01", 4, 4), ("2026-12-31", 1, 3), ("2027-01-04", 7, 7)]
    rows = [*some_days(*ours), *some_days(("2026-11-02", 5, 5), line="kibo", number=1000)]
    write(store, [(row, []) for row in rows])
    with store.transaction() as session:
        published = RoundState.PUBLISHED
        session.add_all(kept_round(f"r-{day}", day, state=published) for day in (YEAR.last, MAY, date(2025, 12, 31)))
        session.add(kept_round("r-open", OCTOBER, state=RoundState.OPEN))
        session.add(kept_round("r-cancelled", OCTOBER, state=RoundState.CANCELLED))
        session.add(kept_round("r-kibo", OCTOBER, institution="kibo", state=published))
    asked: list[str] = []

    def count(*told: object) -> None:
        asked.append(str(told[2]))

    event.listen(engine, "before_cursor_execute", count)
    with store.reading() as session:
        today = last_day_on_record(session, "kotra")
        asked.clear()
        view = period_view(session, "kotra", first_day=Q4.first, last_day=Q4.last, today=today)
        queries = [statement for statement in asked if statement.lstrip().startswith("SELECT")]
        share = figures_of(session, ["kotra"], Period(Q4.first, Q4.last)).share("response_rate")
    event.remove(engine, "before_cursor_execute", count)
    assert len(queries) == 5
    assert (view.today, view.record_from) == (LATER, date(2026, 6, 30))
    assert [(one.id, one.last_day) for one in view.courtesy_rounds] == [(f"r-{d}", d) for d in (MAY, YEAR.last)]
    assert (view.answered, view.answered_before) == (Part(5, 7), Part(3, 7))
    assert view.answered.share == share
    assert judge_period(standard_of(T11), view).finding == MET
    assert judge_period(standard_of(A4), view).finding == MET
