"""The agent who is expected in tests, and the words that are listened for."""

from functools import cache

from config.files import LISTENING, read_folder
from ivr.listening.matching import Expected, PartHeard, match_opening
from ivr.listening.phrases import Phrases, load_phrases

KIM = Expected(
    institutions=("대전신용보증재단",),
    department="보증사업부",
    name="김민수",
    title="대리",
    aliases=("대전신보",),
    colleagues=("이서연", "박지훈", "남궁민", "황보라"),
)
RIGHT = "감사합니다. 대전신용보증재단 보증사업부 김민수 대리입니다."


@cache
def phrases() -> Phrases:
    return load_phrases(read_folder(LISTENING)["ko.toml"])


def parts_in(text: str, expected: Expected = KIM) -> dict[str, PartHeard]:
    """The parts of an opening by name."""
    return {part.part: part for part in match_opening(text, expected, phrases())}


def standing(text: str, part: str, expected: Expected = KIM) -> str:
    """How one part stands."""
    return parts_in(text, expected)[part].standing.value
