"""The words that are listened for, from their file: greetings, titles and their endings, words of a closing."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from ivr.faults import Fault, refuse_errors
from ivr.listening.sounds import sounds_of

Document = Mapping[str, object]
FURTHER_QUESTIONS: Final = "further_questions"
THANKS: Final = "thanks"


def _sounding(phrases: tuple[str, ...]) -> tuple[str, ...]:
    if not phrases:
        raise ValueError("is empty: give at least one phrase")
    silent = [phrase for phrase in phrases if not sounds_of(phrase)]
    if silent:
        raise ValueError(f"{silent[0]!r} has no letters: nothing can be heard of it")
    return phrases


Sounding = Annotated[tuple[str, ...], AfterValidator(_sounding)]


class Closing(BaseModel):
    """The phrases of each part of a closing, named as in the measure `closing_said`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    further_questions: Sounding
    thanks: Sounding


class Phrases(BaseModel):
    """Everything that is listened for besides names; an ending may be empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    language: str
    greeting: Sounding
    titles: Sounding
    endings: tuple[str, ...]
    closing: Closing


def load_phrases(document: Document, file: str = "ko.toml") -> Phrases:
    """Read the file of phrases; raises `BadData` with every fault of it."""
    try:
        return Phrases.model_validate(document)
    except ValidationError as error:
        found = [(item["loc"], item["msg"].removeprefix("Value error, ")) for item in error.errors()]
        refuse_errors([Fault(file, ".".join(str(part) for part in place), message) for place, message in found])
        raise
