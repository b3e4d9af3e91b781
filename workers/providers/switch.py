"""The one door to the outside where there are several providers: each text order goes to the one it names."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.orders import TELEPHONE_CARRIER, AskText, Carrier, FindText, Order, Receipt, Rejected, SendText


@dataclass(frozen=True, slots=True)
class Switch:
    """Orders about calls go to the carrier, orders about texts to their provider."""

    carrier: Carrier
    providers: Mapping[str, Carrier] = field(default_factory=dict)

    def do(self, order: Order) -> Receipt:
        """Hand the order on; a provider without access is one that cannot be reached."""
        if not isinstance(order, SendText | FindText | AskText) or order.provider == TELEPHONE_CARRIER:
            return self.carrier.do(order)
        provider = self.providers.get(order.provider)
        if provider is None:
            return Rejected(0, f"the settings give no access to {order.provider}", permanent=False)
        return provider.do(order)
