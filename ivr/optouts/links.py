"""The signed link in a text by which its recipient refuses more of them: it names a message, never a number."""

import hmac
from datetime import timedelta
from urllib.parse import quote

from ivr.messages.rows import Message
from ivr.numbers import PhoneNumber
from ivr.sealing import Keyring

PATH = "/t/"
LINKS_LAST = timedelta(days=180)


def refusal_path(keyring: Keyring, message_id: str, *, line_id: str, number: PhoneNumber) -> str:
    """The path under which the recipient of a message refuses texts of the line: `/t/MESSAGE.SIGNATURE`."""
    return f"{PATH}{quote(message_id, safe='')}.{_signature(keyring, message_id, line_id, keyring.index(number))}"


def message_of(token: str) -> str:
    """The id of the message that a token claims to be of; empty where it is no token."""
    claimed = token.rpartition(".")[0]
    return claimed if claimed.isprintable() else ""


def is_signed(keyring: Keyring, token: str, message: Message) -> bool:
    """Whether we gave this token out with this message, to this recipient, for this line."""
    claimed = token.rpartition(".")[2]
    expected = _signature(keyring, message.id, message.line, message.recipient_index)
    return hmac.compare_digest(claimed.encode("utf-8", "surrogatepass"), expected.encode())


def _signature(keyring: Keyring, message_id: str, line_id: str, index: str) -> str:
    return keyring.sign(f"refusal:{message_id}:{line_id}:{index}")
