"""How invented people answer a campaign's call: tempers drawn by seed, keys found by walking the questions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import TypeAlias

from carrier.persons import NO_KEY, PersonPlan
from ivr.surveys.flow import (
    AGENT,
    BEGIN,
    LINK,
    REFUSE,
    REPEAT,
    Asked,
    Given,
    Silence,
    Spoken,
    Step,
    Value,
    enter,
    start,
)
from ivr.surveys.model import Question, QuestionKind, Questionnaire
from ivr.surveys.rows import Disposition

ENDS_A_NUMBER = "#"
# On a scale most are satisfied: chances of the worst to the best answer.
SATISFACTION = (1, 2, 5, 10, 12)
# Somebody who never hangs up would hold the telephone for ever.
LONGEST_PATIENCE = 600.0
WALKS = 200


class Temper(StrEnum):
    """What somebody does when a campaign rings."""

    COMPLETES = "completes"
    HEARS_AGAIN = "hears_again"
    DISSATISFIED = "dissatisfied"
    BREAKS_OFF = "breaks_off"
    FALLS_SILENT = "falls_silent"
    LEAVES_AT_ONCE = "leaves_at_once"
    REFUSES_AT_ONCE = "refuses_at_once"
    REFUSES_LATER = "refuses_later"
    WANTS_AGENT = "wants_agent"
    WANTS_LINK = "wants_link"
    NOT_MEANT = "not_meant"
    BUSY = "busy"
    AWAY = "away"
    MACHINE = "machine"


SHARES: Mapping[Temper, int] = {
    Temper.COMPLETES: 50,
    Temper.HEARS_AGAIN: 3,
    Temper.DISSATISFIED: 5,
    Temper.BREAKS_OFF: 6,
    Temper.FALLS_SILENT: 2,
    Temper.LEAVES_AT_ONCE: 4,
    Temper.REFUSES_AT_ONCE: 3,
    Temper.REFUSES_LATER: 3,
    Temper.WANTS_AGENT: 3,
    Temper.WANTS_LINK: 4,
    Temper.NOT_MEANT: 2,
    Temper.BUSY: 5,
    Temper.AWAY: 6,
    Temper.MACHINE: 4,
}


@dataclass(frozen=True, slots=True)
class Way:
    """The keys that lead through a questionnaire, one for each question that waits for keys, and how it ends."""

    keys: tuple[str, ...]
    ends: Disposition


def drawn_temper(dice: Random) -> Temper:
    """Draw what somebody is like."""
    return dice.choices(list(SHARES), list(SHARES.values()))[0]


def person_of(temper: Temper, questionnaire: Questionnaire, dice: Random) -> PersonPlan:
    """How somebody of this temper takes one call in which that questionnaire is asked."""
    return _PEOPLE[temper](questionnaire, dice)


def way_through(questionnaire: Questionnaire, dice: Random, *, wanted: Disposition) -> Way:
    """Answers by chance that come to the wanted end, where a way there is found; any other way where none is."""
    ways = (_walk(questionnaire, dice) for _ in range(WALKS))
    found = next(ways)
    while found.ends is not wanted and (another := next(ways, None)) is not None:
        found = another
    return found


def _walk(questionnaire: Questionnaire, dice: Random) -> Way:
    keys: list[str] = []
    step: Step = start(questionnaire)
    while isinstance(step, Asked):
        question = questionnaire.question(step.position.question)
        given = _answer(question, dice)
        if not isinstance(given, Silence):
            keys.append(_key(question, given))
        step = enter(questionnaire, step.position, given)
    return Way(tuple(keys), step.disposition)


def _key(question: Question, given: Given) -> str:
    """A recording waits for keys as well, and is spoken into without any."""
    if not isinstance(given, Value):
        return NO_KEY
    return f"{given.value}{ENDS_A_NUMBER}" if question.kind is QuestionKind.NUMBER else str(given.value)


def _answer(question: Question, dice: Random) -> Given:
    if question.kind is QuestionKind.STATEMENT:
        return Silence()
    if question.kind is QuestionKind.COMMENT:
        return Spoken()
    if question.kind is QuestionKind.NUMBER:
        return Value(dice.randint(question.least, question.most))
    choices = sorted(question.choices)
    if question.is_scored and len(choices) == len(SATISFACTION):
        return Value(dice.choices(choices, SATISFACTION)[0])
    return Value(dice.choice(choices))


def _answering(dice: Random, *keys: str, hang_up_after: float = LONGEST_PATIENCE) -> PersonPlan:
    return PersonPlan(
        answer_after=dice.uniform(1.5, 12.0),
        press_on_answer=keys[0] if keys else "",
        presses=keys[1:],
        press_after=dice.uniform(0.8, 3.0),
        speak_seconds=dice.uniform(2.0, 9.0),
        hang_up_after=hang_up_after,
        talk_seconds=dice.uniform(10, 60),
    )


def _completing(questionnaire: Questionnaire, dice: Random) -> tuple[str, ...]:
    return way_through(questionnaire, dice, wanted=Disposition.COMPLETED).keys


def _completes(questionnaire: Questionnaire, dice: Random) -> PersonPlan:
    return _answering(dice, BEGIN, *_completing(questionnaire, dice))


def _hears_again(questionnaire: Questionnaire, dice: Random) -> PersonPlan:
    keys = _completing(questionnaire, dice)
    # A number takes its repeat as "*#"; elsewhere one key is enough.
    again = REPEAT + ENDS_A_NUMBER if keys and keys[0].endswith(ENDS_A_NUMBER) else REPEAT
    return _answering(dice, BEGIN, again, *keys)


def _dissatisfied(questionnaire: Questionnaire, dice: Random) -> PersonPlan:
    worst = {str(min(one.choices)) for one in questionnaire.questions if one.is_scored}
    scored = {str(key) for one in questionnaire.questions if one.is_scored for key in one.choices}
    keys = [min(worst) if worst and key in scored else key for key in _completing(questionnaire, dice)]
    return _answering(dice, BEGIN, *keys)


def _breaks_off(questionnaire: Questionnaire, dice: Random) -> PersonPlan:
    keys = _completing(questionnaire, dice)
    plan = _answering(dice, BEGIN, *keys[: dice.randrange(len(keys)) if keys else 0])
    # Opening, then about so long for each answer, and away in the middle of the next question.
    seconds = (plan.answer_after or 0) + 4.0 + (len(plan.presses) + 1) * (plan.press_after + 1.5)
    return replace(plan, hang_up_after=seconds)


def _falls_silent(questionnaire: Questionnaire, dice: Random) -> PersonPlan:
    keys = _completing(questionnaire, dice)
    return _answering(dice, BEGIN, *keys[: max(0, len(keys) - 2)])


def _leaves_at_once(_questionnaire: Questionnaire, dice: Random) -> PersonPlan:
    plan = _answering(dice)
    return replace(plan, hang_up_after=(plan.answer_after or 0) + dice.uniform(1.0, 8.0))


def _refuses_at_once(_questionnaire: Questionnaire, dice: Random) -> PersonPlan:
    return _answering(dice, REFUSE)


def _refuses_later(questionnaire: Questionnaire, dice: Random) -> PersonPlan:
    keys = _completing(questionnaire, dice)
    single = [place for place, key in enumerate(keys) if key.isdigit()] or [0]
    return _answering(dice, BEGIN, *keys[: dice.choice(single)], REFUSE)


def _wants_agent(questionnaire: Questionnaire, dice: Random) -> PersonPlan:
    return _answering(dice, BEGIN, AGENT, hang_up_after=dice.uniform(60, 200))


def _wants_link(_questionnaire: Questionnaire, dice: Random) -> PersonPlan:
    return _answering(dice, LINK)


def _not_meant(questionnaire: Questionnaire, dice: Random) -> PersonPlan:
    return _answering(dice, BEGIN, *way_through(questionnaire, dice, wanted=Disposition.INELIGIBLE).keys)


def _busy(_questionnaire: Questionnaire, dice: Random) -> PersonPlan:
    return PersonPlan(answer_after=None, reject_after=dice.uniform(0.5, 4.0))


def _away(_questionnaire: Questionnaire, _dice: Random) -> PersonPlan:
    return PersonPlan(answer_after=None)


def _machine(_questionnaire: Questionnaire, dice: Random) -> PersonPlan:
    return PersonPlan(answer_after=dice.uniform(6, 15), press_on_answer=NO_KEY, linger=None, hang_up_after=90.0)


_Person: TypeAlias = Callable[[Questionnaire, Random], PersonPlan]
_PEOPLE: Mapping[Temper, _Person] = {
    Temper.COMPLETES: _completes,
    Temper.HEARS_AGAIN: _hears_again,
    Temper.DISSATISFIED: _dissatisfied,
    Temper.BREAKS_OFF: _breaks_off,
    Temper.FALLS_SILENT: _falls_silent,
    Temper.LEAVES_AT_ONCE: _leaves_at_once,
    Temper.REFUSES_AT_ONCE: _refuses_at_once,
    Temper.REFUSES_LATER: _refuses_later,
    Temper.WANTS_AGENT: _wants_agent,
    Temper.WANTS_LINK: _wants_link,
    Temper.NOT_MEANT: _not_meant,
    Temper.BUSY: _busy,
    Temper.AWAY: _away,
    Temper.MACHINE: _machine,
}
