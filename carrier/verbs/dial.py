"""Dial: what its nouns have in common (the outcome told to `action`), and which noun is carried out how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carrier.outgoing import Form
from carrier.twiml.model import Dial
from carrier.verbs.activity import Activity

if TYPE_CHECKING:
    from carrier.script import Script


class Dialling(Activity):
    """The base of the three kinds of Dial; `conclude` is called once with the outcome."""

    def __init__(self, script: Script, verb: Dial) -> None:
        super().__init__(script)
        self.verb = verb
        self.over = False

    def conclude(self, form: Form) -> None:
        """Go on with `action`, which hears the outcome, or without one with the next verb."""
        if self.over:
            return
        self.over = True
        self.call.talk_with(frozenset())
        if self.verb.action:
            self.script.load(self.verb.action, self.verb.method, form)
        else:
            self.script.proceed()

    def abandon(self, why: str, form: Form) -> None:
        """Put it away from outside; when the leg has hung up, `action` is told and its answer not carried out."""
        self.over = True
        if why == "hangup" and self.verb.action:
            self.script.notify(self.verb.action, self.verb.method, form)


class DiallingNothing(Dialling):
    """A Dial without a usable noun."""

    def start(self) -> None:
        """Fail at once."""
        self.script.warn(13220, "<Dial> names nobody to connect with")
        self.conclude((("DialCallStatus", "failed"),))


def outcome(status: str, *, sid: str = "", seconds: int = 0, bridged: bool = False) -> Form:
    """Return the parameters that `action` gets (docs voice/twiml/dial)."""
    fields = [("DialCallStatus", status), ("DialBridged", "true" if bridged else "false")]
    if sid:
        fields.append(("DialCallSid", sid))
    if status in ("completed", "answered"):
        fields.append(("DialCallDuration", str(seconds)))
    return tuple(fields)
