"""Whether a request was signed by the carrier: X-Twilio-Signature, HMAC-SHA1 under the auth token.

Nothing a stranger can send makes this raise; whatever cannot be checked counts as unsigned.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias
from urllib.parse import parse_qsl

Pairs: TypeAlias = tuple[tuple[str, str], ...]

FORM: Final = "application/x-www-form-urlencoded"
BODY_HASH: Final = "bodySHA256"
_MOST_FIELDS: Final = 500
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


@dataclass(frozen=True)
class Received:
    """One request as it arrived.

    `url` is the configured public URL with path and query byte for byte, never rebuilt from the Host header;
    `body` is the raw body; the other two are the headers of their name, None where missing.
    """

    url: str
    body: bytes
    content_type: str | None
    signature: str | None

    @cached_property
    def pairs(self) -> Pairs | None:
        """The form fields in order, repeated ones too: read these and no others, for these were signed.

        Empty without a form; None for a form that is not UTF-8 or has more than 500 fields.
        """
        if not self.is_form:
            return ()
        try:
            text = self.body.decode()
            return tuple(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS))
        except ValueError:
            return None

    @property
    def is_form(self) -> bool:
        """Whether the body is said to be a form, the one kind of body that the signature covers."""
        return (self.content_type or "").partition(";")[0].strip().lower() == FORM


def verify(received: Received, tokens: Sequence[str]) -> bool:
    """Whether one of the tokens signed the request (two during rotation); false for whatever is hostile.

    A body that is no form must match the `bodySHA256` of its URL, or it would go unsigned. After
    twilio.com/docs/usage/webhooks/webhooks-security and the published vectors of Twilio's libraries.
    """
    pairs = received.pairs
    if pairs is None or not received.signature or not _body_is_covered(received):
        return False
    claimed = _as_bytes(received.signature)
    return any(
        hmac.compare_digest(claimed, sign(url, pairs, token=token).encode())
        for token in tokens
        if token
        for url in _spellings(received.url)
    )


def sign(url: str, pairs: Iterable[tuple[str, str]], *, token: str) -> str:
    """Compute the signature of a URL and its form fields, as the carrier does and as tests must."""
    # Sorted by code point; a value that is given twice under one name counts once.
    text = url + "".join(name + value for name, value in sorted(set(pairs)))
    return base64.b64encode(hmac.digest(_as_bytes(token), _as_bytes(text), "sha1")).decode()


def _body_is_covered(received: Received) -> bool:
    if received.is_form or (not received.body and not received.content_type):
        return True
    fields = received.url.partition("#")[0].partition("?")[2].split("&")
    told = [value for name, equals, value in (field.partition("=") for field in fields) if name == BODY_HASH]
    actual = hashlib.sha256(received.body).hexdigest()
    return len(told) == 1 and hmac.compare_digest(_as_bytes(told[0].lower()), actual.encode())


def _spellings(url: str) -> Iterator[str]:
    """Give the spellings of one URL that the carrier may have signed, the likeliest first.

    Its back end adds or drops the port, its libraries disagree about apostrophes, and web servers do not
    tell a bare question mark at the end from none. The fragment is never signed.
    """
    address, mark, query = url.partition("#")[0].partition("?")
    if query:
        tails = dict.fromkeys(mark + spelled for spelled in (query, *_apostrophes(query)))
    else:
        tails = dict.fromkeys((mark, "?", ""))
    for tail in tails:
        for spelled in _ports(address):
            yield spelled + tail


def _ports(address: str) -> tuple[str, ...]:
    scheme, slashes, rest = address.partition("://")
    authority, slash, path = rest.partition("/")
    # A bracketed IPv6 address and a password hold colons of their own.
    colon = authority.rfind(":")
    if colon > max(authority.rfind("@"), authority.rfind("]")):
        other = authority[:colon]
    else:
        other = authority + _DEFAULT_PORTS.get(scheme.lower(), "")
    return address, scheme + slashes + other + slash + path


def _apostrophes(query: str) -> tuple[str, str]:
    return query.replace("'", "%27"), query.replace("%27", "'")


def _as_bytes(text: str) -> bytes:
    # Half a surrogate pair, as a hostile header may hold, must not raise.
    return text.encode("utf-8", "surrogatepass")
