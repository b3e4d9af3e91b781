"""One moment of a conversation: whose, on which line, in which language, and which step it is."""

from dataclasses import dataclass, replace

from ivr.addresses import Address, address
from ivr.lines.model import Line
from ivr.messages.fields import Value
from ivr.messages.texts import Texts
from ivr.prompts import Say


@dataclass(frozen=True, slots=True)
class Talk:
    """A step of a call. Steps are numbered in the addresses, so that a repeated request is the same step."""

    line: Line
    texts: Texts
    call: str
    step: int
    language: str

    def say(self, text_id: str, **values: Value) -> Say:
        """A text of the catalogue in the language of the conversation."""
        spoken = self.texts.say(text_id, self.language, **values)
        return Say(spoken.text, spoken.language)

    def to(self, entry: Address, /, *, ahead: int = 1, **query: str | int | None) -> str:
        """The address of a following step, `ahead` steps from this one."""
        language = None if self.language == self.line.language else self.language
        return address(entry, call=self.call, line=self.line.id, step=self.step + ahead, language=language, **query)

    def speaking(self, language: str) -> "Talk":
        """The same step in another language."""
        return replace(self, language=language)
