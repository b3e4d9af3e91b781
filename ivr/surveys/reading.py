"""From the survey files to `Questionnaires`, with every fault of every file found at once."""

import re
import tomllib
from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ivr.faults import BadData, Fault, refuse_errors
from ivr.lines.wording import in_words
from ivr.surveys.check import Wording, faults_of_questionnaire
from ivr.surveys.kinds import FILE as KINDS_FILE
from ivr.surveys.kinds import Kinds, read_kinds
from ivr.surveys.model import Questionnaire, Questionnaires

Document = Mapping[str, object]
WORDING_FILE = "wording.toml"
# A questionnaire has at most 40 short questions: what is far larger is something else.
MOST_CHARACTERS = 100_000

REASONS: Mapping[str, str] = {
    "enum": "is {input!r}, which is not known: use {expected}",
    "literal_error": "is {input!r}, which is not known: use {expected}",
    "greater_than": "is {input}: write more than {gt}",
    "greater_than_equal": "is {input}: write {ge} or more",
    "less_than_equal": "is {input}: write {le} or less",
    "string_pattern_mismatch": "is {input!r}: write small letters, digits and dashes, beginning with a letter",
    "string_too_long": "is longer than {max_length} characters: make it shorter",
    "too_short": "is empty: write at least one",
    "too_long": "has more than {max_length}: ask less",
}


def load_questionnaires(documents: Mapping[str, Document]) -> Questionnaires:
    """Build all questionnaires and their kinds from the files (by file name); raises `BadData` with all faults."""
    questionnaires, faults = read_questionnaires(documents)
    refuse_errors(faults)
    return questionnaires


def read_questionnaires(documents: Mapping[str, Document]) -> tuple[Questionnaires, list[Fault]]:
    """The questionnaires that can be read, and every fault of every file, in the order of the files."""
    kinds, wording, faults = _shared(documents)
    found: list[Questionnaire] = []
    for file, document in documents.items():
        if file in {KINDS_FILE, WORDING_FILE}:
            continue
        one, wrong = read_questionnaire(document, file)
        if one is not None:
            found.append(one)
            wrong += faults_of_questionnaire(one, file, kinds, wording=wording)
        faults += wrong
    return Questionnaires(found, kinds), faults


def read_questionnaire(document: Document, file: str) -> tuple[Questionnaire | None, list[Fault]]:
    """One file by its shape alone; None where there is a fault."""
    try:
        return Questionnaire.model_validate(document), []
    except ValidationError as error:
        return None, [_said(item, file, document) for item in error.errors(include_url=False)]


def parse_questionnaire(body: str, file: str = "questionnaire") -> Questionnaire:
    """A questionnaire from its text as it was kept; raises `BadData` where it is no questionnaire."""
    one, faults = _parsed(body, file)
    if one is None:
        raise BadData(faults)
    return one


def check_questionnaire(body: str, file: str, documents: Mapping[str, Document]) -> list[Fault]:
    """Every fault of a questionnaire's text, by the kinds and words of the installed files."""
    one, faults = _parsed(body, file)
    kinds, wording, wrong = _shared(documents)
    return faults + wrong + (faults_of_questionnaire(one, file, kinds, wording=wording) if one is not None else [])


def _parsed(body: str, file: str) -> tuple[Questionnaire | None, list[Fault]]:
    if len(body) > MOST_CHARACTERS:
        return None, [Fault(file, "", f"has more than {MOST_CHARACTERS} characters: this is no questionnaire")]
    try:
        document = tomllib.loads(body)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, [Fault(file, "", f"is not valid TOML: {error}")]
    return read_questionnaire(document, file)


def _shared(documents: Mapping[str, Document]) -> tuple[Kinds, Wording, list[Fault]]:
    """The kinds and the words that all questionnaires are checked by."""
    faults = [
        Fault(file, "", "is missing: restore it beside the questionnaires")
        for file in (KINDS_FILE, WORDING_FILE)
        if file not in documents
    ]
    kinds, wrong = read_kinds(documents.get(KINDS_FILE, {}))
    given = documents.get(WORDING_FILE, {})
    lists = {key: _patterns(given.get(key, []), key, faults) for key in ("leading", "one_sided", "promotional")}
    strange = [Fault(WORDING_FILE, key, "is not known here: remove it") for key in given if key not in lists]
    return kinds, Wording(**lists), faults + wrong + strange


def _patterns(given: object, key: str, faults: list[Fault]) -> tuple[re.Pattern[str], ...]:
    if not isinstance(given, list):
        faults.append(Fault(WORDING_FILE, key, "must be a list in square brackets"))
        return ()
    found: list[re.Pattern[str]] = []
    for place, pattern in enumerate(given):
        try:
            found.append(re.compile(str(pattern)))
        except re.error as error:
            faults.append(Fault(WORDING_FILE, f"{key}.{place}", f"cannot be read ({error}): correct the pattern"))
    return tuple(found)


def _said(error: ErrorDetails, file: str, document: Document) -> Fault:
    fault = in_words(error, file)
    key = _named(fault.key, document)
    reason = REASONS.get(error["type"])
    if reason is None:
        return Fault(file, key, fault.message)
    return Fault(file, key, reason.format(**{**error.get("ctx", {}), "input": error["input"]}))


def _named(key: str, document: Document) -> str:
    """`questions.2.text` with the question's own name in place of its number."""
    parts = key.split(".")
    questions = document.get("questions")
    if len(parts) > 1 and parts[0] == "questions" and isinstance(questions, list) and parts[1].isdecimal():
        question = questions[int(parts[1])] if int(parts[1]) < len(questions) else None
        if isinstance(question, Mapping) and isinstance(question.get("id"), str):
            parts[1] = question["id"]
    return ".".join(parts)
