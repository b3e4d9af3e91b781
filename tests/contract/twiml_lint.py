"""The TwiML linter: vocabulary from the official declarations, then the rules those do not state."""

import re
from collections.abc import Iterator
from typing import Literal, get_args
from xml.etree import ElementTree

from .twiml_rules import rule_faults
from .twiml_table import Element, Table, table
from .twiml_values import is_url, value_faults
from .urls import is_absolute

Context = Literal["voice", "inline", "wait", "queue-url", "noun-url", "conference-wait", "messaging"]
CONTEXTS: tuple[Context, ...] = get_args(Context)

_SPOKEN = frozenset({"Say", "Play", "Pause", "Redirect"})
# [docs: voice/twiml/enqueue waitUrl; voice/twiml/queue url; voice/twiml/number url; conference waitUrl]
_ALLOWED: dict[Context, frozenset[str]] = {
    "wait": _SPOKEN | {"Gather", "Hangup", "Leave"},
    "queue-url": _SPOKEN,
    "noun-url": _SPOKEN | {"Gather", "Hangup"},
    "conference-wait": _SPOKEN,
}
# Declared on the builder's response class, but they have a meaning inside Dial and Pay only,
# and Leave only while the call waits in a queue.
_NOT_AT_TOP = frozenset({"Queue", "Prompt", "Leave"})
_HINTS = {
    ("Dial", "statusCallback"): "call progress is reported by the noun: put it on Number, Client or Sip",
    ("Dial", "statusCallbackEvent"): "call progress is reported by the noun: put it on Number, Client or Sip",
    ("Conference", "waitUrlMethod"): "a conference calls it waitMethod",
    ("Enqueue", "waitMethod"): "a queue calls it waitUrlMethod",
}


def lint(xml: str, *, context: Context = "voice") -> list[str]:
    """Every fault of one TwiML document, each with its place and what to do; empty when it is clean.

    `context` says who fetches the document: `voice` a call, `inline` the REST parameter Twiml, `wait`
    an Enqueue's waitUrl, `queue-url` and `noun-url` the url of a Queue or of a Number, Client or Sip,
    `conference-wait` a Conference's waitUrl, `messaging` a message webhook.
    """
    if re.search(r"<!(DOCTYPE|ENTITY)", xml):
        return ["document: a DOCTYPE is refused; send plain elements"]
    try:
        root = ElementTree.fromstring(xml)  # noqa: S314 - own documents, declarations refused above
    except ElementTree.ParseError as error:
        return [f"document: not XML ({error}); the call would end with 12100"]
    if root.tag != "Response":
        return [f"document: root is {root.tag!r}; it must be Response"]
    types = table("messaging" if context == "messaging" else "voice")
    faults = [*_element(root, "Response", types.elements["Response"], types)]
    faults += _verbs(root, context)
    if context != "messaging":
        faults += rule_faults(root, context)
    if context == "inline":
        faults += _absolute(root)
    return faults


def _element(node: ElementTree.Element, path: str, entry: Element, types: Table) -> Iterator[str]:
    yield from _attributes(node, path, entry, types)
    yield from _text(node, path, entry)
    seen: dict[str, int] = {}
    for child in node:
        seen[child.tag] = seen.get(child.tag, 0) + 1
        place = f"{path}/{child.tag}[{seen[child.tag]}]"
        if child.tag not in entry.children:
            allowed = ", ".join(sorted(entry.children)) or "nothing"
            yield f"{place}: not allowed in {node.tag}; allowed: {allowed}"
        else:
            yield from _element(child, place, types.elements[entry.children[child.tag]], types)


def _attributes(node: ElementTree.Element, path: str, entry: Element, types: Table) -> Iterator[str]:
    for raw, value in node.attrib.items():
        name = raw.replace("{http://www.w3.org/XML/1998/namespace}", "xml:")
        kind = entry.attributes.get(name)
        if kind is None:
            hint = _HINTS.get((node.tag, name)) or "Twilio warns 12200 and ignores it: remove it"
            yield f"{path}/@{name}: unknown attribute; {hint}"
        else:
            faults = value_faults((node.tag, name), kind, value, types)
            yield from (f"{path}/@{name}: {fault}" for fault in faults)


def _text(node: ElementTree.Element, path: str, entry: Element) -> Iterator[str]:
    text = "".join(node.itertext()) if entry.text != "none" else (node.text or "")
    if entry.text == "required" and not text.strip():
        yield f"{path}: empty; {node.tag} needs its text"
    if entry.text == "none" and text.strip():
        yield f"{path}: text {text.strip()[:20]!r} is not allowed here; remove it"
    stray = "".join(child.tail or "" for child in node)
    if entry.text == "none" and stray.strip():
        yield f"{path}: text {stray.strip()[:20]!r} between elements is not allowed; remove it"


def _verbs(root: ElementTree.Element, context: Context) -> Iterator[str]:
    allowed = _ALLOWED.get(context)
    for place, verb in enumerate(root, start=1):
        if allowed is not None and verb.tag not in allowed:
            names = ", ".join(sorted(allowed))
            yield f"Response/*[{place}]: {verb.tag} is not run in {context}; allowed: {names}"
        elif allowed is None and verb.tag in _NOT_AT_TOP:
            yield f"Response/*[{place}]: {verb.tag} has no meaning at the top of a {context} document"


def _absolute(root: ElementTree.Element) -> Iterator[str]:
    for node in root.iter():
        urls = {f"@{name}": value for name, value in node.attrib.items() if is_url(name)}
        if node.tag in {"Redirect", "Play"} and (node.text or "").strip():
            urls["text()"] = (node.text or "").strip()
        for name, url in urls.items():
            if not is_absolute(url):
                yield f"{node.tag}/{name}: inline TwiML has no base document; make the URL absolute"
