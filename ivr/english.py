"""How English says a moment to callers who chose it."""

from datetime import date, datetime

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def moment(at: datetime, today: date) -> str:
    """Read a local time as heard on the local day `today`: 3:10 p.m. today, 9 a.m. tomorrow, 9 a.m. on October 5."""
    half = "a.m." if at.hour < 12 else "p.m."
    minutes = f":{at.minute:02}" if at.minute else ""
    day = {0: "today", 1: "tomorrow"}.get((at.date() - today).days) or f"on {MONTHS[at.month - 1]} {at.day}"
    return f"{at.hour % 12 or 12}{minutes} {half} {day}"
