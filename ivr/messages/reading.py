"""From the message files to `Texts`, with every fault found at once."""

from collections.abc import Iterator, Mapping
from typing import cast, get_args

from ivr.faults import BadData, Fault, refuse_errors
from ivr.messages.fields import BadText, fields_of
from ivr.messages.register import INFORMATION_FIELDS, LONGEST_SAMPLE, SPEECHES, TEMPLATE_FIELDS, TEMPLATES
from ivr.messages.size import clean, measure
from ivr.messages.texts import KOREAN, Catalogue, Template, TemplateKind, Texts

Documents = Mapping[str, Mapping[str, object]]
TEMPLATE_FILE = "sms.toml"
ADVERTISEMENT_MARK = "(광고)"


def load_texts(documents: Documents) -> Texts:
    """Build the texts from the message files (file name -> content); raises `BadData` with all faults."""
    texts, faults = read_texts(documents)
    if texts is None:
        raise BadData(faults)
    refuse_errors(faults)
    return texts


def read_texts(documents: Documents) -> tuple[Texts | None, list[Fault]]:
    """Read and check the message files; no `Texts` only where there is no Korean catalogue to build on."""
    catalogues: dict[str, Catalogue] = {}
    faults: list[Fault] = []
    for file, document in documents.items():
        if file != TEMPLATE_FILE:
            catalogue, found = _read_catalogue(document, file)
            catalogues[catalogue.language] = catalogue
            faults += found
    templates, found = _read_templates(documents.get(TEMPLATE_FILE, {}))
    faults += found
    if KOREAN not in catalogues:
        return None, [*faults, Fault("ko.toml", "", f"no catalogue has the language {KOREAN}: add one")]
    return Texts(catalogues, templates), faults


def _read_catalogue(document: Mapping[str, object], file: str) -> tuple[Catalogue, list[Fault]]:
    language = str(document.get("language", ""))
    faults = [] if language else [Fault(file, "language", "is missing: name the language, like ko-KR")]
    texts: dict[str, str] = {}
    for key, text in _leaves({name: part for name, part in document.items() if name != "language"}):
        if not isinstance(text, str):
            faults.append(Fault(file, key, "is not a text: write it in quotation marks"))
            continue
        texts[key] = clean(text)
        faults += _faults_of_speech(key, text, file)
    if language == KOREAN:
        faults += [Fault(file, id, "is missing: the service says this text") for id in SPEECHES if id not in texts]
    return Catalogue(language, texts), faults


def _leaves(table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    for name, part in table.items():
        if isinstance(part, Mapping):
            yield from _leaves(part, f"{above}{name}.")
        else:
            yield above + name, part


def _faults_of_speech(id: str, text: str, file: str) -> list[Fault]:
    if id not in SPEECHES:
        return [Fault(file, id, "is said nowhere: remove it or correct the id")]
    return faults_of_fields(text, SPEECHES[id], file=file, key=id)


def faults_of_fields(text: str, known: frozenset[str], *, file: str, key: str) -> list[Fault]:
    """Name every field of a text that is not filled in at that place, and braces that do not match."""
    try:
        strange = fields_of(text) - known
    except BadText as error:
        return [Fault(file, key, str(error))]
    return [Fault(file, key, f"{{{name}}} is not filled in here: known are {_list(known)}") for name in sorted(strange)]


def _list(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _read_templates(document: Mapping[str, object]) -> tuple[dict[str, Template], list[Fault]]:
    templates: dict[str, Template] = {}
    faults: list[Fault] = []
    for id, table in document.items():
        if not isinstance(table, Mapping):
            faults.append(Fault(TEMPLATE_FILE, id, "is not a template: write it as a table [name]"))
            continue
        found = _faults_of_shape(id, table)
        if not found:
            templates[id] = _template(id, table)
            found = _faults_of_template(templates[id])
        faults += found
    missing = [id for id in TEMPLATES if id not in document]
    return templates, [
        *faults,
        *(Fault(TEMPLATE_FILE, id, "is missing: the service sends it") for id in missing),
    ]


def _faults_of_shape(id: str, table: Mapping[str, object]) -> list[Fault]:
    kinds = get_args(TemplateKind)
    demands = {
        "version": (isinstance(table.get("version"), int), "must be a whole number, 1 for the first wording"),
        "kind": (table.get("kind") in kinds, f"must be one of {', '.join(kinds)}"),
        "text": (isinstance(table.get("text"), str), "must be the wording, in quotation marks"),
        "optional": (isinstance(table.get("optional", []), list), "must be a list of field names"),
    }
    faults = [Fault(TEMPLATE_FILE, f"{id}.{name}", why) for name, (fine, why) in demands.items() if not fine]
    strange = [name for name in table if name not in demands]
    return [
        *faults,
        *(Fault(TEMPLATE_FILE, f"{id}.{name}", "is not known here: remove it") for name in strange),
    ]


def _template(id: str, table: Mapping[str, object]) -> Template:
    return Template(
        id=id,
        version=cast(int, table["version"]),
        kind=cast(TemplateKind, table["kind"]),
        text=str(table["text"]).strip(),
        fields=TEMPLATES.get(id, INFORMATION_FIELDS),
        optional=frozenset(cast(list[str], table.get("optional", []))),
    )


def _faults_of_template(template: Template) -> list[Fault]:
    key = f"{template.id}.text"
    try:
        asked = fields_of(template.text)
    except BadText as error:
        return [Fault(TEMPLATE_FILE, key, str(error))]
    unregistered = sorted(asked - TEMPLATE_FIELDS)
    left_out = sorted(TEMPLATES.get(template.id, frozenset()) - asked - template.optional)
    size = measure(clean(_with_samples(template.text)))
    marked = template.text.startswith(ADVERTISEMENT_MARK)
    troubles = [
        *(f"{{{name}}} is not a registered field: known are {_list(TEMPLATE_FIELDS)}" for name in unregistered),
        *(
            f"{{{name}}} is not filled in for this template: known are {_list(template.fields)}"
            for name in sorted(asked - template.fields - set(unregistered))
        ),
        *(f"{{{name}}} must stand in this template" for name in left_out),
        *(f"{sign!r} cannot be sent in Korea (CP949): write it otherwise" for sign in size.unencodable),
        *(["is longer than 2,000 bytes even as LMS: shorten it"] if size.kind == "too long" else []),
        *(
            [f"must begin with {ADVERTISEMENT_MARK} exactly when its kind is advertisement"]
            if marked != (template.kind == "advertisement")
            else []
        ),
    ]
    return [Fault(TEMPLATE_FILE, key, trouble) for trouble in troubles]


def _with_samples(text: str) -> str:
    """The text with its longest likely values, to judge its size (fields that are unknown stay empty)."""
    for name in fields_of(text):
        text = text.replace(f"{{{name}}}", LONGEST_SAMPLE.get(name, ""))
    return text
