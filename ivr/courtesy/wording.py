"""The words of suggestions and of agreement that cannot be told, from their file, checked for completeness."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.faults import Fault, refuse_errors
from ivr.messages.fields import BadText, fields_of, fill

FILE = "ko.toml"
FOLDER = "words"
TIMES = frozenset({"seconds", "uncertainty"})

WORDS: Mapping[str, frozenset[str]] = {
    "ring.strict": TIMES,
    "ring.literal": TIMES,
    "ring.customary": TIMES,
    "ring.late": TIMES,
    "ring.unknown": frozenset(),
    "announcement.complete": frozenset(),
    "announcement.cut": frozenset(),
    "announcement.none": frozenset(),
    "ended_by.customer": frozenset(),
    "ended_by.agent": frozenset(),
    "ended_by.passed_on": frozenset(),
    "ended_by.unknown": frozenset(),
    "agreement.no_pairs": frozenset(),
    "agreement.one_score": frozenset(),
}
"""Every sentence, and the fields that it may fill."""


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences by their ids."""

    texts: Mapping[str, str]

    def say(self, id: str, /, **values: str) -> str:
        """The sentence with its fields filled."""
        return fill(self.texts[id], values)


def load_words(document: Mapping[str, object], file: str = FILE) -> Words:
    """Read the file of words; raises `BadData` with every sentence that is missing, unknown or wrongly filled."""
    texts = {
        f"{part}.{name}": text
        for part, table in document.items()
        if isinstance(table, Mapping)
        for name, text in table.items()
    }
    refuse_errors([Fault(file, id, message) for id, message in _faults(texts)])
    return Words({id: str(text) for id, text in texts.items()})


def _faults(texts: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for id in WORDS.keys() - texts.keys():
        yield id, "is missing: write it"
    for id, text in texts.items():
        if id not in WORDS:
            yield id, "is not known here: remove it or check the spelling"
            continue
        try:
            strange = fields_of(str(text)) - WORDS[id]
        except BadText as error:
            yield id, str(error)
            continue
        if strange or not str(text).strip():
            yield id, f"is empty or asks for {', '.join(sorted(strange)) or 'nothing'}: use {sorted(WORDS[id])}"
