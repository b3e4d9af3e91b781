"""Who carries text messages: what each provider can carry, whom its refusals blame, and how shares move."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError

from ivr.faults import BadData, Fault
from ivr.lines.shapes import Shape, Whole, with_ids
from ivr.lines.wording import in_words
from ivr.messages.signs import Carriage
from ivr.orders import TELEPHONE_CARRIER

PROVIDER_FILE = "providers.toml"
Percent = Annotated[int, Field(ge=0, le=100)]


class Blame(StrEnum):
    """What stands in the way: the recipient's telephone, ourselves, or something that passes."""

    RECIPIENT = "recipient"
    SENDER = "sender"
    PASSING = "passing"


class ProviderTerms(Shape):
    """One provider. `share` is its part of a hundred in good times; `reports` tells whether it calls us back.

    `recipient` and `sender` list the provider's codes by whom they blame; any other one passes.
    """

    id: str
    share: Percent
    carries: Carriage
    longest_characters: Whole
    reports: bool
    recipient: frozenset[str] = frozenset()
    sender: frozenset[str] = frozenset()

    def blame(self, code: str) -> Blame:
        """Whom one of its codes blames."""
        if code in self.recipient:
            return Blame.RECIPIENT
        return Blame.SENDER if code in self.sender else Blame.PASSING


class ShareRules(Shape):
    """When a provider loses or regains a part: see `ivr/messages/shares.py`."""

    window_minutes: Whole = 10
    least_orders: Whole = 5
    failing_percent: Percent = 25
    slow_seconds: Whole = 60
    slow_percent: Percent = 30
    step: Whole = 10
    step_seconds: Whole = 60


class Providers(Shape):
    """The providers of an installation, by name, and the rules between them."""

    rules: ShareRules = ShareRules()
    providers: Annotated[Mapping[str, ProviderTerms], BeforeValidator(with_ids)]

    def only(self, *names: str) -> "Providers":
        """Those of these names, to which the settings give access; raises `BadData` for one without terms."""
        missing = [name for name in names if name not in self.providers]
        if missing:
            why = "is missing, although the settings give access to it: write its terms"
            raise BadData([Fault(PROVIDER_FILE, f"providers.{name}", why) for name in missing])
        return self.model_copy(update={"providers": {name: self.providers[name] for name in names}})

    def __getitem__(self, name: str) -> ProviderTerms:
        return self.providers[name]


def load_providers(document: Mapping[str, object]) -> Providers:
    """Read the file of providers; raises `BadData` with every fault."""
    try:
        return Providers.model_validate(document)
    except ValidationError as error:
        raise BadData([in_words(item, PROVIDER_FILE) for item in error.errors(include_url=False)]) from None


def faults_of_providers(document: Mapping[str, object]) -> list[Fault]:
    """Every fault of the file of providers."""
    try:
        load_providers(document)
    except BadData as error:
        return list(error.faults)
    return []


CARRIER_ALONE = Providers(
    providers={
        TELEPHONE_CARRIER: ProviderTerms(
            id=TELEPHONE_CARRIER, share=100, carries="ks_x_1001", longest_characters=1600, reports=True
        )
    }
)
"""Where no file is read: the telephone carrier takes the texts as well."""
