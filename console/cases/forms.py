"""The forms of what is done about a case."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from console.forms import Versioned
from ivr.cases.lateness import REASONS
from ivr.cases.rating import FEWEST, MOST
from ivr.cases.rows import ReplyBy
from ivr.cases.taking import CHANNELS
from ivr.cases.telling import Notice

OneLine = Annotated[str, Field(min_length=2, max_length=300)]
Written = Annotated[str, Field(min_length=2, max_length=700)]


class Given(Versioned):
    """To whom a case is given: an officer, or whoever has this duty and is there."""

    officer: Annotated[str, Field(max_length=40)] = ""
    duty: Annotated[str, Field(max_length=60)] = ""


class Told(Versioned):
    """How the customer was told by hand; None where a text of ours does it."""

    told_by: ReplyBy | None = None


class Directed(Told):
    """The direction that a matter takes, and the day by whose end it is answered."""

    direction: OneLine
    until: date


class Answered(Told):
    """The whole answer."""

    result: Written


class FirstAnswered(Answered):
    """A first answer, and the day by whose end the whole one comes."""

    until: date


class Late(Told):
    """Why it is late, and the new day."""

    reason: Annotated[str, Field(pattern="^(" + "|".join(REASONS) + ")$")]
    until: date


class Entered(Versioned):
    """What the customer was told by letter, in person or by telephone, and when (local; None: now)."""

    what: Notice
    way: ReplyBy
    on: datetime | None = None


class Asked(Versioned):
    """What is asked of the customer."""

    what: OneLine


class Later(Versioned):
    """The later day that the customer asked for."""

    until: date


class Rated(Versioned):
    """The customer's points; a correction of earlier ones needs its reason."""

    points: Annotated[int, Field(ge=FEWEST, le=MOST)]
    way: ReplyBy
    why: Annotated[str, Field(max_length=200)] = ""


class Objected(Versioned):
    """What the customer is not content with."""

    content: Annotated[str, Field(min_length=2, max_length=10_000)]
    channel: Annotated[str, Field(pattern="^(" + "|".join(CHANNELS) + ")$")]
