"""Who repairs what customers of a line ring about, how, and by when a partner is expected to have done it."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from ivr.lines.shapes import Shape, Whole, with_ids

Way = Literal["dispatch", "parcel", "shop"]


class RepairPartner(Shape):
    """A firm of repairers (A23): `ways` are those in which it works, `days` within how many days it is to be done."""

    id: str
    name: Annotated[str, Field(min_length=1, max_length=60)]
    ways: Annotated[tuple[Way, ...], Field(min_length=1)] = ("dispatch", "parcel", "shop")
    days: Whole = 7


class RepairRule(Shape):
    """The partners to whom repairs are handed over; without one nothing can be."""

    partners: Annotated[Mapping[str, RepairPartner], BeforeValidator(with_ids)] = {}
