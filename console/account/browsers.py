"""What browsers call themselves, said shortly: name, version and system, or the first words where neither is known."""

import re
from typing import Final

# The order matters: most browsers also call themselves Chrome and Safari.
NAMES: Final = {"Edg": "Edge", "Whale": "Whale", "SamsungBrowser": "Samsung Internet", "OPR": "Opera"} | {
    name: name for name in ("Firefox", "HeadlessChrome", "Chrome", "Safari")
}
SYSTEMS: Final = {"Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad"} | {
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
SHORTENED: Final = 40


def browser_name(told: str) -> str:
    """The User-Agent in a few words."""
    found = next((match for name in NAMES if (match := re.search(rf"\b({name})/(\d+)", told))), None)
    if found is None:
        return told[:SHORTENED]
    system = next((shown for mark, shown in SYSTEMS.items() if mark in told), "")
    return f"{NAMES[found[1]]} {found[2]}" + (f" · {system}" if system else "")
