"""What a line keeps of the first and the last seconds of a talk, as its file says."""

from typing import Annotated

from pydantic import AfterValidator, Field

from ivr.lines.shapes import Shape

SHORTEST_ALIAS = 2


def _is_name(alias: str) -> str:
    letters = sum(1 for sign in alias if sign.isalpha())
    if letters < SHORTEST_ALIAS:
        raise ValueError(f"is too short to be told from other words: give at least {SHORTEST_ALIAS} letters")
    return alias


class OpeningRule(Shape):
    """The opening is the first `seconds` of a talk, of the agent's channel alone.

    `record` keeps its sound. `closing` lets the last seconds be heard as well, for which the whole talk is listened
    to. `aliases` are short names of the institution, which are understood, but are not what was promised. The sound is
    kept for `keep_days`, longer only as evidence of an incident.
    """

    seconds: Annotated[int, Field(ge=5, le=60)] = 15
    record: bool = True
    closing: bool = False
    keep_days: Annotated[int, Field(ge=1, le=1825)] = 90
    aliases: tuple[Annotated[str, AfterValidator(_is_name)], ...] = ()
