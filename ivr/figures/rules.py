"""The rules of a line that its rows of figures are made by, as one short word: rows say by which they were made."""

import json
from functools import lru_cache
from hashlib import sha256

from ivr.lines.actions import ToConsent, ToNumber, ToRefusal, ToSay, ToText
from ivr.lines.model import Line

LENGTH = 12


@lru_cache(maxsize=256)
def rules_of(line: Line) -> str:
    """A digest of what `ivr/figures/reading.py` asks of the line; other words of the line leave it as it is."""
    rules = {
        "ring": line.ring.model_dump(include={"reading", "rings", "tone_ms", "pause_ms"}),
        "figures": line.figures.model_dump(),
        "firms": {id: sorted(firm.numbers) for id, firm in line.firms.items()},
        "serving": sorted(
            (menu, key)
            for menu, entries in line.menus.items()
            for key, entry in entries.keys.items()
            if isinstance(entry.action, ToSay | ToText | ToNumber | ToRefusal | ToConsent)
        ),
    }
    return sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()[:LENGTH]
