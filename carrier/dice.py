"""Seeded randomness in separate streams, so that switching faults on does not change the ids."""

from random import Random


class Dice:
    """Every random choice of one network; the same seed gives the same run."""

    def __init__(self, seed: int) -> None:
        self._ids = Random(f"ids {seed}")
        self._faults = Random(f"faults {seed}")
        self._delays = Random(f"delays {seed}")

    def sid(self, prefix: str) -> str:
        """Return a Twilio-like id: two capital letters and 32 hexadecimal digits."""
        return f"{prefix}{self._ids.getrandbits(128):032x}"

    def token(self) -> str:
        """Return a new value for the I-Twilio-Idempotency-Token header."""
        value = f"{self._ids.getrandbits(128):032x}"
        return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"

    def happens(self, chance: float) -> bool:
        """Say whether something of this chance (0 to 1) happens now."""
        return chance > 0 and self._faults.random() < chance

    def between(self, low: float, high: float) -> float:
        """Draw a duration in seconds between `low` and `high`."""
        return self._delays.uniform(low, high)
