"""What every page is given: the lines, the words, the store, the clock and the bell that wakes the relay."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from flask import current_app, g

from config.clock import Clock
from config.files import Document
from config.uploads import Uploads
from console.words import Wording
from ivr.accounts.passwords import Passwords
from ivr.charters.model import Charters
from ivr.editions.current import Current
from ivr.editions.installed import Installed
from ivr.lines.calendar import Calendar
from ivr.lines.model import Lines
from ivr.listening.recordings import Sounds
from ivr.messages.texts import Texts
from ivr.staffing.reading import Memory
from ivr.store import Store
from ivr.surveys.model import Questionnaires

EXTENSION = "office"


@dataclass(frozen=True, slots=True)
class SoftphoneAccount:
    """What tokens of softphones are made with: ids at the carrier, the secret of the API key, the carrier's address.

    `driver` is `twilio` for the vendored Voice SDK, `local` for the carrier of the demo, empty where there is neither.
    """

    driver: str = ""
    account_sid: str = ""
    key_sid: str = ""
    key_secret: str = field(default="", repr=False)
    carrier_url: str = ""


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """An OpenID Connect provider, and what the console is there; `claim` names the account of who comes first."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str = "preferred_username"


@dataclass(frozen=True, slots=True)
class Office:
    """The parts of the console's process; `is_demo` tells that the embedded demo is served, on this machine only.

    `console_url` is where people reach the console; behind `proxies` of them their own addresses are told by the last.

    With `current`, lines, texts and calendar are those of the moment at which `fresh` was asked.
    """

    lines: Lines
    texts: Texts
    calendar: Calendar
    charters: Charters
    surveys: Questionnaires
    store: Store
    clock: Clock
    ring_bell: Callable[[], None]
    wordings: Mapping[str, Wording]
    public_base_url: str
    softphones: SoftphoneAccount = SoftphoneAccount()
    uploads: Uploads | None = None
    questionnaire_files: Mapping[str, Document] = field(default_factory=dict)
    is_demo: bool = False
    console_url: str = ""
    proxies: int = 0
    passwords: Passwords = field(default_factory=Passwords)
    second_factor_required: bool = False
    single_sign_on: SingleSignOn | None = None
    recordings: Sounds | None = None
    current: Current | None = None
    staffing: Memory = field(default_factory=Memory)

    def fresh(self) -> "Office":
        """The same parts with lines, texts and calendar as they are now."""
        if self.current is None:
            return self
        now = self.current.installed
        return replace(self, lines=now.lines, texts=now.texts, calendar=now.calendar)


def office() -> Office:
    """The office of the app that answers this request, as of now."""
    kept = cast(Office, current_app.extensions[EXTENSION])
    if kept.current is None:
        return kept
    now = kept.current.installed
    known: tuple[Office, Installed, Office] | None = g.get("office")
    # A page asks a hundred times, and hardly ever is there another state in between.
    if known is None or known[0] is not kept or known[1] is not now:
        known = g.office = (kept, now, kept.fresh())
    return known[2]
