"""Telephone numbers: the Korean plan, what may be shown, callers without a number, and masked log lines."""

import copy
import json
import pickle
import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ivr.numbers import BadNumber, NumberKind, PhoneNumber, Withheld, WithheldReason, caller_of, mask_numbers

PERSONAL_SERIES = ("010", "011", "02", "031", "042", "064", "070", "0502", "0507")
MIDDLES = st.from_regex(r"[2-9][0-9]{3}", fullmatch=True)
LASTS = st.from_regex(r"[0-9]{4}", fullmatch=True)
DASHES = st.sampled_from(["-", "", " ", ".", ") ", "–", " - ", "－"])


@st.composite
def written_numbers(draw: st.DrawFn) -> str:
    """A private Korean number in one of the ways people write it, with a middle group of four digits."""
    series, middle, last = draw(st.sampled_from(PERSONAL_SERIES)), draw(MIDDLES), draw(LASTS)
    dash = draw(DASHES)
    start = draw(
        st.sampled_from([series, f"+82{series[1:]}", f"+82 {series}", f"82-{series[1:]}", f"%2B82{series[1:]}"])
    )
    return f"{start}{dash}{middle}{dash}{last}"


@pytest.mark.parametrize(
    ("text", "e164", "kind", "national"),
    [
        ("010-1234-5678", "+821012345678", "mobile", "010-1234-5678"),
        ("+82 010-1234-5678", "+821012345678", "mobile", "010-1234-5678"),
        ("+82 (0)10-1234-5678", "+821012345678", "mobile", "010-1234-5678"),
        ("010.1234.5678", "+821012345678", "mobile", "010-1234-5678"),
        ("1012345678", "+821012345678", "mobile", "010-1234-5678"),
        ("821012345678", "+821012345678", "mobile", "010-1234-5678"),
        ("001-82-10-1234-5678", "+821012345678", "mobile", "010-1234-5678"),
        ("０１０－１２３４－５６７８", "+821012345678", "mobile", "010-1234-5678"),
        ("\u202d010‑1234‑5678\u202c", "+821012345678", "mobile", "010-1234-5678"),
        ("010-123-4567", "+82101234567", "mobile", "010-123-4567"),
        ("011-123-4567", "+82111234567", "mobile", "011-123-4567"),
        ("010-0000-0001", "+821000000001", "mobile", "010-0000-0001"),
        ("1544-1120", "+8215441120", "representative", "1544-1120"),
        ("+82 1544 1120", "+8215441120", "representative", "1544-1120"),
        ("1811-1234", "+8218111234", "representative", "1811-1234"),
        ("16701234", "+8216701234", "representative", "1670-1234"),
        ("02-1544-1120", "+82215441120", "landline", "02-1544-1120"),
        ("(02) 123-4567", "+8221234567", "landline", "02-123-4567"),
        ("042-380-3811", "+82423803811", "landline", "042-380-3811"),
        ("070-1000-0001", "+827010000001", "voip", "070-1000-0001"),
        ("0507-1234-5678", "+8250712345678", "personal", "0507-1234-5678"),
        ("050-71234-5678", "+8250712345678", "personal", "0507-1234-5678"),
        ("0502-123-4567", "+825021234567", "personal", "0502-123-4567"),
        ("080-123-4567", "+82801234567", "toll_free", "080-123-4567"),
        ("080-1234-5678", "+828012345678", "toll_free", "080-1234-5678"),
        ("0303-123-4567", "+823031234567", "telemarketing", "0303-123-4567"),
        ("060-700-1234", "+82607001234", "premium", "060-700-1234"),
        ("110", "+82110", "special", "110"),
        ("1345", "+821345", "special", "1345"),
        ("042-120", "+8242120", "special", "042-120"),
        ("+1 415 867 5309", "+14158675309", "foreign", "+1 415-867-5309"),
    ],
)
def test_a_number_is_read_as_koreans_write_it(text: str, e164: str, kind: str, national: str) -> None:
    number = PhoneNumber.parse(text)
    assert (number.e164, number.kind, number.national) == (e164, NumberKind(kind), national)
    assert PhoneNumber.parse(e164) == number
    assert PhoneNumber.parse(national) == number


