"""What somebody is to be contacted for, how often at most, and every reason for which that is not done."""

from dataclasses import dataclass
from enum import StrEnum

from ivr.consents.rows import Channel, Purpose


@dataclass(frozen=True, slots=True)
class Limits:
    """How often one number is dialled at most, counted over the campaigns of all lines (`life`: by this one alone).

    `per_day` is a calendar day in Seoul, `rolling_day` are 24 hours, `across` holds for `across_days` times 24 hours.
    """

    per_day: int = 1
    rolling_day: int = 2
    life: int = 3
    across: int = 6
    across_days: int = 30


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody is to be contacted for: consent is needed for every purpose, the first is the campaign's."""

    line: str
    purposes: tuple[Purpose, ...]
    campaign_id: int | None
    limits: Limits
    channel: Channel = Channel.VOICE

    def __post_init__(self) -> None:
        if not self.purposes:
            raise ValueError("a wish to contact somebody names at least one purpose: without one it needs no consent")


class Exclusion(StrEnum):
    """Why somebody is not contacted; the first that holds is told, in this order."""

    UNKNOWN_PERSON = "unknown-person"
    ERASED = "erased"
    NOT_CALLABLE = "not-callable"
    SUPPRESSED = "suppressed"
    SUPPRESSED_HERE = "suppressed-here"
    SUPPRESSED_CAMPAIGN = "suppressed-campaign"
    OPTED_OUT = "opted-out"
    NO_CONSENT = "no-consent"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNPROVEN = "unproven"
    NO_NIGHT_CONSENT = "no-night-consent"
    ON_REGISTER = "on-register"
    REGISTER_STALE = "register-stale"
    LIFE_LIMIT = "life-limit"
    ACROSS_LIMIT = "across-limit"
    ROLLING_LIMIT = "rolling-limit"
    DAY_LIMIT = "day-limit"

    @property
    def passes(self) -> bool:
        """Whether the same wish may be allowed later, without the person doing anything."""
        return self in _PASSING


_PASSING = frozenset(
    {
        Exclusion.NO_NIGHT_CONSENT,
        Exclusion.REGISTER_STALE,
        Exclusion.ACROSS_LIMIT,
        Exclusion.ROLLING_LIMIT,
        Exclusion.DAY_LIMIT,
    }
)


class Occasion(StrEnum):
    """When it is asked. Choosing for later leaves out what passes within a day: the night and the daily limits."""

    CHOOSING = "choosing"
    DIALLING = "dialling"


@dataclass(frozen=True, slots=True)
class Permission:
    """By which consent somebody may be contacted, or why not: exactly one of the two is given."""

    consent_id: int | None
    why: Exclusion | None

    @property
    def is_given(self) -> bool:
        """Whether somebody may be contacted."""
        return self.why is None and self.consent_id is not None
