"""Calls told second by second, and what figures make of each: every definition by hand, at its edges too."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ivr.calls.record import Outcome
from ivr.calls.rings import Reading
from ivr.calls.rows import OfferPurpose
from ivr.calls.steps import CALLER
from ivr.charters.view import CallView, LaterCall, read_call
from ivr.figures.reading import Row, draw
from ivr.figures.rows import Stage
from tests.http.board import MORNING
from tests.unit.charters.tales import TALK_ENDS_AT, Tale, line_of, moment, talk

KIBO = line_of("kibo")
ASCENTRE = line_of("ascentre")


def arrived(line: str = "kibo") -> Tale:
    return Tale(line_of(line)).tell("arrived", CALLER, 0).tell("menu", CALLER, 4, menu="main")


def call_of(tale: Tale) -> Row:
    return draw(tale.view()).call


def offers_of(tale: Tale) -> list[Row]:
    return list(draw(tale.view()).offers)


def only(tale: Tale) -> Row:
    (offer,) = offers_of(tale)
    return offer


def gives_up(after: float) -> Tale:
    """A caller who waits from second 8 on and hangs up after so many seconds."""
    return arrived().tell("wait", CALLER, 8).event(CALLER, "completed", 8 + after, late=0, said=False)


def answered_after(wait: float) -> Tale:
    """A call whose agent is announced so many seconds after the queue was entered."""
    tale = Tale(KIBO).tell("arrived", CALLER, 0).tell("wait", CALLER, 8)
    offer = tale.offer()
    tale.rings(offer, 1.0, at=8).takes(offer, at=8 + wait).announces(offer, at=9 + wait).joins(offer, at=12 + wait)
    return tale.event(CALLER, "completed", 60 + wait)


@pytest.mark.parametrize(
    ("after", "is_short", "wait_ms"),
    [(0.0, True, 0), (4.999, True, 4999), (5.0, False, 5000), (5.001, False, 5001), (300.0, False, 300_000)],
)
def test_giving_up_in_the_queue_is_short_below_five_seconds(after: float, is_short: bool, wait_ms: int) -> None:
    row = call_of(gives_up(after))
    assert (row["stage"], row["is_short"], row["wait_ms"]) == (Stage.QUEUE, is_short, wait_ms)
    assert (row["outcome"], row["in_time"]) == (Outcome.ABANDONED, False)


@pytest.mark.parametrize(("wait", "in_time"), [(0.0, True), (19.999, True), (20.0, True), (20.001, False)])
def test_the_service_level_takes_twenty_seconds_in(wait: float, in_time: bool) -> None:
    row = call_of(answered_after(wait))
    assert (row["outcome"], row["wait_ms"], row["in_time"]) == (Outcome.ANSWERED, round(wait * 1000), in_time)


def test_leaving_the_menu_is_giving_up_there() -> None:
    row = call_of(arrived().event(CALLER, "completed", 6))
    assert (row["stage"], row["asked_for_agent"], row["wait_ms"]) == (Stage.MENU, False, None)


@pytest.mark.parametrize("digits", ["2", "9"])
def test_a_key_that_only_leads_on_serves_nobody(digits: str) -> None:
    row = call_of(arrived().tell("key", CALLER, 6, menu="main", digits=digits).event(CALLER, "completed", 9))
    assert (row["stage"], row["is_served"]) == (Stage.MENU, False)


def test_who_got_a_text_from_the_menu_has_not_given_up() -> None:
    row = call_of(arrived().tell("key", CALLER, 6, menu="extension", digits="3").event(CALLER, "completed", 9))
    assert (row["stage"], row["is_served"]) == (Stage.NONE, True)


def test_who_leaves_a_wish_to_be_called_back_has_not_given_up() -> None:
    tale = arrived().tell("wait", CALLER, 8).tell("leaving", CALLER, 50).tell("callback-wished", CALLER, 60)
    row = call_of(tale.event(CALLER, "completed", 61))
    assert (row["outcome"], row["stage"], row["asked_for_agent"]) == (Outcome.CALLBACK, Stage.NONE, True)


def test_who_changes_the_mind_about_being_called_back_gave_up_when_leaving_the_queue() -> None:
    tale = arrived().tell("wait", CALLER, 8).tell("leaving", CALLER, 50).event(CALLER, "completed", 55)
    row = call_of(tale)
    assert (row["stage"], row["wait_ms"]) == (Stage.QUEUE, 42_000)


def test_a_line_that_is_closed_is_given_up_by_nobody() -> None:
    row = call_of(Tale(KIBO).tell("arrived", CALLER, 0, closed=True).event(CALLER, "completed", 6))
    assert (row["outcome"], row["stage"], row["is_open"]) == (Outcome.CLOSED, Stage.NONE, False)


def test_a_wish_to_be_called_back_that_was_left_at_night_is_no_call_in_opening_hours() -> None:
    night = Tale(KIBO).tell("arrived", CALLER, 0, closed=True).tell("callback-wished", CALLER, 20)
    row = call_of(night.event(CALLER, "completed", 21))
    assert (row["outcome"], row["is_open"]) == (Outcome.CALLBACK, False)
    assert call_of(arrived().event(CALLER, "completed", 6))["is_open"] is True


def test_a_queue_that_failed_is_no_abandonment() -> None:
    tale = arrived().tell("wait", CALLER, 8).tell("queue-left", CALLER, 9, result="queue-full")
    row = call_of(tale.event(CALLER, "completed", 20))
    assert (row["outcome"], row["stage"]) == (Outcome.FAILED, Stage.NONE)


def test_an_end_that_was_learnt_by_asking_measures_no_wait() -> None:
    tale = arrived().tell("wait", CALLER, 8).event(CALLER, "completed", 53, said=False, asked=True)
    row = call_of(tale)
    assert (row["stage"], row["wait_ms"], row["is_short"]) == (Stage.QUEUE, None, False)


def test_an_end_that_was_held_up_is_measured_by_the_carriers_stamp() -> None:
    tale = arrived().tell("wait", CALLER, 8).event(CALLER, "completed", 20, late=30)
    assert call_of(tale)["wait_ms"] == 12_000


@pytest.mark.parametrize(
    ("seconds", "readings"),
    [
        (2.4, ("met", "met", "met")),
        (5.7, ("met", "met", "met")),
        (5.9, ("indeterminate", "met", "met")),
        (6.4, ("missed", "met", "met")),
        (7.0, ("missed", "indeterminate", "met")),
        (8.0, ("missed", "missed", "met")),
        (9.3, ("missed", "missed", "missed")),
    ],
)
def test_three_readings_are_kept_and_the_line_chooses(seconds: float, readings: tuple[str, str, str]) -> None:
    for chosen, own in zip(("strict", "literal", "customary"), readings, strict=True):
        row = only(talk(line_of("kibo", chosen), seconds))
        assert (row["strict"], row["literal"], row["customary"]) == readings
        assert (row["rings"], row["ring_ms"]) == (own, round(seconds * 1000))


def test_an_agent_who_turns_it_down_has_missed_and_no_time_to_answer() -> None:
    tale = arrived().tell("wait", CALLER, 8)
    offer = tale.offer("rejected", closed=14)
    row = only(tale.rings(offer, 2.0).tell("rejected", offer, 13))
    assert (row["rings"], row["ring_ms"], row["is_talk"]) == (Reading.MISSED, None, False)


def test_a_telephone_that_stopped_because_the_caller_left_in_time_says_nothing_of_the_agent() -> None:
    tale = arrived().tell("wait", CALLER, 8)
    offer = tale.offer("withdrawn", closed=13)
    row = only(tale.rings(offer, None).event(CALLER, "completed", 12.5))
    assert row["rings"] == Reading.NOT_APPLICABLE


def test_an_offer_that_never_rang_is_none_of_the_figures() -> None:
    tale = arrived().tell("wait", CALLER, 8)
    tale.offer("failed", closed=9)
    assert offers_of(tale) == []


def test_a_talk_is_timed_without_its_holds_and_a_hold_that_never_ended_ends_with_it() -> None:
    tale = talk(KIBO)
    for kind, at in (("held", 30), ("held", 31), ("resumed", 35), ("resumed", 36), ("held", 50)):
        tale.tell(kind, CALLER, at, offer="c1-1")
    tale.offers[0].wrapped_at = moment(TALK_ENDS_AT + 30)
    row = only(tale)
    assert (row["talk_ms"], row["hold_ms"], row["wrap_ms"]) == (40_000 - 15_000, 15_000, 30_000)


def test_a_talk_whose_end_was_never_told_has_no_time() -> None:
    row = only(talk(KIBO, until_talk=True))
    assert (row["is_talk"], row["talk_ms"], row["hold_ms"], row["wrap_ms"]) == (True, None, None, None)


@pytest.mark.parametrize(("caller", "agent", "found"), [(4, 5, "met"), (5, 4, "missed")])
def test_who_hung_up_first(caller: int, agent: int, found: str) -> None:
    tale = talk(KIBO, until_talk=True)
    tale.leaves(CALLER, "c1-1", TALK_ENDS_AT, number=caller).leaves("c1-1", "c1-1", TALK_ENDS_AT, number=agent)
    assert only(tale.event(CALLER, "completed", 60).event("c1-1", "completed", 60))["customer_first"] == found


def test_who_hung_up_first_may_not_be_known() -> None:
    assert only(talk(KIBO, until_talk=True))["customer_first"] == Reading.INDETERMINATE


def passed_on(*, by_the_agent_first: bool = True) -> Tale:
    """The first agent passes the caller on at 40, who talks with the second one from 50 to 90."""
    tale = talk(KIBO, until_talk=True).tell("transfer-told", CALLER, 38, **{"from": "c1-1", "out_of": "c1-1"})
    first, other = (4, 5) if by_the_agent_first else (5, 4)
    tale.leaves("c1-1", "c1-1", 40, number=first).leaves(CALLER, "c1-1", 40, number=other)
    second = tale.offer(closed=90.0)
    tale.rings(second, 3.0, at=44).takes(second, at=50).announces(second, at=50).joins(second, at=50)
    tale.leaves(CALLER, second, 90, number=14).leaves(second, second, 90, number=15)
    return tale.event(CALLER, "completed", 90).event(second, "completed", 90)


def test_a_blind_transfer_is_two_talks_and_nobody_hung_up_the_first() -> None:
    first, second = offers_of(passed_on())
    # The end of the first agent's leg was never told: the caller's leaving of that room ends the talk.
    assert (first["talk_ms"], second["talk_ms"]) == (20_000, 40_000)
    assert (first["customer_first"], second["customer_first"]) == (Reading.NOT_APPLICABLE, Reading.MET)
    assert (first["resolved"], second["resolved"]) == (Reading.MISSED, Reading.NOT_APPLICABLE)
    assert [offer["rings"] for offer in (first, second)] == [Reading.MET, Reading.MET]


def test_a_colleague_who_is_asked_is_in_no_figure_of_rings() -> None:
    tale = passed_on(by_the_agent_first=False)
    tale.offers[1].purpose = OfferPurpose.CONSULT
    asked = offers_of(tale)[1]
    assert {str(asked[name]) for name in ("rings", "strict", "literal", "customary")} == {"not_applicable"}
    assert (asked["ring_ms"], asked["talk_ms"], asked["customer_first"]) == (None, 40_000, Reading.MET)


def test_a_talk_that_we_ended_was_hung_up_by_nobody() -> None:
    tale = talk(KIBO, until_talk=True).tell("ended-for-cause", CALLER, 55, out_of="c1-1", ends=True)
    tale.leaves(CALLER, "c1-1", 55, number=4).leaves("c1-1", "c1-1", 56, number=5)
    row = only(tale.event(CALLER, "completed", 60).event("c1-1", "completed", 56))
    assert (row["customer_first"], row["talk_ms"]) == (Reading.NOT_APPLICABLE, 35_000)


def test_a_caller_who_came_back_into_the_room_talked_until_the_last_leaving() -> None:
    tale = talk(KIBO, until_talk=True).leaves(CALLER, "c1-1", 30, number=4).leaves(CALLER, "c1-1", 50, number=6)
    assert only(tale.event(CALLER, "completed", 60))["talk_ms"] == 30_000


def later_call(days: float, team: str | None = "guide") -> LaterCall:
    return LaterCall("c2", MORNING + timedelta(days=days), team)


@pytest.mark.parametrize(
    ("known", "later", "found"),
    [
        (True, [], "met"),
        (True, [later_call(0.5)], "missed"),
        (True, [later_call(7)], "missed"),
        (True, [later_call(7.01)], "met"),
        (True, [later_call(1, "guarantee")], "met"),
        (True, [later_call(1, None)], "indeterminate"),
        (False, [], "indeterminate"),
    ],
)
def test_one_call_settles_it_unless_the_same_number_asks_the_same_team_again_within_seven_days(
    known: bool, later: list[LaterCall], found: str
) -> None:
    tale = talk(KIBO)
    tale.caller_known, tale.later = known, later
    assert only(tale)["resolved"] == found


def test_a_second_agent_means_it_was_not_settled_at_once_and_it_counts_for_the_first() -> None:
    tale = talk(KIBO)
    second = tale.offer()
    tale.rings(second, 2.0, at=70).takes(second, at=80).announces(second, at=80).joins(second, at=80)
    assert [row["resolved"] for row in offers_of(tale)] == [Reading.MISSED, Reading.NOT_APPLICABLE]


@pytest.mark.parametrize(
    ("ticks", "found"), [([], "not_applicable"), (["resolved"], "met"), (["resolved", "unresolved"], "missed")]
)
def test_what_the_agent_marks_stands_apart(ticks: list[str], found: str) -> None:
    tale = talk(KIBO)
    for at, part in enumerate(ticks, 61):
        tale.tell("ticked", "c1-1", at, parts=part, said=True, by="kibo-1")
    assert only(tale)["marked"] == found


def test_the_last_product_key_and_the_firm_of_the_call_say_product_and_firm() -> None:
    tale = Tale(ASCENTRE, wanted=("digital", "repair")).tell("arrived", CALLER, 0)
    tale.tell("key", CALLER, 5, menu="products", digits="1", product="appliances")
    tale.tell("key", CALLER, 9, menu="appliances", digits="#")
    tale.tell("key", CALLER, 12, menu="products", digits="2", product="digital").event(CALLER, "completed", 20)
    row = draw(_of_firm(tale, firm="haon")).call
    assert (row["product"], row["firm"], row["team"]) == ("digital", "haon", "digital")
    assert draw(_of_firm(tale)).call["firm"] == ""


def test_a_call_that_was_kept_before_calls_told_their_firm_is_of_the_number_that_was_dialled() -> None:
    old = Tale(ASCENTRE).tell("arrived", CALLER, 0)
    assert draw(_of_firm(old, dialled="+827010000044")).call["firm"] == "nuri"
    assert draw(_of_firm(old, dialled="+827010000041")).call["firm"] == ""
    over = Tale(ASCENTRE).tell("arrived", CALLER, 0, firm="")
    assert draw(_of_firm(over, dialled="+827010000044")).call["firm"] == ""


def test_the_only_product_of_a_firm_is_told_with_it_and_a_later_key_says_better() -> None:
    tale = Tale(ASCENTRE).tell("arrived", CALLER, 0, firm="").tell("firm", CALLER, 6, firm="daon", product="car")
    assert draw(_of_firm(tale, firm="daon")).call["product"] == "car"
    tale.tell("key", CALLER, 9, menu="ask.chambit.repair", digits="1", product="medical")
    assert draw(_of_firm(tale, firm="daon")).call["product"] == "medical"
    tale.tell("firm", CALLER, 12, firm="haon")
    assert draw(_of_firm(tale, firm="haon")).call["product"] == "", "the product of a firm that was not meant"


def _of_firm(tale: Tale, *, firm: str = "", dialled: str = "") -> CallView:
    return read_call(replace(tale.recorded(), firm=firm, dialled=dialled), ASCENTRE)


@pytest.mark.parametrize(
    ("at", "day", "hour"),
    [
        (datetime(2026, 11, 22, 14, 59, 59, 999_000, tzinfo=UTC), "2026-11-22", 23),
        (datetime(2026, 11, 22, 15, 0, tzinfo=UTC), "2026-11-23", 0),
        (datetime(2026, 12, 31, 14, 59, 59, tzinfo=UTC), "2026-12-31", 23),
    ],
)
def test_day_and_hour_are_those_of_the_arrival_in_seoul(at: datetime, day: str, hour: int) -> None:
    row = draw(replace(talk(KIBO).view(), arrived_at=at)).call
    assert (str(row["day"]), row["hour"]) == (day, hour)


def test_the_order_of_facts_makes_no_difference() -> None:
    tale = talk(KIBO)
    before = draw(tale.view())
    tale.facts.reverse()
    tale.facts += tale.facts[:3]
    assert draw(tale.view()) == before