def test_a_korean_number_dialled_from_abroad_is_the_same_number() -> None:
    assert PhoneNumber.parse("011 82 1544-1120", "US") == PhoneNumber.parse("1544-1120")
    assert PhoneNumber.parse("415-867-5309", "US").e164 == "+14158675309"


@pytest.mark.parametrize("short", ["107", "110", "112", "119", "120", "1330", "1345"])
def test_short_public_numbers_are_special_and_nobody_is_called_there(short: str) -> None:
    number = PhoneNumber.parse(short)
    assert number.kind is NumberKind.SPECIAL
    assert not number.may_be_called


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("anonymous", "more than digits"),
        ("010-1234-5678 내선 3", "more than digits"),
        ("٠١٠-١٢٣٤-٥٦٧٨", "more than digits"),
        ("010-1234-5678" + " " * 60 + "x", "characters"),
        ("380-3811", "no area code"),
        ("01544-1120", "numbering plan"),
        ("0 1 0 1 2 3 4 5 6 7 8", "a few groups"),
        ("010-1234-56789", "numbering plan"),
        ("+266696687", "numbering plan"),
        ("+", "more than digits"),
        ("00", "numbering plan"),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(BadNumber) as refusal:
        PhoneNumber.parse(text)
    assert why in refusal.value.why


def test_a_refusal_shows_the_shape_and_not_the_digits() -> None:
    with pytest.raises(BadNumber) as refusal:
        PhoneNumber.parse("010-9876-54321")
    assert refusal.value.what == "010-****-*****"
    assert "9876" not in str(refusal.value)


@given(st.text(max_size=60), st.sampled_from(["KR", "US", "JP"]))
def test_any_text_is_a_number_or_refused(text: str, region: str) -> None:
    try:
        number = PhoneNumber.parse(text, region)
    except BadNumber:
        return
    assert PhoneNumber.parse(number.e164) == number


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("010-1234-5678", "010-****-5678"),
        ("02-123-4567", "02-***-4567"),
        ("0507-1234-5678", "0507-****-5678"),
        ("+14158675309", "+1 ***-***-5309"),
        ("1544-1120", "1544-1120"),
        ("112", "112"),
    ],
)
def test_a_number_shows_itself_masked_everywhere(text: str, masked: str) -> None:
    number = PhoneNumber.parse(text)
    assert (number.masked, str(number), f"{number}") == (masked, masked, masked)
    assert repr(number) == f"<PhoneNumber {masked}>"


def test_a_number_goes_into_no_pickle_and_no_json() -> None:
    number = PhoneNumber.parse("010-1234-5678")
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(number)
    with pytest.raises(TypeError):
        json.dumps(number)
    assert copy.deepcopy([number]) == [number]


def test_a_number_never_changes() -> None:
    number = PhoneNumber.parse("010-1234-5678")
    with pytest.raises(AttributeError, match="never changes"):
        number.e164 = "+8215441120"  # type: ignore[misc]
    assert {number, PhoneNumber.parse("+821012345678")} == {number}
    assert number != "+821012345678"


@pytest.mark.parametrize(
    ("text", "takes_texts", "may_be_called"),
    [
        ("010-1234-5678", True, True),
        ("02-123-4567", False, True),
        ("070-1234-5678", False, True),
        ("0507-1234-5678", False, True),
        ("1544-1120", False, False),
        ("1811-1234", False, False),
        ("060-700-1234", False, False),
        ("0303-123-4567", False, False),
        ("080-123-4567", False, False),
        ("+14158675309", False, True),
        ("+19005551234", False, False),
    ],
)
def test_only_persons_are_called_and_only_mobiles_are_texted(
    text: str, *, takes_texts: bool, may_be_called: bool
) -> None:
    number = PhoneNumber.parse(text)
    assert (number.takes_texts, number.may_be_called) == (takes_texts, may_be_called)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (None, WithheldReason.UNAVAILABLE),
        ("", WithheldReason.UNAVAILABLE),
        ("unavailable", WithheldReason.UNAVAILABLE),
        ("+86282452253", WithheldReason.UNAVAILABLE),
        ("anonymous", WithheldReason.HIDDEN),
        ("Anonymous ", WithheldReason.HIDDEN),
        ("+266696687", WithheldReason.HIDDEN),
        ("266696687", WithheldReason.HIDDEN),
        ("Restricted", WithheldReason.HIDDEN),
        ("+7378742833", WithheldReason.HIDDEN),
        ("client:agent_1", WithheldReason.ADDRESS),
        ("sip:1001@pbx.example.kr", WithheldReason.ADDRESS),
        ("sip:anonymous@anonymous.invalid", WithheldReason.ADDRESS),
        ("내선 3번", WithheldReason.UNREADABLE),
        ("7", WithheldReason.UNREADABLE),
    ],
)
def test_a_caller_without_a_number_is_withheld_with_the_reason(said: str | None, reason: WithheldReason) -> None:
    assert caller_of(said) == Withheld(reason)


