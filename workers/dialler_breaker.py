"""The breaker of a dialler: a carrier that fails again and again is given fewer orders, then none, then one to try."""

from dataclasses import dataclass

from ivr.campaigns.settling import is_about_the_number
from ivr.orders import Receipt, Rejected, Unknown

IN_A_ROW = 5
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
LEAST_SHARE, LOSS, GAIN = 0.1, 0.7, 0.05


@dataclass(slots=True)
class Breaker:
    """Hears every receipt. `share` is the part of the pace that is used; times are seconds of a steady clock."""

    share: float = 1.0
    failures: int = 0
    pauses: int = 0
    closed_until: float = float("-inf")
    is_probing: bool = False

    def hear(self, receipt: Receipt, now: float) -> None:
        """Note what came of an order; a refusal that is about one number alone says nothing of the carrier."""
        if isinstance(receipt, Rejected | Unknown) and not is_about_the_number(receipt):
            self.failures += 1
            self.share = max(LEAST_SHARE, self.share * LOSS)
            if self.is_probing or self.failures % IN_A_ROW == 0:
                self._pause(now)
            return
        self.failures, self.pauses, self.is_probing = 0, 0, False
        self.share = min(1.0, self.share + GAIN)

    def most(self, now: float, in_flight: int, hands: int) -> int:
        """How many more orders may be begun: none in a pause, then one alone, then as many as there are hands."""
        if now < self.closed_until:
            return 0
        if self.is_probing:
            return max(0, 1 - in_flight)
        return max(0, hands - in_flight)

    def _pause(self, now: float) -> None:
        if now < self.closed_until:
            return
        self.closed_until = now + min(FIRST_PAUSE_SECONDS * 2**self.pauses, LONGEST_PAUSE_SECONDS)
        self.pauses, self.is_probing = self.pauses + 1, True
