"""Numbers as people write them, and their masking in log lines."""

import pytest

from carrier.numbers import is_dialable, masked, normalise


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("010-1000-0001", "+821010000001"),
        ("01010000001", "+821010000001"),
        ("+82 10-1000-0001", "+821010000001"),
        ("821010000001", "+821010000001"),
        ("1544-1120", "+8215441120"),
        ("18111234", "+8218111234"),
        ("02-1544-1120", "+82215441120"),
        ("0507-1234-5678", "+8250712345678"),
        ("080-1234-5678", "+828012345678"),
        ("110", "+82110"),
        ("+15005550006", "+15005550006"),
        ("15005550006", "+15005550006"),
        ("client:kim", "client:kim"),
        ("sip:kim@example.com", "sip:kim@example.com"),
        ("anonymous", "anonymous"),
        ("+266696687", "+266696687"),
    ],
)
def test_a_number_is_brought_to_the_form_that_twilio_uses(written: str, meant: str) -> None:
    """15xx, 16xx, 18xx have no area code; 02-1544-1120 is a different number."""
    assert normalise(written) == meant
    assert normalise(meant) == meant


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("+821010000001", True),
        ("client:kim", True),
        ("1544-1120", False),
        ("+0", False),
        ("", False),
        ("anonymous", False),
    ],
)
def test_only_e164_client_and_sip_addresses_can_be_dialled(address: str, fits: bool) -> None:
    assert is_dialable(address) is fits


def test_log_lines_hide_the_middle_of_a_number() -> None:
    assert masked("+821010000001") == "+8210***01"
    assert "somebody" not in masked("client:somebody")
