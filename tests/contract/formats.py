"""The v2010 document's string formats: RFC 2822 times, endpoints, money, URLs."""

import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from jsonschema import FormatChecker

E164 = re.compile(r"\+[1-9]\d{6,14}")
_ENDPOINT = re.compile(r"client:[\w.@+-]{1,121}(\?.*)?|sip:[^@\s]+@\S+|sim:\w+|app:\w+")
_CHANNEL = re.compile(r"(whatsapp|messenger|rcs):\S+")


def endpoint(text: str) -> bool:
    """E.164, client:name, sip:name@host, sim: or app: [docs: voice/api/call-resource]."""
    return bool(E164.fullmatch(text) or _ENDPOINT.fullmatch(text))


def recipient(text: str) -> bool:
    """E.164, or a channel address such as whatsapp:+… [docs: messaging/api/message-resource]."""
    return bool(E164.fullmatch(text) or _CHANNEL.fullmatch(text))


def _rfc2822(text: str) -> bool:
    try:
        moment = datetime.strptime(text, "%a, %d %b %Y %H:%M:%S %z")
    except ValueError:
        return False
    # GMT in one spelling only: clients compare these strings; the weekday must be the date's own.
    return text.endswith("+0000") and moment.strftime("%a, %d %b %Y %H:%M:%S +0000") == text


def _iso(text: str) -> bool:
    try:
        return "T" in text and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _day(text: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text))


def _moment_or_day(text: str) -> bool:
    # The list filters are declared date-time and documented with days; both are served.
    return _iso(text) or _day(text)


def _page_or_url(text: str) -> bool:
    parts = urlsplit(text)
    return parts.path.startswith("/") or bool(parts.scheme and parts.netloc)


def _checker(rules: dict[str, Callable[[str], bool]]) -> FormatChecker:
    checker = FormatChecker(formats=())
    for name, accepts in rules.items():
        checker.checks(name)(lambda value, accepts=accepts: not isinstance(value, str) or accepts(value))
    return checker


# No "uri": the rules for URLs say more than yes or no. Nor "phone-number" in forms: the document gives it
# to Messages' From too, which may be an alphanumeric sender.
FORM = _checker({"endpoint": endpoint, "date": _day, "date-time": _moment_or_day})
QUERY = _checker({"phone-number": endpoint, "date": _day, "date-time": _moment_or_day})
ANSWER = _checker(
    {
        "uri": _page_or_url,
        "date-time-rfc-2822": _rfc2822,
        "phone-number": recipient,
        "currency": lambda text: bool(re.fullmatch(r"[A-Z]{3}", text)),
        "iso-country-code": lambda text: bool(re.fullmatch(r"[A-Z]{2}", text)),
    }
)
