"""Rules of TwiML that the declarations do not state: required content, nesting, and the cheap mistakes."""

import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from .personal import telephone_number
from .speech_rules import speech_faults
from .urls import callback_url, is_absolute

_ENDS = frozenset({"Redirect", "Hangup", "Reject", "Leave"})
_ALONE = frozenset({"Conference", "Queue", "Sim", "Application"})
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_MOST_NOUNS = 10
_NAME_LENGTH = 64


def rule_faults(root: Element, context: str) -> Iterator[str]:
    """Faults of a whole voice document; `context` as in `lint`."""
    verbs = list(root)
    yield from _sequence(verbs)
    if context in {"voice", "inline", "noun-url"}:
        yield from _silence(verbs)
    for node in root.iter():
        yield from _orphans(node)
        yield from speech_faults(node)
        if rule := _RULES.get(node.tag):
            yield from rule(node)


def _sequence(verbs: list[Element]) -> Iterator[str]:
    for place, verb in enumerate(verbs):
        after = verbs[place + 1 :]
        if verb.tag in _ENDS and after:
            yield f"{verb.tag}: {after[0].tag} after it is never reached; remove it"
        if verb.tag == "Reject" and place:
            yield "Reject: it must be the first verb; the call is answered by now"
        if verb.tag == "Dial" and place and verb.get("answerOnBridge") == "true":
            yield "Dial/@answerOnBridge: useless unless Dial is the first verb: the call is answered by now"
        if verb.tag == "Enqueue" and not after and not verb.get("action"):
            yield "Enqueue: no action and nothing after it; a caller who leaves or finds it full is cut off"


def _silence(verbs: list[Element]) -> Iterator[str]:
    for place, verb in enumerate(verbs):
        after = [one for one in verbs[place + 1 :] if one.tag != "Pause"]
        if verb.tag == "Gather" and not after and verb.get("actionOnEmptyResult") != "true":
            yield "Gather: falls through into silence; set actionOnEmptyResult or put a Redirect after it"


def _orphans(node: Element) -> Iterator[str]:
    for name in node.attrib:
        owner = re.sub(r"(Method|Event)$", "", name)
        if owner != name and not node.get(owner) and not node.get(f"{owner}Url"):
            yield f"{node.tag}/@{name}: has no effect without {owner} or {owner}Url"


def _dial(node: Element) -> Iterator[str]:
    nouns = [child.tag for child in node]
    text = (node.text or "").strip()
    if bool(nouns) == bool(text):
        yield "Dial: give either a number as text or nouns"
    if len(nouns) > _MOST_NOUNS:
        yield f"Dial: {len(nouns)} nouns; at most {_MOST_NOUNS} ring at once"
    if len(nouns) > 1 and (alone := _ALONE.intersection(nouns)):
        yield f"Dial: {', '.join(sorted(alone))} must be the only noun"
    if text and not _NUMBER.fullmatch(text):
        yield "Dial: the number is not E.164; write +82…"


def _number(node: Element) -> Iterator[str]:
    if not _NUMBER.fullmatch((node.text or "").strip()):
        yield "Number: the number is not E.164; write +82…"


def _conference(node: Element) -> Iterator[str]:
    if found := telephone_number(node.text or ""):
        yield f"Conference: the name carries a telephone number ({found}); use a random id"


def _enqueue(node: Element) -> Iterator[str]:
    name = (node.text or "").strip()
    if len(name) > _NAME_LENGTH:
        yield f"Enqueue: name of {len(name)} characters; at most {_NAME_LENGTH}"
    if bool(name) == bool(node.get("workflowSid")):
        yield "Enqueue: give either a queue name or workflowSid"
    if node.get("method") and node.get("waitUrl") and not node.get("action"):
        yield "Enqueue/@method: belongs to action, which is absent; the wait document's is waitUrlMethod"


def _queue(node: Element) -> Iterator[str]:
    if len((node.text or "").strip()) > _NAME_LENGTH:
        yield f"Queue: name longer than {_NAME_LENGTH} characters"


def _gather(node: Element) -> Iterator[str]:
    if node.get("speechModel") and not (node.get("speechTimeout") or "").isdecimal():
        yield "Gather/@speechModel: needs a speechTimeout in seconds (not auto)"
    if "dtmf" not in (node.get("input") or "dtmf").split():
        for name in {"numDigits", "finishOnKey"} & set(node.attrib):
            yield f"Gather/@{name}: has no effect without dtmf in input"


def _record(node: Element) -> Iterator[str]:
    if not node.get("action"):
        yield "Record: without action it asks for its own document again, for ever; set action"


def _play(node: Element) -> Iterator[str]:
    text = (node.text or "").strip()
    if bool(text) == bool(node.get("digits")):
        yield "Play: give either a URL or digits"
    elif text:
        yield from (f"Play: {fault}" for fault in callback_url(text))


def _redirect(node: Element) -> Iterator[str]:
    url = (node.text or "").strip()
    yield from (f"Redirect: {fault}" for fault in (callback_url(url) if url else ()))


def _fork(node: Element) -> Iterator[str]:
    if not len(node):
        yield f"{node.tag}: empty; it needs a noun"
    for noun in node:
        for name in ("statusCallbackUrl", "recordingStatusCallback"):
            if not is_absolute(noun.get(name, "https://absent")):
                yield f"{node.tag}/{noun.tag}/@{name}: must be absolute; a relative one is not called"


_RULES: dict[str, Callable[[Element], Iterator[str]]] = {
    "Dial": _dial,
    "Number": _number,
    "Conference": _conference,
    "Enqueue": _enqueue,
    "Queue": _queue,
    "Gather": _gather,
    "Record": _record,
    "Play": _play,
    "Redirect": _redirect,
    "Start": _fork,
    "Stop": _fork,
    "Connect": _fork,
}
