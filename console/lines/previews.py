"""How words read and sound with samples for their fields: seconds of speech, bytes of a text message."""

from collections.abc import Callable
from dataclasses import dataclass

from console.office import office
from console.visitor import visitor
from console.words import KOREAN
from ivr.editions.rows import EditionKind
from ivr.korean import spoken_seconds
from ivr.lines.hours import SEOUL
from ivr.messages.fields import BadText
from ivr.messages.samples import with_samples
from ivr.messages.size import Size, clean, measure
from ivr.numbers import PhoneNumber

SAMPLES = "lines.sample."


@dataclass(frozen=True, slots=True)
class Preview:
    """The words as somebody would get them; `size` is for text messages alone."""

    text: str
    seconds: float
    size: Size | None = None


def samples(kind: EditionKind) -> dict[str, str]:
    """A value for each field, those of the visitor's line where it has some of its own."""
    line = visitor().line
    words = office().wordings[KOREAN].texts
    names = {id.removeprefix(SAMPLES): said for id, said in words.items() if id.startswith(SAMPLES)}
    return names | {
        "institution": line.institution if kind is EditionKind.TEMPLATE else line.spoken_institution,
        "number": PhoneNumber.parse(line.number).national,
        "team": next(iter(line.teams.values())).name,
        "department": next(iter(line.teams.values())).department,
    }


def previewing(kind: EditionKind) -> Callable[[str], Preview]:
    """Makes previews of words of this kind; words that cannot be filled in are shown as they are."""
    names, at = samples(kind), office().clock().astimezone(SEOUL)

    def preview(text: str) -> Preview:
        try:
            filled = with_samples(clean(text), names, at=at)
        except BadText:
            filled = text
        return Preview(filled, spoken_seconds(filled), measure(filled) if kind is EditionKind.TEMPLATE else None)

    return preview


def preview_of(kind: EditionKind, text: str) -> Preview:
    """The preview of one text."""
    return previewing(kind)(text)
