"""Rules of spoken words: length, and voice and language that belong together."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

_LONGEST = 4096
_HANGUL = re.compile(r"[가-힣]")
# [docs: voice/twiml/say] Amazon's only Korean voices in the official list; "alice" speaks Korean too.
_KOREAN_POLLY = frozenset({"Polly.Seoyeon", "Polly.Seoyeon-Neural"})
_NO_KOREAN = frozenset({"man", "woman"})


def speech_faults(node: Element) -> Iterator[str]:
    """Faults of one Say; nothing for any other element."""
    if node.tag != "Say":
        return
    text, voice, language = "".join(node.itertext()), node.get("voice", ""), node.get("language", "")
    if len(text) > _LONGEST:
        yield f"Say: {len(text)} characters; at most {_LONGEST}, split it"
    spoken = voice_language(voice)
    if language and spoken and language != spoken:
        yield f"Say: voice {voice} speaks {spoken}, language is {language}; the words would not be spoken"
    elif language == "ko-KR" and _speaks_no_korean(voice):
        yield f"Say: voice {voice} does not speak ko-KR; the words would not be spoken"
    if _HANGUL.search(text) and "ko-KR" not in {language, spoken}:
        yield "Say: Korean text without language ko-KR or a Korean voice; the default is en-US"


def voice_language(voice: str) -> str:
    """The one language a voice speaks, as in Twilio's list; empty when its name does not tell."""
    if voice in _KOREAN_POLLY:
        return "ko-KR"
    found = re.match(r"Google\.([a-z]{2,3}-[A-Z]{2})-", voice)
    return found[1] if found else ""


def _speaks_no_korean(voice: str) -> bool:
    return voice in _NO_KOREAN or (voice.startswith("Polly.") and voice not in _KOREAN_POLLY)
