"""Writes config/demo/customers.csv, a list with all the faults of a real one: `python -m commands.demo_customers`."""

import csv
import io
import random
from pathlib import Path
from typing import Final

from config.files import DEMO_CUSTOMERS

HEADER: Final = (
    *("전화번호", "이름", "구분", "동의목적", "동의일", "시간대", "동의방법", "증빙"),
    *("수집출처", "동의문구", "철회일", "통보일"),
)
SURNAMES, GIVEN = "김이박최정강조윤장임한오서신권", "민수서연지훈유진하은도현수빈성호예린태윤"
GROUPS: Final = ("신규", "연장", "재기")
SOURCE, WORDING, SEED = "2026년 보증 상담 신청서", "happy-call-1", 5
VALID, NOBODYS, WITHDRAWN, OTHERS, TWICE = 200, 8, 5, 3, 8
# As spreadsheets and people write numbers; the last two of those who agreed have landlines.
SPELLINGS: Final = ("10{0}{1}", "+82 10-{0}-{1}", "０１０-{0}-{1}", " 010 {0} {1} ", "010.{0}.{1}")
LANDLINES: Final = ("042-1000-0101", "042-1000-0102")
REPRESENTATIVE: Final = ("1533-0098", "1533-0099")


def customers() -> str:
    """The whole file: 240 customers, of whom 200 may be rung for a happy call."""
    draw = random.Random(SEED)  # noqa: S311 - the same list each time
    rows = [_row(draw, place, _number(place)) for place in range(1, VALID + 1)]
    for place, number in zip((VALID - 1, VALID), LANDLINES, strict=True):
        rows[place - 1]["전화번호"] = number
    more = [_row(draw, place, _number(place)) for place in range(VALID + 1, VALID + 1 + NOBODYS + WITHDRAWN + OTHERS)]
    for row in more[:NOBODYS]:
        row.update(dict.fromkeys(HEADER[3:], ""))
    for row in more[NOBODYS : NOBODYS + WITHDRAWN]:
        row["철회일"] = "2026-11-02"
    for row in more[NOBODYS + WITHDRAWN :]:
        row["동의목적"] = "의견조사"
    rows += more
    rows += [_row(draw, VALID + 50 + place, number) for place, number in enumerate(REPRESENTATIVE)]
    rows += _refused(draw)
    rows += [dict(row) for row in draw.sample(rows[6 : VALID - 2], TWICE)]
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_mixed(draw, rows))
    return text.getvalue()


def _refused(draw: random.Random) -> list[dict[str, str]]:
    """Rows that no import takes, one for each reason."""
    wrong = (
        *({"동의일": f"2024-0{month}-15"} for month in (3, 5, 7, 9)),
        {"동의일": "2030-01-02"},
        *({"전화번호": number} for number in ("010-1234", "없음", "1.01E+09", "010-1100-0000-99", "")),
        {"증빙": ""},
        {"수집출처": ""},
        {"동의목적": "기타"},
        {"동의일": "작년 봄"},
    )
    return [_row(draw, VALID + 80 + place, _number(VALID + 80 + place)) | cells for place, cells in enumerate(wrong)]


def _row(draw: random.Random, place: int, number: str) -> dict[str, str]:
    day = f"2026-{draw.randint(3, 10):02}-{draw.randint(1, 28):02}"
    given = draw.sample(GIVEN, 2)
    cells = (number, draw.choice(SURNAMES) + "".join(given), draw.choices(GROUPS, (5, 4, 1))[0], "해피콜", day)
    proof = f"상담신청서 2026-{place:04}"
    return dict(zip(HEADER, (*cells, "주야간", "서면", proof, SOURCE, WORDING, "", day), strict=True))


def _number(place: int) -> str:
    middle, last = "1100", f"{place:04}"
    spelling = SPELLINGS[place - 1] if place <= len(SPELLINGS) else "010-{0}-{1}"
    return spelling.format(middle, last)


def _mixed(draw: random.Random, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """In no order, but the first rows as they are: they show how numbers are mended."""
    rest = rows[6:]
    draw.shuffle(rest)
    return rows[:6] + rest


def main(path: Path = DEMO_CUSTOMERS) -> None:
    """Write the file anew."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(customers(), encoding="utf-8-sig")


if __name__ == "__main__":
    main()
