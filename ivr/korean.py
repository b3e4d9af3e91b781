"""How Korean says numbers, hours and dates, which particle follows a word, and how long speech lasts."""

import re
from datetime import date, datetime, time

ONE_BY_ONE = dict(zip("0123456789", "공일이삼사오육칠팔구", strict=True))
LETTER_NAMES = (
    *("에이", "비", "씨", "디", "이", "에프", "지", "에이치", "아이", "제이", "케이", "엘", "엠"),
    *("엔", "오", "피", "큐", "알", "에스", "티", "유", "브이", "더블유", "엑스", "와이", "제트"),
)
LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        LETTER_NAMES,
        strict=True,
    )
)
NATIVE_ONES = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
NATIVE_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
SINO_ONES = ("", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구")
SINO_PLACES = ("", "십", "백", "천")
SINO_MYRIADS = ("", "만", "억", "조")
MONTHS = ("일", "이", "삼", "사", "오", "유", "칠", "팔", "구", "시", "십일", "십이")
WEEKDAYS = "월화수목금토일"
PARTICLES = {
    "은/는": ("은", "는"),
    "이/가": ("이", "가"),
    "을/를": ("을", "를"),
    "과/와": ("과", "와"),
    "으로/로": ("으로", "로"),
}

RIEUL = 8
FIRST_SYLLABLE, LAST_SYLLABLE = "가", "힣"
CONSONANT_LETTERS = {"L": RIEUL, "M": 16, "N": 4, "R": RIEUL}
CONSONANT_DIGITS = {"0": 21, "1": RIEUL, "3": 16, "6": 1, "7": RIEUL, "8": RIEUL}

SYLLABLES_PER_SECOND = 6.0
PAUSES = {",": 0.25, ".": 0.5, "?": 0.5, "!": 0.5, "\n": 0.5}
WORD = re.compile(r"[A-Za-z]+|\d+|[가-힣]|[,.?!\n]")


def digits(text: str) -> str:
    """Read a telephone or receipt number digit by digit: `1544-1120` is 일오사사에 일일이공."""
    read = re.sub(r"[-\s]+", "에 ", text.strip().lstrip("+"))
    return "".join(ONE_BY_ONE.get(sign) or LETTERS.get(sign.upper(), sign) for sign in read)


def sino(number: int) -> str:
    """Read a whole number from 0 to 9,999 trillion the Sino-Korean way: minutes, money, dates."""
    if not 0 <= number < 10**16:
        raise ValueError(f"{number} cannot be read: give a whole number from 0 to 9,999,999,999,999,999")
    if number == 0:
        return "영"
    parts = [
        _below_myriad(number // 10 ** (4 * place) % 10**4) + name if number // 10 ** (4 * place) % 10**4 else ""
        for place, name in enumerate(SINO_MYRIADS)
    ]
    read = "".join(reversed(parts))
    return read.removeprefix("일") if 10**4 <= number < 2 * 10**4 else read


def _below_myriad(number: int) -> str:
    read = ""
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            read += ("" if digit == 1 and place else SINO_ONES[digit]) + SINO_PLACES[place]
    return read


def native(number: int) -> str:
    """Read a count as it stands before a counter (두 시, 세 번째); from 100 up the Sino-Korean way."""
    if number == 20:
        return "스무"
    if not 0 < number < 100:
        return sino(number)
    return NATIVE_TENS[number // 10] + NATIVE_ONES[number % 10]


def ordinal(number: int) -> str:
    """Read a place in a row: 첫 번째, 두 번째, 스물한 번째."""
    return f"{'첫' if number == 1 else native(number)} 번째"


def clock_time(moment: time) -> str:
    """Read a time of day on the twelve-hour clock: 오전 아홉 시, 오후 두 시 삼십 분."""
    half = "오전" if moment.hour < 12 else "오후"
    hour = native(moment.hour % 12 or 12)
    minutes = f" {sino(moment.minute)} 분" if moment.minute else ""
    return f"{half} {hour} 시{minutes}"


def calendar_day(day: date) -> str:
    """Read a day with its weekday; June and October lose their final consonant: 시월 오일 월요일."""
    return f"{MONTHS[day.month - 1]}월 {sino(day.day)}일 {WEEKDAYS[day.weekday()]}요일"


def moment(at: datetime, today: date) -> str:
    """Read a local time as heard on the local day `today`: 오늘 and 내일, otherwise with its date."""
    distance = (at.date() - today).days
    day = {0: "오늘", 1: "내일"}.get(distance) or calendar_day(at.date())
    return f"{day} {clock_time(at.time())}"


def with_particle(word: str, particle: str) -> str:
    """Add the particle that fits the end of a word; `particle` is one of the pairs in `PARTICLES`."""
    after_consonant, after_vowel = PARTICLES[particle]
    final = _final_consonant(word)
    takes_long = final != 0 and not (particle == "으로/로" and final == RIEUL)
    return word + (after_consonant if takes_long else after_vowel)


def _final_consonant(word: str) -> int:
    """The number of the last letter's final consonant in the Hangul table, 0 for a vowel."""
    sounding = [sign for sign in word if sign.isalnum()]
    last = sounding[-1].upper() if sounding else ""
    if FIRST_SYLLABLE <= last <= LAST_SYLLABLE:
        return (ord(last) - ord(FIRST_SYLLABLE)) % 28
    return CONSONANT_DIGITS.get(last) or CONSONANT_LETTERS.get(last, 0)


def spoken_seconds(text: str) -> float:
    """Estimate how long a text takes to say, in seconds, at the usual pace of a Korean announcement."""
    return round(sum(_seconds(piece) for piece in WORD.findall(text)), 1)


def _seconds(piece: str) -> float:
    if piece in PAUSES:
        return PAUSES[piece]
    if piece.isdigit():
        return len(sino(int(piece)) if len(piece) < 9 else piece) / SYLLABLES_PER_SECOND
    if piece.isascii():
        return max(1.0, len(piece) / 2.5) / SYLLABLES_PER_SECOND
    return 1 / SYLLABLES_PER_SECOND
