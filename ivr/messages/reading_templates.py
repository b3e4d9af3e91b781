"""The templates of text messages, from their file, with every fault found at once."""

from collections.abc import Mapping
from functools import lru_cache
from typing import cast, get_args

from ivr.faults import Fault
from ivr.messages.fields import BadText, fields_of
from ivr.messages.register import INFORMATION_FIELDS, LONGEST_SAMPLE, TEMPLATE_FIELDS, TEMPLATES
from ivr.messages.rows import LONGEST_ID
from ivr.messages.signs import not_carried
from ivr.messages.size import clean, measure
from ivr.messages.texts import ADVERTISEMENT_MARK, REFUSAL_MARK, Template, TemplateKind, framed
from ivr.messages.worth import DEFAULT, read_worth

TEMPLATE_FILE = "sms.toml"
SAMPLE_REFUSAL = "080-1000-0001"
# The id of a message that a caller asked for holds the carrier's id of the call, and the mark of a repetition.
LONGEST_MENU_ID = LONGEST_ID - 34 - 3


def read_templates(document: Mapping[str, object]) -> tuple[dict[str, Template], list[Fault]]:
    """Read every template that can be read, and name what is wrong with the others."""
    templates: dict[str, Template] = {}
    faults: list[Fault] = []
    for id, table in document.items():
        if not isinstance(table, Mapping):
            faults.append(Fault(TEMPLATE_FILE, id, "is not a template: write it as a table [name]"))
            continue
        found = [*_faults_of_id(id), *_faults_of_shape(id, table)]
        if not found:
            templates[id] = _template(id, table)
            found = _faults_of_template(templates[id])
        faults += found
    missing = [id for id in TEMPLATES if id not in document]
    return templates, [
        *faults,
        *(Fault(TEMPLATE_FILE, id, "is missing: the service sends it") for id in missing),
    ]


def _faults_of_id(id: str) -> list[Fault]:
    if id in TEMPLATES or len(id) <= LONGEST_MENU_ID:
        return []
    return [Fault(TEMPLATE_FILE, id, f"has a name of more than {LONGEST_MENU_ID} letters: give it a shorter one")]


def _faults_of_shape(id: str, table: Mapping[str, object]) -> list[Fault]:
    kinds = get_args(TemplateKind)
    demands = {
        "version": (isinstance(table.get("version"), int), "must be a whole number, 1 for the first wording"),
        "kind": (table.get("kind") in kinds, f"must be one of {', '.join(kinds)}"),
        "text": (isinstance(table.get("text"), str), "must be the wording, in quotation marks"),
        "optional": (isinstance(table.get("optional", []), list), "must be a list of field names"),
        "worth": (_is_span(table.get("worth", DEFAULT)), 'must be a span of time like "20 minutes" or "3 days"'),
        "voice": (isinstance(table.get("voice", False), bool), "must be true or false: whether it may be read out"),
    }
    faults = [Fault(TEMPLATE_FILE, f"{id}.{name}", why) for name, (fine, why) in demands.items() if not fine]
    strange = [name for name in table if name not in demands]
    return [
        *faults,
        *(Fault(TEMPLATE_FILE, f"{id}.{name}", "is not known here: remove it") for name in strange),
    ]


def _is_span(text: object) -> bool:
    try:
        read_worth(text)
    except ValueError:
        return False
    return True


def _template(id: str, table: Mapping[str, object]) -> Template:
    text = str(table["text"]).strip()
    return Template(
        id=id,
        version=cast(int, table["version"]),
        kind=cast(TemplateKind, table["kind"]),
        text=text,
        fields=TEMPLATES[id] if id in TEMPLATES else _information_in(text),
        optional=frozenset(cast(list[str], table.get("optional", []))),
        worth=read_worth(table.get("worth", DEFAULT)),
        voice=cast(bool, table.get("voice", False)),
    )


def _information_in(text: str) -> frozenset[str]:
    """The fields of a template that only a menu names: what it asks for of what is always known."""
    try:
        return fields_of(text) & INFORMATION_FIELDS
    except BadText:
        return INFORMATION_FIELDS


@lru_cache(maxsize=512)
def _faults_of_template(template: Template) -> list[Fault]:
    """Kept for each wording: files are read anew whenever one text of them is changed."""
    key = f"{template.id}.text"
    try:
        asked = fields_of(template.text)
    except BadText as error:
        return [Fault(TEMPLATE_FILE, key, str(error))]
    return [Fault(TEMPLATE_FILE, key, trouble) for trouble in [*_field_troubles(template, asked), *_troubles(template)]]


def _field_troubles(template: Template, asked: frozenset[str]) -> list[str]:
    unregistered = sorted(asked - TEMPLATE_FIELDS)
    left_out = sorted(TEMPLATES.get(template.id, frozenset()) - asked - template.optional)
    known = TEMPLATES.get(template.id, INFORMATION_FIELDS)
    return [
        *(f"{{{name}}} is not a registered field: known are {_list(TEMPLATE_FIELDS)}" for name in unregistered),
        *(
            f"{{{name}}} is not filled in for this template: known are {_list(known)}"
            for name in sorted(asked - known - set(unregistered))
        ),
        *(f"{{{name}}} must stand in this template" for name in left_out),
    ]


def _troubles(template: Template) -> list[str]:
    written = framed(template, clean(_with_samples(template.text)), sender=_SAMPLE_SENDER, refusal=SAMPLE_REFUSAL)
    return [
        *(f"{sign!r} cannot be sent in Korea (CP949): write it otherwise" for sign in not_carried(written, "cp949")),
        *(["is longer than 2,000 bytes even as LMS: shorten it"] if measure(written).kind == "too long" else []),
        *(
            f"holds {mark}: it is put around every text of the kind advertisement, and around no other"
            for mark in (ADVERTISEMENT_MARK, REFUSAL_MARK)
            if mark in template.text
        ),
    ]


def _with_samples(text: str) -> str:
    """The text with its longest likely values, to judge its size (fields that are unknown stay empty)."""
    for name in fields_of(text):
        text = text.replace(f"{{{name}}}", LONGEST_SAMPLE.get(name, ""))
    return text


def _list(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "none"


_SAMPLE_SENDER = f"{LONGEST_SAMPLE['institution']} {LONGEST_SAMPLE['number']}"
