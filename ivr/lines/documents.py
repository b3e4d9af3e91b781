"""What a line says of papers that it receives: who is in charge, their names, how long missing ones may take."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from ivr.charters.limits import Limit, Within
from ivr.lines.shapes import Shape, Whole

Name = Annotated[str, Field(min_length=1, max_length=40)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]


def _in_days(limit: Limit) -> Limit:
    if limit.unit != "days" or limit.amount < 1:
        raise ValueError('must be written in days, like "7 days"')
    return limit


class DocumentRule(Shape):
    """`team` is in charge, the line's own where none is given (D2). `kinds` and `papers` are what systems may name by
    code and what customers read. Missing papers may take `missing_within` business days where no time is given, and an
    event older than `oldest_days` is not taken any more.
    """

    team: str | None = None
    missing_within: Annotated[Within, AfterValidator(_in_days)] = Limit(7, "days")
    oldest_days: Whole = 30
    kinds: Mapping[Code, Name] = {}
    papers: Mapping[Code, Name] = {}
