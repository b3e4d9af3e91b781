"""The customers of the demo as scripted people of the local carrier: how each answers a happy call, always the same."""

from collections.abc import Iterator
from contextlib import suppress
from random import Random

from commands.audience_files import opened_table
from commands.campaign_tempers import Temper, person_of
from config.files import DEMO_CUSTOMERS
from ivr.audiences.cleaning import cleaned
from ivr.audiences.columns import Field, Given, columns_of
from ivr.numbers import PhoneNumber
from ivr.surveys.model import Questionnaires

QUESTIONNAIRE = "happy-dcgf"
SEED = 14
# Whoever is busy or away is rung again hours later; a campaign to be watched to its end has nobody of them.
SHARES = {
    Temper.COMPLETES: 80,
    Temper.DISSATISFIED: 6,
    Temper.BREAKS_OFF: 6,
    Temper.HEARS_AGAIN: 4,
    Temper.FALLS_SILENT: 4,
}
# This one of the list presses the key that refuses, and is never rung again.
REFUSING = 9


def demo_people(surveys: Questionnaires) -> list[dict[str, object]]:
    """Number and script of every customer who can be rung, for `PUT /admin/people` of the local carrier."""
    questionnaire = surveys.of(QUESTIONNAIRE)
    dice = Random(SEED)  # noqa: S311 - the demo is the same each time
    people: list[dict[str, object]] = []
    for place, number in enumerate(_numbers(), start=1):
        drawn = dice.choices(list(SHARES), list(SHARES.values()))[0]
        temper = Temper.REFUSES_LATER if place == REFUSING else drawn
        people.append({"number": number, "person": person_of(temper, questionnaire, dice).as_json()})
    return people


def _numbers() -> Iterator[str]:
    """The numbers of the list in its order, each once; what cannot be read is passed over, as the import does."""
    seen: set[str] = set()
    with opened_table(DEMO_CUSTOMERS) as table:
        place = columns_of(table.header, Given()).places[Field.NUMBER]
        for _, cells in table.rows:
            number = _number(cells[place])
            if number is not None and number.may_be_called and number.e164 not in seen:
                seen.add(number.e164)
                yield number.e164


def _number(text: str) -> PhoneNumber | None:
    with suppress(ValueError):
        return cleaned(text)[0]
    return None
