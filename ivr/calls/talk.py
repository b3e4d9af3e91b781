"""One moment of a conversation: whose, on which line, in which language, and which step it is."""

from dataclasses import dataclass, replace

from ivr.addresses import Address, address
from ivr.lines.firms import Firm
from ivr.lines.model import Line
from ivr.messages.fields import Value
from ivr.messages.texts import Texts
from ivr.prompts import Say


@dataclass(frozen=True, slots=True)
class Talk:
    """A step of a call. Steps are numbered in the addresses, so that a repeated request is the same step.

    `firm_id` is the client firm in whose name the line is spoken for, empty for the line's own callers; `product` is
    the kind of its products by which it was found. `found` says that the caller chose the firm, and may choose again.
    """

    line: Line
    texts: Texts
    call: str
    step: int
    language: str
    firm_id: str = ""
    product: str = ""
    found: bool = False

    @property
    def firm(self) -> Firm | None:
        """The client firm whose customer calls; None for the line's own callers."""
        return self.line.firms.get(self.firm_id)

    @property
    def groups(self) -> tuple[str, ...]:
        """The teams that may answer the firm's customer, one where the product is known; none without a firm."""
        firm = self.firm
        if firm is None:
            return ()
        return (self.line.group_of(firm, self.product),) if self.product else self.line.groups_of(firm)

    def say(self, text_id: str, **values: Value) -> Say:
        """A text of the catalogue in the language of the conversation."""
        spoken = self.texts.say(text_id, self.language, **values)
        return Say(spoken.text, spoken.language)

    def to(self, entry: Address, /, *, ahead: int = 1, **query: str | int | None) -> str:
        """The address of a following step, `ahead` steps from this one."""
        language = None if self.language == self.line.language else self.language
        ids: dict[str, str | int | None] = {"call": self.call, "line": self.line.id, "step": self.step + ahead}
        about = {"firm": self.firm_id or None, "product": self.product or None, "found": 1 if self.found else None}
        return address(entry, **{**ids, **about, "language": language, **query})

    def speaking(self, language: str) -> "Talk":
        """The same step in another language."""
        return replace(self, language=language)

    def for_firm(self, firm_id: str) -> "Talk":
        """The same step in the name of a client firm; empty, in the line's own."""
        return replace(self, firm_id=firm_id, product="", found=False)
