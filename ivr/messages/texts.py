"""The catalogue of what is spoken, by language, and the templates of what is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from ivr.messages.fields import BadText, Value, fill, require
from ivr.messages.register import SPEECHES
from ivr.messages.size import clean
from ivr.numbers import PhoneNumber

KOREAN = "ko-KR"
TemplateKind = Literal["service", "information", "advertisement"]
# Network Act, article 50 and decree, annex 6: what an advertisement begins and ends with.
ADVERTISEMENT_MARK = "(광고)"
REFUSAL_MARK = "무료수신거부"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words to be said and the language they are in, which decides the voice."""

    text: str
    language: str = KOREAN


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The spoken texts of one language, by id."""

    language: str
    texts: Mapping[str, str]

    def say(self, id: str, /, **values: Value) -> str:
        """Fill in the text `id`; raises `BadText` when it is unknown or other values are registered."""
        if id not in self.texts:
            raise BadText(f"the {self.language} catalogue has no text {id!r}: add it or correct the id")
        require(id, wanted=SPEECHES.get(id, frozenset()), given=values)
        return fill(self.texts[id], values)


@dataclass(frozen=True, slots=True)
class Template:
    """A text message; its `version` is kept with every message sent. An `optional` field may be left out.

    After `worth` it is not sent any more. A `voice` template is read out by telephone where no text arrives.
    """

    id: str
    version: int
    kind: TemplateKind
    text: str
    fields: frozenset[str]
    optional: frozenset[str] = frozenset()
    worth: timedelta = timedelta(hours=1)
    voice: bool = False

    def fill(self, **values: str) -> str:
        """Write the message, ready to send; raises `BadText` when a value is missing, unknown or empty."""
        given = dict.fromkeys(self.optional, "") | values
        require(self.id, wanted=self.fields, given=given)
        empty = [name for name, value in given.items() if not value.strip() and name not in self.optional]
        if empty:
            raise BadText(f"the template {self.id!r} needs a value for {', '.join(empty)}")
        lines = clean(fill(self.text, given)).strip().split("\n")
        return "\n".join(" ".join(line.split()) for line in lines)


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """All words of the service: catalogues by language (`ko-KR` is always there) and templates by id.

    `own` has the words of those lines, by id, for which some were changed.
    """

    catalogues: Mapping[str, Catalogue]
    templates: Mapping[str, Template] = field(default_factory=dict)
    own: Mapping[str, "Texts"] = field(default_factory=dict)

    def of(self, line_id: str) -> "Texts":
        """The words of one line."""
        return self.own.get(line_id, self)

    def say(self, id: str, /, language: str = KOREAN, **values: Value) -> Spoken:
        """Say the text `id` in the wished language, or in Korean where that language lacks it."""
        wished = self.catalogues.get(language)
        found = wished if wished and id in wished.texts else self.catalogues[KOREAN]
        return Spoken(found.say(id, **values), found.language)

    def template(self, id: str) -> Template:
        """The template of that id; raises `BadText` when there is none."""
        if id not in self.templates:
            raise BadText(f"there is no template {id!r}: known are {', '.join(sorted(self.templates))}")
        return self.templates[id]


def framed(template: Template, body: str, *, sender: str, refusal: str | None) -> str:
    """Put around an advertisement what the law asks for: the mark, the sender, and how to refuse for free."""
    if template.kind != "advertisement":
        return body
    number = PhoneNumber.parse(refusal).national if refusal else ""
    return f"{ADVERTISEMENT_MARK} {sender}\n{body}\n{REFUSAL_MARK} {number}".strip()
