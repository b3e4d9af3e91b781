"""What Twilio accepts as a URL of ours: host, personal data, connection overrides in the fragment."""

import re
from urllib.parse import SplitResult, parse_qsl, urlsplit

from .personal import telephone_number

# [docs: usage/webhooks/webhooks-connection-overrides]; milliseconds but for the retry count.
_OVERRIDES = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}
_POLICIES = {"4xx", "5xx", "ct", "rt", "all"}
_HOST = re.compile(r"^[A-Za-z0-9.:\[\]-]+$")


def callback_url(url: str) -> list[str]:
    """Faults of a URL that may be relative to the current document."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        return [f"{error}; write a valid URL"]
    faults = _address(url, parts, host)
    if number := telephone_number(f"{parts.path}?{parts.query}"):
        faults.append(f"the URL carries a telephone number ({number}); use an opaque id")
    return faults + _fragment(parts.fragment)


def absolute_url(url: str) -> list[str]:
    """Faults of a URL that has no base document: REST parameters, inline TwiML, Start callbacks."""
    faults = callback_url(url)
    return faults if is_absolute(url) else [*faults, "the URL must be absolute: nothing gives it a base"]


def is_absolute(url: str) -> bool:
    """Whether the URL names its scheme and host."""
    return bool(re.match(r"^(https?|wss?)://[^/]", url))


def _address(url: str, parts: SplitResult, host: str) -> list[str]:
    faults = []
    if not url.strip() or re.search(r"\s", url):
        faults.append("the URL is empty or has spaces; percent-encode it")
    if parts.scheme not in {"", "http", "https", "ws", "wss"}:
        faults.append(f"scheme {parts.scheme!r} is not fetched; use https")
    if host and not _HOST.match(host):
        faults.append(f"host {host!r} has a character that Twilio refuses (underscore?)")
    return faults


def _fragment(fragment: str) -> list[str]:
    faults = []
    for name, value in parse_qsl(fragment, keep_blank_values=True):
        if name in _OVERRIDES:
            low, high = _OVERRIDES[name]
            if not value.isdigit() or not low <= int(value) <= high:
                faults.append(f"#{name}={value} must be {low} to {high}")
        elif name == "rp" and not set(value.split(",")) <= _POLICIES:
            faults.append(f"#rp={value} must be a list of {', '.join(sorted(_POLICIES))}")
    return faults
