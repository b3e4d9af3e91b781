"""What nobody sends: values that break readers; forms whose fields are missing, doubled, spoilt or unreadable."""

from collections.abc import Sequence
from typing import Final, TypeAlias
from urllib.parse import quote_plus

from hypothesis import strategies as st

from tests.people import caller_phone

Pair: TypeAlias = tuple[str, str]
Pairs: TypeAlias = tuple[Pair, ...]

# The number of a person: nobody who reads a log may find it there, wherever in a request it stood.
PERSON: Final = caller_phone(4321)
SPELLINGS: Final = (PERSON, "0" + PERSON[3:], f"0{PERSON[3:5]}-{PERSON[5:9]}-{PERSON[9:]}", PERSON[1:])
NASTY: Final = (
    *("", " ", "\x00", "a\x00b", "-1", "0", "00", "1e9", "0x10", "NaN", "Infinity", "null", "None", "true", "[]", "{}"),
    *(str(10**25), "-" + str(10**25), "2147483648", "9223372036854775808", "1.5", "١٢٣", "１２", "²"),
    *(
        "가" * 400,
        "x" * 5000,
        "\u202e거꾸로",
        "\U0001f469\u200d\U0001f467",
        "\ufeff",
        "\u2028",
        "a\r\nX-Injected: 1",
        "\x1b[31m",
        "\u0301" * 50,
    ),
    *(
        "' OR 1=1 --",
        '"><script>alert(1)</script>',
        "<Hangup/>",
        "]]>",
        "&amp;",
        "{{7*7}}",
        "${7*7}",
        "%(x)s",
        "{0}",
        "%s",
    ),
    *("\u2028", "a\r\nX-Injected: 1"),
    *("../../etc/passwd", "/", "..", "sip:a@b", "client:x", "tel:+1", "http://[::1", "//evil.example", "javascript:1"),
    *("9999-12-31", "0001-01-01", "2026-02-30", "9999-12-31T23:59:59+14:00", "24:00", "00:00-24:00", "Thu, 99 Foo"),
    *SPELLINGS,
)

values = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.integers().map(str),
)
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@st.composite
def spoilt(draw: st.DrawFn, pairs: Sequence[Pair]) -> Pairs:
    """These fields with one to three faults: one is replaced, left out, doubled, renamed, or something is added."""
    made = list(pairs)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(made)))
        if place == len(made):
            made.append((draw(names), draw(values)))
            continue
        name, value = made[place]
        fault = draw(st.sampled_from(("replace", "replace", "leave out", "double", "rename")))
        changed: list[Pair]
        match fault:
            case "replace":
                changed = [(name, draw(values))]
            case "double":
                changed = [(name, value), (name, draw(values))]
            case "rename":
                changed = [(draw(names), value)]
            case _:
                changed = []
        made[place : place + 1] = changed
    return tuple(made)


def written(pairs: Sequence[Pair]) -> bytes:
    """A form as it travels."""
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()


# Bodies that are no form: refused before anything is read.
unreadable = st.one_of(
    st.sampled_from((b"CallSid=%ff%fe", b"\xff\xfe", b"&".join([b"a=1"] * 501), b"%80=1")),
    st.binary(min_size=1, max_size=40).filter(lambda raw: not _is_text(raw)),
)


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
