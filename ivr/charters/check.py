"""What the parts of a charter must be to each other: versions without gaps, measures, scopes and time that fit."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import combinations, pairwise

from ivr.charters.limits import UNITS_OF, Limit
from ivr.charters.measures import NamedMeasure
from ivr.charters.model import Charter, Standard, Version
from ivr.charters.terms import EXEMPTIONS
from ivr.faults import Fault

Found = Iterator[tuple[str, str]]
"""Key and message."""

COUNTED_IN_HOURS = 5
FIT_KINDS = {"case", "call"}
FIT_CHANNELS = {"case", "document", "callback"}
FIT_DIRECTIONS = {"call"}


def faults_of_charter(charter: Charter, file: str) -> list[Fault]:
    """Every fault in how the parts of one charter fit together."""
    errors = [*_heading(charter, file), *_versions(charter)]
    warnings = list(_unused_exemptions(charter))
    for standard in charter.all:
        errors += _under(standard, _of_standard(charter, standard))
        warnings += _under(standard, _advice(standard))
    errors += _doubled(charter)
    return [
        *(Fault(file, key, message) for key, message in errors),
        *(Fault(file, key, message, "warning") for key, message in warnings),
    ]


def faults_between(charters: Mapping[str, Charter]) -> list[Fault]:
    """Institutions and letters that two files claim."""
    faults: list[Fault] = []
    for (first, one), (second, other) in combinations(charters.items(), 2):
        for key in ("institution", "letter"):
            value = getattr(one.heading, key)
            if value == getattr(other.heading, key):
                faults.append(Fault(second, key, f"is {value!r}, which {first} has already: give each file its own"))
    return faults


def _heading(charter: Charter, file: str) -> Found:
    if file != f"{charter.institution}.toml":
        yield "institution", f"is {charter.institution!r}, but the file is {file}: give both the same name"


def _versions(charter: Charter) -> Found:
    for place, version in enumerate(charter.versions, start=1):
        if version.version != place:
            yield f"versions.{place - 1}.version", f"is {version.version}: count the versions up from 1, oldest first"
        if version.effective_to is not None and version.effective_to < version.effective_from:
            yield f"versions.{place - 1}.effective_to", f"is before its effective_from {version.effective_from}"
    for place, (older, newer) in enumerate(pairwise(charter.versions)):
        yield from _seam(f"versions.{place}.effective_to", older, newer)


def _seam(key: str, older: Version, newer: Version) -> Found:
    last = newer.effective_from - timedelta(days=1)
    if older.effective_to is None or older.effective_to > last:
        yield key, f"overlaps version {newer.version}, which begins on {newer.effective_from}: end it on {last}"
    elif older.effective_to < last:
        yield (
            key,
            f"leaves a gap before version {newer.version}, which begins on {newer.effective_from}: end it on {last}",
        )


def _doubled(charter: Charter) -> Found:
    """The same promise twice in one version."""
    for one, other in combinations(charter.all, 2):
        shared = [v.version for v in charter.versions if one.belongs_to(v.version) and other.belongs_to(v.version)]
        if one.key == other.key and shared:
            yield (
                f"standards.{other.place}",
                f"stands twice in version {shared[0]}: end the older one with to_version, or give each a part",
            )


def _under(standard: Standard, found: Found) -> Found:
    return ((f"standards.{standard.place}.{key}", message) for key, message in found)


def _of_standard(charter: Charter, standard: Standard) -> Found:
    letter = charter.heading.letter
    if not standard.promise.startswith(letter):
        yield "promise", f"is {standard.promise}: the promises of this charter begin with {letter}"
    if standard.institution != charter.institution:
        yield "institution", "is known from the head of the file: remove it"
    yield from _words(charter, standard)
    yield from _span(charter, standard)
    if standard.measurable:
        yield from _measured(standard)
    else:
        yield from _unmeasured(standard)
    yield from _exemptions(charter, standard)
    yield from _applies(standard)


def _words(charter: Charter, standard: Standard) -> Found:
    for key in ("title", "clause", "quote", "reading", "why_not"):
        text = getattr(standard, key)
        if text and not _is_in(charter.heading.language, text):
            yield key, f"is not in the charter's language ({charter.heading.language}): write the words of the document"


def _is_in(language: str, text: str) -> bool:
    """Is at least a quarter of the letters of the language's script? Charters mix foreign words in."""
    letters = [letter for letter in text if letter.isalpha()]
    hangul = sum("\uac00" <= letter <= "\ud7a3" for letter in letters)
    own = hangul if language == "ko" else sum(letter.isascii() for letter in letters)
    return bool(letters) and own * 4 >= len(letters)


