"""What the cells of a list of customers may say about a consent, in Korean and English, and how days are written."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from ivr.consents.rows import Channel, Hours, Means, Purpose

PURPOSES: Final[Mapping[str, Purpose]] = {
    **{purpose.value.replace("_", ""): purpose for purpose in Purpose},
    "해피콜": Purpose.HAPPY_CALL,
    "만족도조사": Purpose.HAPPY_CALL,
    "의견조사": Purpose.OPINION_SURVEY,
    "설문조사": Purpose.OPINION_SURVEY,
    "마케팅조사": Purpose.MARKETING_SURVEY,
    "마케팅정보활용": Purpose.MARKETING_SURVEY,
    "광고": Purpose.ADVERTISING,
    "광고수신": Purpose.ADVERTISING,
    "전화판매": Purpose.TELESALES,
    "전화권유판매": Purpose.TELESALES,
}
CHANNELS: Final[Mapping[str, Channel]] = {
    "": Channel.VOICE,
    "voice": Channel.VOICE,
    "전화": Channel.VOICE,
    "음성": Channel.VOICE,
    "text": Channel.TEXT,
    "sms": Channel.TEXT,
    "문자": Channel.TEXT,
}
HOURS: Final[Mapping[str, tuple[Hours, ...]]] = {
    "": (Hours.DAY,),
    "day": (Hours.DAY,),
    "주간": (Hours.DAY,),
    "night": (Hours.NIGHT,),
    "야간": (Hours.NIGHT,),
    "both": (Hours.DAY, Hours.NIGHT),
    "주야간": (Hours.DAY, Hours.NIGHT),
    "종일": (Hours.DAY, Hours.NIGHT),
}
HOW: Final[Mapping[str, Means]] = {
    "": Means.IMPORT,
    **{means.value: means for means in Means},
    "서면": Means.PAPER,
    "종이": Means.PAPER,
    "신청서": Means.PAPER,
    "전화": Means.RECORDING,
    "녹취": Means.RECORDING,
    "녹음": Means.RECORDING,
    "웹": Means.WEB,
    "온라인": Means.WEB,
    "홈페이지": Means.WEB,
    "인터넷": Means.WEB,
    "상담원": Means.AGENT,
    "상담직원": Means.AGENT,
    "버튼": Means.KEY,
}
NOT: Final = frozenset({"", "no", "n", "0", "false", "아니오", "아니요", "미통보", "x"})
_SEOUL: Final = timezone(timedelta(hours=9))
_SPACES: Final = re.compile(r"[\s_-]")
_SEVERAL: Final = re.compile(r"[;,/|+·ㆍ]")
_DAY: Final = re.compile(
    r"((?:19|20)[0-9]{2})(?:[-./년]\s*([0-9]{1,2})[-./월]\s*([0-9]{1,2})[.일]?|([0-9]{2})([0-9]{2}))"
    r"(?:[ T]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?)?"
)


def word(cell: str) -> str:
    """A cell as it is looked up: without spaces, in small letters."""
    return _SPACES.sub("", cell).casefold()


def purposes_of(cell: str) -> tuple[Purpose, ...]:
    """The purposes that a cell names, several parted by `;` and the like; raises KeyError for an unknown word."""
    named = [word(part) for part in _SEVERAL.split(cell)]
    return tuple(dict.fromkeys(PURPOSES[one] for one in named if one))


def moment_of(cell: str) -> tuple[datetime, bool]:
    """A day (its first second in Seoul) or a local time, and whether it is a whole day; raises ValueError."""
    found = _DAY.fullmatch(cell.strip())
    if found is None:
        raise ValueError("this is no day such as 2026-11-01")
    year, month, day = int(found[1]), int(found[2] or found[4]), int(found[3] or found[5])
    hour, minute, second = (int(found[group] or 0) for group in (6, 7, 8))
    return datetime(year, month, day, hour, minute, second, tzinfo=_SEOUL).astimezone(UTC), found[6] is None
