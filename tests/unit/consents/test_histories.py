"""After any history the statement says what the model says, and no rule of it can be left out."""

from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ivr.campaigns.rows import DialOutcome
from ivr.consents import contact
from ivr.consents.rows import Hours, Purpose, SuppressionScope
from ivr.consents.rules import RULES, Rule
from ivr.consents.wishes import Exclusion
from tests.sizes import examples
from tests.unit.consents.world import CAMPAIGNS, LINES, NUMBERS, PURPOSES, World, living

line, number = st.sampled_from(LINES), st.sampled_from(NUMBERS)
purpose, campaign = st.sampled_from(PURPOSES), st.sampled_from(CAMPAIGNS)
Step = tuple[str, Sequence[object], Mapping[str, object]]


def step(name: str, *parts: st.SearchStrategy[object], **named: st.SearchStrategy[object]) -> st.SearchStrategy[Step]:
    return st.tuples(st.just(name), st.tuples(*parts), st.fixed_dictionaries(named))


LENGTHS = st.sampled_from(
    [{"microseconds": 1}, {"seconds": 1}, {"hours": 9}, {"days": 1}, {"days": 30}, {"days": 31}, {"days": 364}]
)
STEPS = st.one_of(
    step("agree", line, number, purpose, hours=st.sampled_from(Hours), days=st.sampled_from([0, 1, 40, 729, 730, 731])),
    step("agree", line, number, purpose, by_list=st.booleans(), days=st.sampled_from([0, 1, 40])),
    step("take_back", line, number, st.sampled_from([None, (Purpose.HAPPY_CALL,), PURPOSES])),
    step("forget", line, number),
    step("ban", st.sampled_from(SuppressionScope), line, number, campaign),
    step("lift_bans", number),
    step("refuse_texts", line, number),
    step("allow_texts", line, number),
    step("read_register", st.sampled_from([NUMBERS[:1], NUMBERS[1:2]]), st.sampled_from([0, 10, 31])),
    step("dial", line, number, campaign, outcome=st.sampled_from([DialOutcome.BUSY, DialOutcome.NOT_PLACED])),
    step("dial", line, number, campaign),
    LENGTHS.map(lambda length: ("pass_time", (), dict(length))),
)
# Everything allowed at the beginning, so that each step after it can matter.
FIRST: Sequence[Step] = [
    ("read_register", (NUMBERS[1:2], 0), {}),
    *(("agree", (line, NUMBERS[0], purpose), {}) for line in LINES for purpose in PURPOSES),
    ("agree", ("kibo", NUMBERS[1], Purpose.HAPPY_CALL), {}),
    ("agree", ("kibo", NUMBERS[0], Purpose.HAPPY_CALL), {"hours": Hours.NIGHT}),
]


def live(world: World, steps: Sequence[Step]) -> None:
    for name, parts, named in steps:
        getattr(world, name)(*parts, **named)


def check(engine: Engine, steps: Sequence[Step]) -> None:
    def history(world: World) -> None:
        live(world, FIRST)
        for taken in steps:
            live(world, [taken])
            assert world.differs() is None, steps
            assert world.standings_agree(), steps

    living(engine, history)


# Without shrinking: a history of eight steps is read as it is.
@settings(
    max_examples=examples(25), phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(STEPS, min_size=1, max_size=8))
def test_the_statement_and_the_model_agree_after_any_history(engine: Engine, steps: list[Step]) -> None:
    check(engine, steps)


KIBO = ("kibo", NUMBERS[0])


def test_a_consent_for_the_night_that_has_run_out_is_none(engine: Engine) -> None:
    night = ("agree", (*KIBO, Purpose.TELESALES), {"hours": Hours.NIGHT, "days": 729})
    check(engine, [night, ("pass_time", (), {"days": 31})])


# For each reason a history in which that reason alone speaks against a question, which all others allow.
ONLY: dict[Exclusion, Callable[[World], None]] = {
    Exclusion.UNKNOWN_PERSON: lambda world: None,
    Exclusion.ERASED: lambda world: world.forget(*KIBO),
    Exclusion.NOT_CALLABLE: lambda world: world.agree("kibo", NUMBERS[2], Purpose.HAPPY_CALL),
    Exclusion.SUPPRESSED: lambda world: world.ban(SuppressionScope.EVERYBODY, *KIBO, 7),
    Exclusion.SUPPRESSED_HERE: lambda world: world.ban(SuppressionScope.INSTITUTION, *KIBO, 7),
    Exclusion.SUPPRESSED_CAMPAIGN: lambda world: world.ban(SuppressionScope.CAMPAIGN, *KIBO, 7),
    Exclusion.OPTED_OUT: lambda world: world.refuse_texts(*KIBO),
    Exclusion.NO_CONSENT: lambda world: world.agree("kibo", "010-1000-0003", Purpose.TELESALES),
    Exclusion.WITHDRAWN: lambda world: world.take_back(*KIBO, (Purpose.HAPPY_CALL,)),
    Exclusion.EXPIRED: lambda world: world.pass_time(days=730),
    Exclusion.UNPROVEN: lambda world: world.pass_time(days=-1),
    Exclusion.NO_NIGHT_CONSENT: lambda world: world.agree("kibo", "010-1000-0003", Purpose.HAPPY_CALL),
    Exclusion.ON_REGISTER: lambda world: world.agree("kibo", NUMBERS[1], Purpose.TELESALES),
    Exclusion.REGISTER_STALE: lambda world: world.pass_time(days=32),
    Exclusion.LIFE_LIMIT: lambda world: _dial(world, 3, apart=200),
    Exclusion.ACROSS_LIMIT: lambda world: _dial(world, 4, apart=5, campaign=8),
    Exclusion.ROLLING_LIMIT: lambda world: _dial(world, 1, apart=0, line="dcgf"),
    Exclusion.DAY_LIMIT: lambda world: _dial(world, 1, apart=0, campaign=8),
}


def _dial(world: World, times: int, *, apart: int, campaign: int = 7, line: str = "kibo") -> None:
    for _ in range(times):
        world.dial(line, NUMBERS[0], campaign)
        world.pass_time(days=apart)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.why.value)
def test_no_rule_can_be_left_out(sqlite_engine: Engine, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same history with this one rule missing: the model must notice."""

    def history(world: World) -> None:
        live(world, FIRST)
        ONLY[rule.why](world)
        assert world.differs() is None
        without = tuple(other for other in RULES if other is not rule)
        monkeypatch.setattr(contact, "RULES", without)
        contact._query.cache_clear()
        assert world.differs() is not None

    try:
        living(sqlite_engine, history)
    finally:
        contact._query.cache_clear()


def test_every_reason_has_one_rule() -> None:
    assert [rule.why for rule in RULES] == list(Exclusion)
