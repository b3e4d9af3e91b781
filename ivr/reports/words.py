"""The words of reports: a file of texts, names of closed lists and measures, checked for completeness."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import get_args

from pydantic.fields import FieldInfo

from ivr.charters.judges.judgement import Finding
from ivr.charters.limits import Unit
from ivr.charters.measures import MEASURES
from ivr.charters.measures.shape import MaybeTimed, Measure
from ivr.charters.terms import Basis, Scope
from ivr.faults import Fault, refuse_errors
from ivr.messages.fields import BadText, Value, fields_of, fill
from ivr.reports.counts import Reached
from ivr.rounding import percent

Document = Mapping[str, object]
FOLDER = "reports"
LANGUAGE = "language"
WITHIN = "_within"
NOT_WORDED = frozenset({"name", "place"})
"""Parameters of measures that are no closed list: the measure's own name, and words of the document."""

LISTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("findings", "findings_told"), tuple(Finding)),
    **dict.fromkeys(("reached", "reached_told"), tuple(Reached)),
    **dict.fromkeys(("scopes", "scopes_told"), get_args(Scope)),
    "bases": get_args(Basis),
    "limits": (*get_args(Unit), "immediate"),
    "readings": ("strict", "literal", "customary"),
}
"""For each table of the file whose keys are a closed list, those keys."""


@dataclass(frozen=True, slots=True)
class Words:
    """Every text of the file by its dotted id."""

    texts: Mapping[str, str]

    def say(self, id: str, /, **values: Value) -> str:
        """Fill the text `id`; raises `BadText` where it is missing or a value of it is."""
        if id not in self.texts:
            raise BadText(f"the file of report words has no {id!r}: add it")
        return fill(self.texts[id], values)

    def name(self, table: str, key: object) -> str:
        """The word for a value of a closed list, `name("findings", Finding.MET)`."""
        return self.say(f"{table}.{key.value if isinstance(key, Enum) else key}")

    def has(self, id: str) -> bool:
        """Is there such a text?"""
        return id in self.texts

    def percent(self, share: Fraction | None) -> str:
        """A share in percent with one decimal, never rounded up to 100 or down to 0: 99.9 %, 0.1 %."""
        if share is None:
            return self.say("formats.none")
        return self.say("formats.percent", percent=percent(share))


def load_words(document: Document, file: str = "ko.toml") -> Words:
    """Read the file of words; raises `BadData` with every fault of it."""
    texts = dict(_leaves({name: part for name, part in document.items() if name != LANGUAGE}))
    refuse_errors([*_missing(texts, file), *_malformed(texts, file), *_faults_of_measures(texts, file)])
    return Words(texts)


def _leaves(table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for name, part in table.items():
        if isinstance(part, Mapping):
            yield from _leaves(part, f"{above}{name}.")
        else:
            yield above + name, str(part)


def _missing(texts: Mapping[str, str], file: str) -> Iterator[Fault]:
    for table, keys in LISTS.items():
        for key in keys:
            if f"{table}.{key}" not in texts:
                yield Fault(file, f"{table}.{key}", "is missing: a report may name it")
    for measure in MEASURES:
        for id in _value_ids(measure):
            if id not in texts:
                yield Fault(file, id, f"is missing: the measure {name_of(measure)} may name it")


def _malformed(texts: Mapping[str, str], file: str) -> Iterator[Fault]:
    for id, text in texts.items():
        try:
            fields_of(text)
        except BadText as error:
            yield Fault(file, id, str(error))


def _faults_of_measures(texts: Mapping[str, str], file: str) -> Iterator[Fault]:
    wanted = {id: fields for measure in MEASURES for id, fields in _sentences(measure)}
    for id, fields in wanted.items():
        if id not in texts:
            yield Fault(file, id, "is missing: charters may use this measure")
        elif fields_of(texts[id]) != fields:
            yield Fault(file, id, f"must have exactly these fields: {', '.join(sorted(fields)) or 'none'}")
    for id in texts:
        if id.startswith("measures.") and id not in wanted:
            yield Fault(file, id, "is no measure: remove it or correct the name")


def name_of(measure: type[Measure]) -> str:
    """The name under which charters use a measure."""
    return str(get_args(measure.model_fields["name"].annotation)[0])


def _sentences(measure: type[Measure]) -> Iterator[tuple[str, frozenset[str]]]:
    fields = frozenset(measure.model_fields) - {"name"}
    id = f"measures.{name_of(measure)}"
    if issubclass(measure, MaybeTimed):
        yield id, fields - {"within"}
        yield id + WITHIN, fields
    else:
        yield id, fields


def _value_ids(measure: type[Measure]) -> Iterator[str]:
    for parameter, field in measure.model_fields.items():
        if parameter not in NOT_WORDED:
            for value in _closed(field):
                yield f"values.{parameter}.{value}"


def _closed(field: FieldInfo) -> Iterator[str]:
    """The values of a closed list, also of a tuple of them and of lists joined to one."""
    pending = [field.annotation]
    while pending:
        for inner in get_args(pending.pop()):
            if isinstance(inner, str):
                yield inner
            else:
                pending.append(inner)
