"""A TwiML document told in short lines, as a person who listens would, and the addresses it leads to."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

# Ids, counters and moments; transcripts leave them out.
_ALWAYS = {"call", "line", "step", "since"}


def hears(xml: str) -> list[str]:
    """What is heard and done, one short line each, in order."""
    return [line for node in ElementTree.fromstring(xml) for line in _told(node)]  # noqa: S314 - our own document


def leads_to(xml: str) -> dict[str, str]:
    """The addresses in a document, by path: `/voice/key` -> the whole address."""
    found: dict[str, str] = {}
    for node in ElementTree.fromstring(xml).iter():  # noqa: S314 - our own document
        targets = [node.get(name) for name in ("action", "waitUrl", "statusCallback")]
        targets += [node.text] if node.tag == "Redirect" else []
        found.update({urlsplit(target).path: target for target in targets if target})
    return found


def short(address: str | None) -> str:
    """An address without ids, counters and moments, and without the tries it asks for."""
    if not address:
        return "the end"
    parts = urlsplit(address)
    query = parse_qsl(parts.query)
    call = dict(query).get("call", "-")
    shown = [f"{name}={value.removeprefix(call + '-')}" for name, value in query if name not in _ALWAYS]
    return parts.path + ("?" + "&".join(shown) if shown else "")


def _told(node: ElementTree.Element) -> Iterator[str]:
    text = (node.text or "").strip()
    match node.tag:
        case "Say":
            language = node.get("language", "")
            yield f"say{'' if language == 'ko-KR' else ' ' + language}: {text}"
        case "Play":
            yield f"play {text}"
        case "Redirect":
            yield f"go {short(text)}"
        case "Gather":
            yield from (line for child in node for line in _told(child))
            until = f" until {node.get('finishOnKey')}" if node.get("finishOnKey") else ""
            yield f"ask{until} -> {short(node.get('action'))}"
        case _:
            yield _moved(node, text)


def _moved(node: ElementTree.Element, text: str) -> str:
    if node.tag == "Hangup":
        return "hang up"
    match node.tag:
        case "Record":
            return f"record {node.get('maxLength')} s -> {short(node.get('action'))}"
        case "Enqueue":
            return f"hold {text}, {short(node.get('waitUrl'))}, then {short(node.get('action'))}"
        case "Dial":
            return _dialled(node, node[0])
        case "Leave":
            return "leave"
        case _:
            raise ValueError(f"a transcript has no words for {node.tag}: add them to tests/http/hearing.py")


def _dialled(dial: ElementTree.Element, noun: ElementTree.Element) -> str:
    if noun.tag == "Conference":
        return f"connect {noun.get('participantLabel')}, then {short(dial.get('action'))}"
    return f"transfer {noun.text}, then {short(dial.get('action'))}"
