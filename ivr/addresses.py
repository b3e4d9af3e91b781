"""The addresses at which the carrier asks for the next document or reports an event; ids and counters only."""

from enum import StrEnum
from urllib.parse import urlencode

# Twilio, webhook connection overrides: two tries of at most 7 s, inside the 15 s after which a call is dropped.
STEP_TRIES = "#ct=2000&rt=5000&rc=1&rp=ct,rt,5xx"
EVENT_TRIES = "#ct=2000&rt=5000&rc=3&rp=all"


class Address(StrEnum):
    """Every entry of the webhooks that a carrier calls."""

    INCOMING = "/voice/incoming"
    STATUS = "/voice/status"
    MENU = "/voice/menu"
    KEY = "/voice/key"
    FIRM = "/voice/firm"
    FIRM_CODE = "/voice/firm/code"
    WAIT = "/voice/wait"
    LEFT = "/voice/left"
    CALLBACK = "/voice/callback"
    CALLBACK_KEY = "/voice/callback/key"
    CALLBACK_NUMBER = "/voice/callback/number"
    MEET = "/voice/meet"
    JOIN = "/voice/join"
    AFTER = "/voice/after"
    AGAIN = "/voice/again"
    AGAIN_KEY = "/voice/again/key"
    TRANSFER = "/voice/transfer"
    TRANSFER_HEARD = "/voice/transfer/heard"
    TRANSFER_FAILED = "/voice/transfer/failed"
    THANKED = "/voice/thanked"
    NOTICE = "/voice/notice"
    NOTICE_HEARD = "/voice/notice/heard"
    ENDING = "/voice/ending"
    ENDING_HEARD = "/voice/ending/heard"
    AGENT = "/voice/agent"
    AGENT_KEY = "/voice/agent/key"
    AGENT_AFTER = "/voice/agent/after"
    AGENT_GONE = "/voice/agent/gone"
    AGENT_ASKED = "/voice/agent/asked"
    AGENT_ASKED_KEY = "/voice/agent/asked/key"
    AGENT_CONSULT = "/voice/agent/consult"
    AGENT_AWAITS = "/voice/agent/awaits"
    AGENT_RETURN = "/voice/agent/return"
    AGENT_RELEASED = "/voice/agent/released"
    AGENT_MONITOR = "/voice/agent/monitor"
    AGENT_MONITOR_OVER = "/voice/agent/monitor/over"
    MONITOR_STATUS = "/voice/monitor/status"
    AGENT_DIAL = "/voice/agent/dial"
    AGENT_DIAL_KEY = "/voice/agent/dial/key"
    AGENT_DIAL_AFTER = "/voice/agent/dial/after"
    AGENT_DIAL_OVER = "/voice/agent/dial/over"
    DIAL_GREET = "/voice/dial/greet"
    DIAL_CHECK = "/voice/dial/check"
    DIAL_JOIN = "/voice/dial/join"
    DIAL_AFTER = "/voice/dial/after"
    DIAL_SORRY = "/voice/dial/sorry"
    DIAL_AGAIN = "/voice/dial/again"
    DIAL_STATUS = "/voice/dial/status"
    DIAL_ROOM = "/voice/dial/room"
    ROOM = "/voice/room"
    RECORDED = "/voice/recorded"
    TRANSCRIBED = "/voice/transcribed"
    READING = "/voice/reading"
    READING_KEY = "/voice/reading/key"
    READING_HEARD = "/voice/reading/heard"
    READING_AGAIN = "/voice/reading/again"
    READING_STATUS = "/voice/reading/status"
    SURVEY = "/voice/survey"
    SURVEY_KEY = "/voice/survey/key"
    SURVEY_ANSWER = "/voice/survey/answer"
    SURVEY_AGENT = "/voice/survey/agent"
    SURVEY_QUEUE = "/voice/survey/queue"
    SURVEY_STATUS = "/voice/survey/status"
    REFUSAL = "/voice/refusal"
    REFUSAL_KEY = "/voice/refusal/key"
    CONSENT = "/voice/consent"
    CONSENT_KEY = "/voice/consent/key"
    CLIP = "/voice/clip"
    CLIP_RECORDED = "/voice/clip/recorded"
    CLIP_KEY = "/voice/clip/key"
    MESSAGE_IN = "/messages/incoming"
    MESSAGE_STATUS = "/messages/status"

    @property
    def is_event(self) -> bool:
        """Whether the carrier only reports here, and nobody is listening for an answer."""
        return self in _EVENTS

    @property
    def is_aside(self) -> bool:
        """Whether this is heard beside a talk that goes on: when we fail, nothing is heard, and the talk stays."""
        return self in _ASIDES

    @property
    def is_agents(self) -> bool:
        """Whether the person on this leg is one of ours, not a caller."""
        return self.value.startswith(("/voice/agent", "/voice/clip"))

    @property
    def is_asking(self) -> bool:
        """Whether somebody is asked questions here, who needs nobody else when we fail."""
        return self in {Address.SURVEY, Address.SURVEY_KEY, Address.SURVEY_ANSWER}


_ASIDES = frozenset({Address.NOTICE, Address.NOTICE_HEARD, Address.AGENT_AWAITS})
_HEARD = {Address.RECORDED, Address.TRANSCRIBED}
_DIALLED = {Address.DIAL_STATUS, Address.DIAL_ROOM, Address.READING_STATUS, Address.SURVEY_STATUS}
_BESIDE = {Address.MONITOR_STATUS}
_EVENTS = frozenset(
    {Address.STATUS, Address.ROOM, Address.MESSAGE_STATUS, Address.MESSAGE_IN, *_HEARD, *_DIALLED, *_BESIDE}
)


def address(entry: Address, /, **query: str | int | None) -> str:
    """Path and query of an entry, with what the carrier should do when we are slow; None is left out."""
    given = {name: value for name, value in query.items() if value is not None}
    tries = EVENT_TRIES if entry.is_event else STEP_TRIES
    return f"{entry.value}?{urlencode(given)}{tries}" if given else f"{entry.value}{tries}"
