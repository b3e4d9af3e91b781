"""A written message as it is read aloud: numbers digit by digit, days and times in words, nothing without a sound."""

import re
from contextlib import suppress
from datetime import date, datetime, time

from ivr import korean
from ivr.numbers import BadNumber, PhoneNumber

SENDER = re.compile(r"^\[([^\]]+)\]\s*")
LINK = re.compile(r"https?://\S+")
MOMENT = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?: (\d{2}):(\d{2}))?(?!\d)")
CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?!\d)")
HOURS = re.compile(r"(?<!\d)(\d{1,2}) ?시")
MONTH = re.compile(r"(?<!\d)(\d{1,2})월")
# Telephone numbers and receipt numbers: groups with dashes between them, or long rows of digits.
GROUPED = re.compile(r"(?<![0-9A-Za-z-])[0-9A-Z*]+(?:-[0-9A-Z*]+)+(?![0-9A-Za-z-])|(?<![0-9A-Za-z-])\d{5,}(?!\d)")
COUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+")
SILENT = re.compile(r"[\[\](){}<>*#~|_]+")
ENDS = (".", "?", "!")


def spoken(body: str) -> list[str]:
    """The sentences to be said, one for each written line; a line that is only there to be clicked is left out."""
    lines = SENDER.sub("", body.strip()).split("\n")
    said = [_said(line) for line in lines if line.strip() and not LINK.search(line)]
    return [line for line in said if line]


def _said(line: str) -> str:
    read = MOMENT.sub(_moment, line)
    read = CLOCK.sub(_clock, read)
    read = HOURS.sub(lambda found: f"{korean.native(int(found[1]))} 시" if int(found[1]) else found[0], read)
    read = MONTH.sub(_month, read)
    read = GROUPED.sub(_group, read)
    read = COUNT.sub(lambda found: korean.sino(int(found[0].replace(",", ""))), read)
    read = " ".join(SILENT.sub(" ", read).split())
    return read if not read or read.endswith(ENDS) else f"{read}."


def _moment(found: re.Match[str]) -> str:
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        clock = time(int(found[4]), int(found[5])) if found[4] else None
    except ValueError:
        return found[0]
    if clock is None:
        return korean.calendar_day(day)
    at = datetime.combine(day, clock)
    return f"{korean.calendar_day(at.date())} {korean.clock_time(at.time())}"


def _clock(found: re.Match[str]) -> str:
    try:
        return korean.clock_time(time(int(found[1]), int(found[2])))
    except ValueError:
        return found[0]


def _month(found: re.Match[str]) -> str:
    number = int(found[1])
    return f"{korean.MONTHS[number - 1]}월" if 1 <= number <= len(korean.MONTHS) else found[0]


def _group(found: re.Match[str]) -> str:
    text = found[0]
    if "*" in text:
        # Of a masked number the end says enough to know it by.
        text = text.rpartition("-")[2].strip("*")
    elif text.isdigit():
        with suppress(BadNumber):
            text = PhoneNumber.parse(text).national
    return korean.digits(text)
