"""Shares: the same choice for the same message, and points that move step by step."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.files import PROVIDERS, read_file
from ivr.faults import BadData
from ivr.messages.providers import Blame, Providers, load_providers
from ivr.messages.shares import FAILING, RECOVERED, SLOW, Seen, choose, weigh

KNOWN = load_providers(read_file(PROVIDERS))
RULES = KNOWN.rules
FINE = [Seen("nhn", 70, 70), Seen("twilio", 30, 30)]


def step(*seen: Seen) -> dict[str, tuple[int, str]]:
    return {change.name: (change.share, change.reason) for change in weigh(seen, RULES)}


def test_messages_are_given_out_in_the_proportion_of_the_shares() -> None:
    chosen = Counter(choose(f"m{number}", {"nhn": 70, "twilio": 30}, ["nhn", "twilio"]) for number in range(5000))
    assert 0.66 < chosen["nhn"] / 5000 < 0.74


def test_a_message_is_given_to_the_same_provider_however_often_one_asks() -> None:
    assert len({choose("m1", {"nhn": 70, "twilio": 30}, ["twilio", "nhn"]) for _ in range(20)}) == 1


def test_a_provider_that_was_taken_out_gets_nothing_unless_nobody_else_may() -> None:
    shares = {"nhn": 0, "twilio": 30}
    assert {choose(f"m{number}", shares, ["nhn", "twilio"]) for number in range(200)} == {"twilio"}
    assert choose("m1", shares, ["nhn"]) == "nhn"


def test_nothing_moves_while_all_is_well_or_little_was_seen() -> None:
    assert step(*FINE) == {}
    assert step(replace(FINE[0], orders=4, failures=4), FINE[1]) == {}
    assert step(replace(FINE[0], orders=100, failures=25), FINE[1]) == {}


def test_a_failing_or_slow_provider_loses_ten_points_at_a_time() -> None:
    failing = replace(FINE[0], orders=10, failures=3)
    assert step(failing, FINE[1]) == {"nhn": (60, FAILING), "twilio": (40, FAILING)}
    assert step(replace(failing, share=4), FINE[1])["nhn"] == (0, FAILING)
    slow = replace(FINE[0], orders=10, timed=10, slow=4)
    assert step(slow, FINE[1]) == {"nhn": (60, SLOW), "twilio": (40, SLOW)}


def test_nobody_loses_where_all_fail_and_nobody_moves_what_an_operator_set() -> None:
    failing = [replace(one, orders=10, failures=10) for one in FINE]
    assert step(*failing) == {}
    assert step(replace(failing[0], fixed=True), FINE[1]) == {}


def test_a_provider_that_does_no_harm_any_more_regains_step_by_step() -> None:
    assert step(replace(FINE[0], share=0), replace(FINE[1], share=100)) == {
        "nhn": (10, RECOVERED),
        "twilio": (90, RECOVERED),
    }
    assert step(replace(FINE[0], share=65), replace(FINE[1], share=35))["nhn"] == (70, RECOVERED)


@given(
    st.integers(0, 100),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.booleans()), min_size=2, max_size=2),
)
def test_the_parts_always_add_up_to_a_hundred_and_none_is_negative(
    first: int, found: list[tuple[int, int, bool]]
) -> None:
    seen = [
        Seen(one.name, share, one.usual, fixed=fixed, orders=orders, failures=min(orders, failures))
        for one, share, (orders, failures, fixed) in zip(FINE, (first, 100 - first), found, strict=True)
    ]
    shares = {one.name: one.share for one in seen} | {change.name: change.share for change in weigh(seen, RULES)}
    assert sum(shares.values()) == 100
    assert min(shares.values()) >= 0


@pytest.mark.parametrize(
    ("provider", "code", "blame"),
    [
        ("twilio", "21614", Blame.RECIPIENT),
        ("twilio", "30006", Blame.RECIPIENT),
        ("twilio", "21606", Blame.SENDER),
        ("twilio", "30001", Blame.PASSING),
        ("nhn", "-2312", Blame.SENDER),
        ("nhn", "3001", Blame.RECIPIENT),
        ("nhn", "2001", Blame.PASSING),
    ],
)
def test_a_code_blames_the_recipient_us_or_nobody(provider: str, code: str, blame: Blame) -> None:
    assert KNOWN[provider].blame(code) is blame


def test_a_faulty_file_of_providers_is_refused_with_its_place() -> None:
    with pytest.raises(BadData, match=r"providers\.toml: providers\.nhn\.share"):
        load_providers(
            {"providers": {"nhn": {"share": 170, "carries": "cp949", "longest_characters": 1, "reports": 1}}}
        )


def test_only_those_with_access_are_used() -> None:
    assert isinstance(KNOWN.only("twilio"), Providers)
    assert list(KNOWN.only("twilio").providers) == ["twilio"]
    with pytest.raises(BadData, match=r"providers\.other: is missing"):
        KNOWN.only("other")