def _span(charter: Charter, standard: Standard) -> Found:
    numbers = {version.version for version in charter.versions}
    for key in ("from_version", "to_version"):
        number = getattr(standard, key)
        if number is not None and number not in numbers:
            yield key, f"names version {number}, which is not there: known are {', '.join(map(str, sorted(numbers)))}"
    if standard.to_version is not None and standard.to_version < standard.from_version:
        yield "to_version", f"is before from_version {standard.from_version}"


def _unmeasured(standard: Standard) -> Found:
    if not standard.why_not.strip():
        yield "why_not", "is missing: say to the public why this promise cannot be measured"
    for key in ("scope", "measure", "basis", "exemptions"):
        if getattr(standard, key):
            yield key, "is there although measurable = false: remove one of the two"


def _measured(standard: Standard) -> Found:
    if standard.why_not:
        yield "why_not", "is there although the promise is measured: remove it, or write measurable = false"
    if standard.scope is None:
        yield "scope", "is missing: say what one verdict is about"
    if standard.measure is None:
        yield "measure", "is missing: name one, or write measurable = false and why_not"
        return
    if standard.scope is not None and standard.scope not in standard.measure.scopes:
        fitting = ", ".join(sorted(standard.measure.scopes))
        yield "scope", f"is {standard.scope!r}, which {standard.measure.name} cannot judge: use {fitting}"
    yield from _time(standard, standard.measure)


def _time(standard: Standard, measure: NamedMeasure) -> Found:
    basis, limit = standard.basis, measure.limit
    if limit is None:
        if basis is not None:
            yield "basis", f"is there, but {measure.name} has no limit of time here: remove it"
    elif basis is None:
        yield "basis", f"is missing: say how the {limit} are counted, {', '.join(sorted(measure.bases))}"
    elif basis not in measure.bases:
        yield "basis", f"is {basis!r}, which does not fit {measure.name}: use {', '.join(sorted(measure.bases))}"
    elif limit.immediate and basis != "working_hours_8":
        yield "basis", 'is not "working_hours_8", but "immediate" means three working hours: count it so'
    elif limit.unit not in UNITS_OF[basis]:
        units = ", ".join(sorted(UNITS_OF[basis]))
        yield "measure.within", f"is {str(limit)!r}, but {basis} counts {units}: change one of the two"


def _exemptions(charter: Charter, standard: Standard) -> Found:
    for exemption in standard.exemptions:
        if exemption not in charter.heading.exemptions:
            yield "exemptions", f"names {exemption}, which has no reason: write it under [exemptions]"
        if _scope_fits(standard) and standard.scope not in EXEMPTIONS[exemption].scopes:
            fitting = ", ".join(sorted(EXEMPTIONS[exemption].scopes))
            yield (
                "exemptions",
                f"names {exemption}, which cannot excuse the scope {standard.scope!r}: it fits {fitting}",
            )
    if len(set(standard.exemptions)) < len(standard.exemptions):
        yield "exemptions", "names something twice: write each once"


def _scope_fits(standard: Standard) -> bool:
    return standard.measure is not None and standard.scope in standard.measure.scopes


def _applies(standard: Standard) -> Found:
    applies = standard.applies
    narrowed = (
        ("directions", applies.directions, FIT_DIRECTIONS),
        ("kinds", applies.kinds, FIT_KINDS),
        ("channels", applies.channels, FIT_CHANNELS),
    )
    for key, values, scopes in narrowed:
        if values and _scope_fits(standard) and standard.scope not in scopes:
            yield f"applies.{key}", f"does not narrow the scope {standard.scope!r}: remove it"


def _unused_exemptions(charter: Charter) -> Found:
    used = {exemption for standard in charter.all for exemption in standard.exemptions}
    for exemption in charter.heading.exemptions:
        if exemption not in used:
            yield f"exemptions.{exemption}", "excuses nothing: no standard names it"


def _advice(standard: Standard) -> Found:
    """What the law on civil petitions would count otherwise, for charters that do not say."""
    limit = standard.measure.limit if standard.measure else None
    if limit is None or limit.unit != "days":
        return
    if standard.basis not in {"working_hours_8", "business_days"} or standard.basis == _usual(limit):
        return
    yield "basis", f"is {standard.basis!r}: article 19 counts {limit} as {_usual(limit)}, calendar_days if so written"


def _usual(limit: Limit) -> str:
    return "working_hours_8" if limit.amount <= COUNTED_IN_HOURS else "business_days"
