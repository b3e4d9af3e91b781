"""What a line says of its surveys: whom it may ask, what they cost, and what is asked when a call is over."""

from typing import Annotated

from pydantic import Field

from ivr.consents.rows import Purpose
from ivr.lines.shapes import Shape

Won = Annotated[int, Field(ge=0, le=1_000_000)]
Calls = Annotated[int, Field(ge=0, le=1_000_000)]


class SurveyRule(Shape):
    """`requires` are consents that every survey but a happy call needs besides those of its kind (A21).

    `price` is what one completed answer costs, in won (A19). A firm has `monthly_calls` survey calls a month (A18); 0
    sets no limit. `end_of_call` is the questionnaire for callers who stay on the line after their talk, `agent_team`
    talks to those who press 0, the line's own team where it is empty.
    """

    requires: tuple[Purpose, ...] = ()
    price: Won = 0
    monthly_calls: Calls = 0
    end_of_call: str = ""
    agent_team: str = ""
