"""A verb at work: it starts, may take keys and speech, and ends by handing the script on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from carrier.script import Script


class Activity:
    """The base of all verbs at work. A subclass calls `self.script.proceed()`, `load` or `finish` when it ends."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.call, self.network = script.call, script.network

    @property
    def wants_keys(self) -> bool:
        """Whether keys or speech are being waited for."""
        return False

    def start(self) -> None:
        """Begin; may end at once."""
        self.script.proceed()

    def stop(self, why: str) -> None:
        """Be put away from outside: "hangup" when the leg is gone, "redirect" when it goes elsewhere."""

    def digit(self, key: str) -> None:
        """Take a key press; nobody waits for it by default."""

    def speech(self, text: str) -> None:
        """Take a spoken sentence; nobody waits for it by default."""
