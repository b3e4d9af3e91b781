"""The courtesy form as data: stages, items with the words of every score, weights, and what the record suggests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from ivr.charters.model import Version
from ivr.charters.terms import Count, Words
from ivr.lines.shapes import Shape

Stage = Literal["opening", "handling", "closing"]
"""맞이, 응대, 마무리: how a survey of telephone courtesy divides a call."""

Source = Literal["ring", "announcement", "ended_by"]
TIERS: Mapping[Source, tuple[str, ...]] = {
    "ring": ("strict", "literal", "customary", "late"),
    "announcement": ("complete", "cut", "none"),
    "ended_by": ("customer", "agent"),
}
"""What the record may say, by its source; of ring readings the first one that is met counts."""

Points = Annotated[int, Field(ge=0, le=100)]
Percent = Annotated[int, Field(ge=0, le=100, strict=True)]
ItemId = Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)]
FormId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
COMMON = "form"
"""The form of every institution that has no file of its own."""


class UnknownForm(LookupError):
    """No version of a form is in force on that day; the message says which there are."""


class Suggest(Shape):
    """From which part of the record a score is suggested: the points for each of the tiers of its `source`."""

    source: Source
    points: Mapping[str, Points]


class Item(Shape):
    """One question: `scores` has the words for each of its points, the guide what the rater should go by.

    `not_applicable` says when the item may be left out of a call; empty where it never may.
    """

    id: ItemId
    stage: Stage
    text: Words
    guide: Words
    weight: Count
    scores: Mapping[Points, Words]
    not_applicable: str = ""
    suggest: Suggest | None = None
    from_version: Count = 1
    to_version: Count | None = None

    def belongs_to(self, version: int) -> bool:
        """Is the item part of this version of the form?"""
        return self.from_version <= version and (self.to_version is None or version <= self.to_version)

    def share(self, points: int) -> Fraction:
        """Points as a share of the scale, 0 for the lowest and 1 for the highest; raises KeyError for others."""
        if points not in self.scores:
            raise KeyError(points)
        return Fraction(points - min(self.scores), max(self.scores) - min(self.scores))


class Heading(Shape):
    """The head of a form's file.

    `second_share` is the percentage of a sample that two raters score; scores more than `limit` points apart must be
    reconciled. Appeals may be made for `appeal_days` calendar days after publication, and should be decided within
    `decision_days` of being made. `formula` tells how the 100 points come about.
    """

    form: FormId
    title: Words
    formula: Words
    stages: Mapping[Stage, Words]
    second_share: Percent
    limit: Count
    appeal_days: Count
    decision_days: Count


class Form(Shape):
    """One version of a form, complete in itself: a round keeps it as it stood."""

    heading: Heading
    version: Count
    items: tuple[Item, ...]

    @property
    def name(self) -> str:
        """`form/1`: the file and the version."""
        return f"{self.heading.form}/{self.version}"

    def item(self, id: str) -> Item | None:
        """The item with this id, if the form has it."""
        return next((item for item in self.items if item.id == id), None)


@dataclass(frozen=True, slots=True)
class FormFile:
    """One file: all versions of a form, and every item of any of them in the order of the file."""

    heading: Heading
    versions: tuple[Version, ...]
    items: tuple[Item, ...]

    def form(self, version: int) -> Form:
        """One version of the form."""
        items = tuple(item for item in self.items if item.belongs_to(version))
        return Form(heading=self.heading, version=version, items=items)


class Forms:
    """The forms of the installation, by the name of their file."""

    def __init__(self, files: Mapping[str, FormFile]) -> None:
        self._by_id = {file.heading.form: file for file in files.values()}

    def of(self, institution: str, day: date) -> Form:
        """The form in force on a local day: the institution's own, else the common one; raises `UnknownForm`."""
        file = self._by_id.get(institution) or self._by_id.get(COMMON)
        if file is None:
            raise UnknownForm(f"{institution} has no courtesy form: write {institution}.toml or {COMMON}.toml")
        for version in file.versions:
            if version.covers(day):
                return file.form(version.version)
        known = ", ".join(f"{known.version} from {known.effective_from}" for known in file.versions)
        raise UnknownForm(f"the form {file.heading.form!r} has no version in force on {day}: known are {known}")


def form_of(kept: Mapping[str, object]) -> Form:
    """The form as a round keeps it."""
    return Form.model_validate(kept)
