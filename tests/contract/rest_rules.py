"""What the v2010 document leaves to prose: endpoints, exclusive parameters, enumerations and ranges."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from .formats import E164, recipient
from .personal import telephone_number
from .rest_table import Operation
from .rest_values import value_faults
from .twiml_lint import lint
from .urls import absolute_url

Form = Mapping[str, Sequence[str]]
Rule = Callable[[Form], Iterator[str]]

_LONGEST_TWIML = 4000
_LONGEST_BODY = 1600
_URL_NAME = re.compile(r"(Url|Callback)$")


def request_faults(operation: Operation, form: Form) -> list[str]:
    """Faults of one request's values that JSON Schema of the document does not see."""
    faults = [*value_faults(operation, form)]
    if operation.method == "POST":
        faults += _urls(form)
        faults += _inline(form)
    for rule in _RULES.get(operation.label, ()):
        faults += rule(form)
    name = operation.values.get("ConferenceSid", "")
    if found := telephone_number(name):
        faults.append(f"the conference's name carries a telephone number ({found}); use a random id")
    return faults


def _urls(form: Form) -> Iterator[str]:
    for name, values in form.items():
        if not _URL_NAME.search(name):
            continue
        for url in values:
            if url or name not in {"WaitUrl", "VoiceUrl", "SmsUrl", "StatusCallback"}:
                yield from (f"{name}: {fault}" for fault in absolute_url(url))


def _inline(form: Form) -> Iterator[str]:
    for twiml in form.get("Twiml", ()):
        if len(twiml) > _LONGEST_TWIML:
            yield f"Twiml: {len(twiml)} characters; at most {_LONGEST_TWIML}, use Url"
        yield from (f"Twiml: {fault}" for fault in lint(twiml, context="inline"))


def _one_document(form: Form) -> Iterator[str]:
    given = [name for name in ("Url", "Twiml", "ApplicationSid") if name in form]
    if len(given) != 1:
        yield f"give exactly one of Url, Twiml and ApplicationSid (given: {', '.join(given) or 'none'})"


def _call_change(form: Form) -> Iterator[str]:
    given = [name for name in ("Url", "Twiml") if name in form]
    if len(given) > 1:
        yield "Url and Twiml exclude each other"
    if not form:
        yield "an update without parameters changes nothing; give Url, Twiml or Status"


def _message(form: Form) -> Iterator[str]:
    if not {"Body", "MediaUrl", "ContentSid"} & set(form):
        yield "give Body, MediaUrl or ContentSid"
    if not {"From", "MessagingServiceSid"} & set(form):
        yield "give From or MessagingServiceSid"
    for body in form.get("Body", ()):
        if not 1 <= len(body) <= _LONGEST_BODY:
            yield f"Body: {len(body)} characters; 1 to {_LONGEST_BODY}"


def _sender(form: Form) -> Iterator[str]:
    for sender in form.get("From", ()):
        alphanumeric = re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9 &+_-]{1,11}", sender)
        if not (recipient(sender) or alphanumeric or re.fullmatch(r"\d{3,6}", sender)):
            yield "From: not E.164, a short code, an alphanumeric sender or a channel address"
    for to in form.get("To", ()):
        if not recipient(to):
            yield "To: not E.164; write +82…"


def _owned_number(form: Form) -> Iterator[str]:
    for number in form.get("PhoneNumber", ()):
        if not E164.fullmatch(number):
            yield "PhoneNumber: not E.164; write +82…"


def _schedule(form: Form) -> Iterator[str]:
    wanted = {"SendAt", "ScheduleType", "MessagingServiceSid"}
    if "SendAt" in form and not wanted <= set(form):
        yield "SendAt: needs ScheduleType=fixed and MessagingServiceSid (35118 otherwise)"


def _from_number(form: Form) -> Iterator[str]:
    to, caller = "".join(form.get("To", ())), "".join(form.get("From", ()))
    if E164.fullmatch(to) and not E164.fullmatch(caller):
        yield "From: must be a number in E.164 when To is a number"


def _coach(form: Form) -> Iterator[str]:
    if list(form.get("Coaching", ())) == ["true"] and "CallSidToCoach" not in form:
        yield "Coaching: needs CallSidToCoach"


def _hold(form: Form) -> Iterator[str]:
    if "HoldUrl" in form and "Hold" not in form:
        yield "HoldUrl: has no effect without Hold"


_RULES: Mapping[str, tuple[Rule, ...]] = {
    "POST /Calls.json": (_one_document, _from_number),
    "POST /Calls/{Sid}.json": (_call_change,),
    "POST /Messages.json": (_message, _sender, _schedule),
    "POST /IncomingPhoneNumbers.json": (_owned_number,),
    "POST /Conferences/{ConferenceSid}/Participants.json": (_from_number, _coach),
    "POST /Conferences/{ConferenceSid}/Participants/{CallSid}.json": (_coach, _hold),
}
