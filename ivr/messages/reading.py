"""From the message files to `Texts`, with every fault found at once."""

from collections.abc import Iterator, Mapping

from ivr.faults import BadData, Fault, refuse_errors
from ivr.messages.fields import BadText, fields_of
from ivr.messages.reading_templates import TEMPLATE_FILE, read_templates
from ivr.messages.register import SPEECHES
from ivr.messages.size import clean
from ivr.messages.texts import KOREAN, Catalogue, Texts

Documents = Mapping[str, Mapping[str, object]]


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
    templates, found = read_templates(documents.get(TEMPLATE_FILE, {}))
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
