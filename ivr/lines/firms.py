"""Client firms of a shared centre, and the kinds of products that calls are about."""

import datetime
from typing import Annotated

from pydantic import Field

from ivr.lines.shapes import E164, Shape, Text
from ivr.lines.spans import Spans

CODE_DIGITS = 4


class Product(Shape):
    """A kind of product that callers ring about; keys of a menu tell which. `team` is the group that knows it (A3).

    `pronounced` is its name as it is said in a menu.
    """

    id: str
    name: Annotated[str, Field(min_length=1)]
    pronounced: str = ""
    team: str | None = None

    @property
    def spoken_name(self) -> str:
        """The kind's name as it is said; `name` is how it is written."""
        return self.pronounced or self.name


class FirmHours(Shape):
    """Open spans in local time at which a firm is answered for, within the hours of the line."""

    weekdays: Spans
    saturday: Spans = ()
    sunday: Spans = ()
    holidays: Spans = ()


class Firm(Shape):
    """A client firm for which calls are answered (A1): by its own numbers, by its `code`, or by a menu of products.

    `pronounced` is its name as it is said, `greeting` what its customers hear first in place of the line's words for
    any firm. `products` are kinds of the line, whose groups answer; `team` is one group for all of them. Without
    `hours` those of the line hold. From `until` on, a local day, nobody answers for it any more.
    """

    id: str
    name: Annotated[str, Field(min_length=1)]
    pronounced: str = ""
    numbers: tuple[E164, ...] = ()
    code: Annotated[str, Field(pattern=r"^(\d{4})?$")] = ""
    greeting: Text | None = None
    products: tuple[str, ...] = ()
    team: str | None = None
    hours: FirmHours | None = None
    until: datetime.date | None = None

    @property
    def spoken_name(self) -> str:
        """The firm's name as it is said; `name` is how it is written."""
        return self.pronounced or self.name

    @property
    def sole_product(self) -> str:
        """The kind of product that all calls are about; empty where the firm makes several, or none."""
        return self.products[0] if len(self.products) == 1 else ""

    def is_over(self, day: datetime.date) -> bool:
        """Does nobody answer for it any more on that local day?"""
        return self.until is not None and day >= self.until
