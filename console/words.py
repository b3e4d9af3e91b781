"""The texts of the console in two languages: `say("calls.title")`, one file for each subject and language."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config.files import CONSOLE, Document, read_folder
from ivr.messages.fields import BadText, Value, fill

KOREAN: Final = "ko"
ENGLISH: Final = "en"
LANGUAGES: Final = (KOREAN, ENGLISH)


@dataclass(frozen=True, slots=True)
class Wording:
    """Every text of the console in one language, by subject and id: `calls.title`, `calls.filter.day`."""

    language: str
    texts: Mapping[str, str]

    def say(self, id: str, /, **values: Value) -> str:
        """Fill the text `id`; raises `BadText` where it is missing or a value of it is."""
        if id not in self.texts:
            raise BadText(
                f"the console has no text {id!r} in {self.language}: add it to config/console/{self.language}"
            )
        return fill(self.texts[id], values)

    def has(self, id: str) -> bool:
        """Is there such a text?"""
        return id in self.texts


def load_wording(folder: Path = CONSOLE) -> dict[str, Wording]:
    """The texts of each language; raises `BadText` where a language lacks what another one has."""
    wordings = {language: Wording(language, _texts(folder / language)) for language in LANGUAGES}
    known = frozenset().union(*(wording.texts for wording in wordings.values()))
    missing = [f"{language}: {id}" for language in LANGUAGES for id in sorted(known - wordings[language].texts.keys())]
    if missing:
        raise BadText(f"config/console lacks {', '.join(missing)}: write them")
    return wordings


def _texts(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for file, document in read_folder(folder).items():
        _flatten(document, file.removesuffix(".toml"), found)
    return found


def _flatten(document: Document, prefix: str, found: dict[str, str]) -> None:
    for key, value in document.items():
        id = f"{prefix}.{key}"
        if isinstance(value, dict):
            _flatten(value, id, found)
        elif isinstance(value, str):
            found[id] = value
        else:
            raise BadText(f"{id} is {value!r}: the console's files hold texts only")
