"""The kinds of surveys: for which of them the law asks which consent, and what must be said first (promise A20)."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationError

from ivr.consents.rows import Purpose
from ivr.faults import Fault
from ivr.lines.shapes import Shape
from ivr.lines.wording import in_words

FILE = "kinds.toml"


class SurveyClass(StrEnum):
    """What a call is to the law; one whose class nobody settled is an advertisement (Network Act, article 50)."""

    HAPPY_CALL = "happy_call"
    OPINION = "opinion"
    MARKETING = "marketing"
    ADVERTISING = "advertising"
    TELESALES = "telesales"


ADVERTISEMENTS = frozenset({SurveyClass.ADVERTISING, SurveyClass.TELESALES})


class Kind(Shape):
    """One kind of survey. All of `purposes` must be agreed to, the first is what a campaign of it is for.

    `condition` says under which circumstances the class holds; `asks_age`: whoever is asked says first whether they
    are 14 or older (PIPA, article 22-2). A `downgradable` advertisement may be asked as a marketing survey, where the
    person who approves it writes down why.
    """

    id: str
    name: Annotated[str, Field(min_length=1)]
    klass: Annotated[SurveyClass, Field(alias="class")] = SurveyClass.ADVERTISING
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)]
    is_free: Annotated[bool, Field(alias="free")] = False
    downgradable: bool = False
    asks_age: bool = False
    condition: str = ""

    @property
    def needs_ad_label(self) -> bool:
        """Must a call say first that it is an advertisement, by whom, and how it is refused?"""
        return self.klass in ADVERTISEMENTS

    @property
    def is_telesales(self) -> bool:
        """Is something offered for sale (Door-to-door Sales Act, article 2)?"""
        return self.klass is SurveyClass.TELESALES

    def downgraded(self) -> "Kind":
        """The same questions as a marketing survey; raises ValueError where the law leaves no choice."""
        if not self.downgradable:
            raise ValueError(f"{self.id} is {self.klass.value} and cannot be asked as anything less")
        return self.model_copy(update={"klass": SurveyClass.MARKETING, "purposes": (Purpose.MARKETING_SURVEY,)})


class UnknownKind(LookupError):
    """No kind of survey has that id; the message says which there are."""


class Kinds(Mapping[str, Kind]):
    """The kinds by id."""

    def __init__(self, kinds: Iterable[Kind] = ()) -> None:
        self._by_id = {kind.id: kind for kind in kinds}

    def __getitem__(self, id: str) -> Kind:
        return self._by_id[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def of(self, id: str) -> Kind:
        """The kind with this id; raises `UnknownKind`."""
        if id not in self._by_id:
            raise UnknownKind(f"no kind of survey has the id {id!r}: known are {', '.join(self._by_id) or 'none'}")
        return self._by_id[id]


def read_kinds(document: Mapping[str, object], file: str = FILE) -> tuple[Kinds, list[Fault]]:
    """The kinds that can be read, and the faults of the others."""
    found: list[Kind] = []
    faults: list[Fault] = []
    for id, table in document.items():
        if not isinstance(table, Mapping):
            faults.append(Fault(file, id, f"must be a table: begin it with [{id}]"))
            continue
        try:
            found.append(Kind.model_validate({**table, "id": id}))
        except ValidationError as error:
            faults += [in_words(item, file, above=id) for item in error.errors(include_url=False)]
    return Kinds(found), faults + [fault for kind in found for fault in _contradictions(kind, file)]


NEEDED: Mapping[SurveyClass, Purpose] = {
    SurveyClass.HAPPY_CALL: Purpose.HAPPY_CALL,
    SurveyClass.OPINION: Purpose.OPINION_SURVEY,
    SurveyClass.MARKETING: Purpose.MARKETING_SURVEY,
    SurveyClass.ADVERTISING: Purpose.ADVERTISING,
    SurveyClass.TELESALES: Purpose.TELESALES,
}
"""The consent that each class cannot do without."""


def _contradictions(kind: Kind, file: str) -> Iterator[Fault]:
    needed = [NEEDED[kind.klass]]
    needed += [Purpose.ADVERTISING] if kind.needs_ad_label and Purpose.ADVERTISING not in needed else []
    for purpose in needed:
        if purpose not in kind.purposes:
            message = f"leaves out {purpose.value!r}, which the class {kind.klass.value!r} needs: add it"
            yield Fault(file, f"{kind.id}.purposes", message)
    if kind.downgradable and kind.klass is not SurveyClass.ADVERTISING:
        yield Fault(file, f"{kind.id}.downgradable", "is only for the class 'advertising': take it out")
