"""Keys and fingerprints: what is the same request, and what is not."""

import pytest

from ivr.access.answers import NoKey, fingerprint, read_key


@pytest.mark.parametrize("written", ["abc", '"abc"', " abc "])
def test_a_key_may_be_quoted(written: str) -> None:
    assert read_key(written) == "abc"


@pytest.mark.parametrize("written", [None, "", '""', "a b", "a\nb", "ㄱ", "x" * 101])
def test_other_keys_are_refused(written: str | None) -> None:
    with pytest.raises(NoKey):
        read_key(written)


def test_the_order_of_members_makes_no_other_request() -> None:
    assert fingerprint("POST", "/a", {"x": 1, "y": 2}) == fingerprint("POST", "/a", {"y": 2, "x": 1})


def test_method_address_and_body_each_make_another_request() -> None:
    given = {
        fingerprint("POST", "/a", {"x": 1}),
        fingerprint("POST", "/a", {"x": "1"}),
        fingerprint("POST", "/b", {"x": 1}),
        fingerprint("PUT", "/a", {"x": 1}),
        fingerprint("POST", "/a", None),
    }
    assert len(given) == 5
