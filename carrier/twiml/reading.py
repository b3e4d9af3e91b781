"""Reads a TwiML document into verbs. Unknown elements are warnings (12200), bad XML is an error (12100)."""

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

from carrier.twiml import model
from carrier.twiml.attributes import make
from carrier.twiml.model import Document, Texts, Verb, Warned
from carrier.twiml.xml import Unparsable, read_xml

_SOUNDS: Mapping[str, type[model.Sound]] = {"Say": model.Say, "Play": model.Play, "Pause": model.Pause}
_NOUNS: Mapping[str, type[model.Noun]] = {
    "Number": model.Number,
    "Client": model.Client,
    "Sip": model.Sip,
    "Queue": model.Queue,
    "Conference": model.Conference,
}
_PLAIN: Mapping[str, type[Verb]] = {
    **_SOUNDS,
    "Redirect": model.Redirect,
    "Hangup": model.Hangup,
    "Reject": model.Reject,
    "Leave": model.Leave,
    "Enqueue": model.Enqueue,
    "Record": model.Record,
}
# Further things that Start and Stop know; they have no effect here.
_BESIDE = {"Stream", "Siprec"}
_WITHOUT_TEXT = {"Pause", "Hangup", "Reject", "Leave", "Record"}


class _Reader:
    def __init__(self) -> None:
        self.warnings: list[Warned] = []

    def warn(self, warned: Warned) -> None:
        self.warnings.append(warned)

    def unknown(self, element: Element, inside: str) -> None:
        self.warn(Warned(12200, f"<{element.tag}> is not known inside <{inside}>"))

    def verb(self, element: Element) -> Verb | None:
        special: Mapping[str, Callable[[Element], Verb]] = {
            "Gather": self.gather,
            "Dial": self.dial,
            "Start": lambda e: model.Start(nested=self.beside(e)),
            "Stop": lambda e: model.Stop(nested=self.beside(e)),
        }
        if element.tag in special:
            return special[element.tag](element)
        if element.tag in _PLAIN:
            return self.plain(_PLAIN[element.tag], element)
        self.unknown(element, "Response")
        return None

    def plain(self, kind: type[Verb], element: Element) -> Verb:
        given = {} if element.tag in _WITHOUT_TEXT else {"content": _text(element)}
        for child in element:
            if element.tag != "Say":  # SSML inside Say is spoken text
                self.unknown(child, element.tag)
        return make(kind, element, given, warn=self.warn)

    def gather(self, element: Element) -> Verb:
        prompts = []
        for child in element:
            if child.tag in _SOUNDS:
                prompts.append(self.plain(_SOUNDS[child.tag], child))
            else:
                self.unknown(child, "Gather")
        return make(model.Gather, element, {"nested": tuple(prompts)}, warn=self.warn)

    def dial(self, element: Element) -> Verb:
        nouns: list[model.Noun] = []
        for child in element:
            if child.tag in _NOUNS:
                nouns.append(make(_NOUNS[child.tag], child, {"content": _text(child)}, warn=self.warn))
            else:
                self.unknown(child, "Dial")
        plain = (element.text or "").strip()
        if plain and not nouns:
            nouns.append(model.Number(content=plain))
        return make(model.Dial, element, {"nouns": tuple(nouns)}, warn=self.warn)

    def beside(self, element: Element) -> tuple[model.Beside, ...]:
        found: list[model.Beside] = []
        for child in element:
            if child.tag == "Recording":
                found.append(make(model.Recording, child, {}, warn=self.warn))
            elif child.tag == "Transcription":
                found.append(make(model.Transcription, child, {}, warn=self.warn))
            elif child.tag not in _BESIDE:
                self.unknown(child, element.tag)
        return tuple(found)


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def read_document(body: bytes) -> Document:
    """Return the verbs of a voice document; raises `Unparsable` when it is not TwiML (12100)."""
    root = read_xml(body)
    if root.tag != "Response":
        raise Unparsable(f"the root element is <{root.tag}>: it must be <Response>")
    reader = _Reader()
    verbs = [verb for element in root if (verb := reader.verb(element)) is not None]
    return Document(tuple(verbs), tuple(reader.warnings))


def read_texts(body: bytes) -> Texts:
    """Return the texts of a messaging document; raises `Unparsable` when it is not TwiML."""
    if not body.strip():
        return Texts()
    root = read_xml(body)
    if root.tag != "Response":
        raise Unparsable(f"the root element is <{root.tag}>: it must be <Response>")
    found = [(e.findtext("Body") or _text(e), e.get("to", "")) for e in root if e.tag == "Message"]
    return Texts(tuple(found))