@pytest.mark.parametrize(
    "said", ["+821012345678", "010-1234-5678", "sip:+821012345678@pbx.example.kr", "tel:+821012345678"]
)
def test_a_caller_with_a_number_has_it(said: str) -> None:
    assert caller_of(said) == PhoneNumber.parse("010-1234-5678")


@given(st.none() | st.text() | st.from_regex(r"(?:sip:)?[+0-9@; -]{0,20}", fullmatch=True))
def test_no_caller_raises(said: str | None) -> None:
    assert caller_of(said).masked


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("고객 010-1234-5678님이 01098765432로", "고객 010-****-5678님이 010****5432로"),
        ("From=%2B821012345678&To=%2B14158675309", "From=%2B8210****5678&To=%2B1******5309"),
        ("{'from': '+82 10 1234 5678'}", "{'from': '+82 10 **** 5678'}"),
        ("02)123-4567, (031) 1234-5678", "02)***-4567, (031) ****-5678"),
        ("０１０１２３４５６７８", "０１０****５６７８"),
        ("0507-1234-5678 +1 415-867-5309", "0507-****-5678 +1 ***-***-5309"),
    ],
)
def test_private_numbers_are_starred_where_they_stand(line: str, masked: str) -> None:
    assert mask_numbers(line) == masked


@pytest.mark.parametrize(
    "line",
    [
        "line 1544-1120 asked by 110",
        "2026-11-21T01:02:03.123456Z 127.0.0.1:8080 10.0.255.255",
        "2026-02-12 345678 rows in 0.0312345 s",
        "CA01012345678901234567890123456789",
        "0f8b0212-0101-2345-6789-010123456789",
        "receipt 20261121-0001, epoch 1763700000, total 1,234,567",
        "",
    ],
)
def test_public_numbers_dates_and_ids_are_left_alone(line: str) -> None:
    assert mask_numbers(line) == line


@given(st.text(), written_numbers(), st.text())
@example("+ ", "010-2345-6789", "")
@example("", "02-2345-0212", " 345678")
@example("1544-0112 ", "010-2345-6789", "")
def test_no_private_number_survives_in_any_log_line(before: str, written: str, after: str) -> None:
    # Beside other digits it would be another number, and beside ASCII letters it may be part of an id.
    assume(not re.search(r"[0-9０-９A-Za-z%+＋]$", before) and not re.match(r"[0-9０-９A-Za-z]", after))
    shown = mask_numbers(f"{before}{written}{after}")
    assert shown[len(before) : len(before) + len(written)].count("*") >= len("1234")


@given(st.text("0123456789 -+().82", max_size=40))
def test_whatever_reads_as_a_private_number_is_gone_after_masking(line: str) -> None:
    assume(not re.search(r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}|[0-9]{32}", line))
    shown = mask_numbers(line)
    assert mask_numbers(shown) == shown
    assert not [piece for piece in _pieces(shown) if _is_private(piece)]


def _pieces(line: str) -> set[str]:
    """Every stretch of the line that begins and ends with whole runs of digits."""
    runs = list(re.finditer("[0-9]+", line))
    return {line[first.start() : last.end()] for first in runs for last in runs if first.start() < last.end()}


def _is_private(piece: str) -> bool:
    try:
        number = PhoneNumber.parse(piece)
    except BadNumber:
        return False
    return number.masked != number.national
