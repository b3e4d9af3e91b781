"""What the core says in English put into the visitor's language: the same sentence with the same values.

`told.toml` holds each sentence twice: in `en` as the core writes it, its values in braces, in `ko` as people read it.
"""

import re
from functools import lru_cache
from typing import Final

from console.office import office
from console.visitor import wording
from console.words import ENGLISH

SUBJECT: Final = "told."
_FIELD: Final = re.compile(r"\\\{(\w+)\\\}")


def told(error: Exception | str) -> str:
    """The sentence in the visitor's language; one that nobody translated is shown as it is."""
    sentence = str(error).strip()
    words = wording()
    if words.language == ENGLISH:
        return sentence
    for pattern, id in _patterns():
        found = pattern.fullmatch(sentence)
        if found is not None:
            return words.say(id, **{name: value or "" for name, value in found.groupdict().items()})
    return sentence


def told_or(error: Exception, id: str) -> str:
    """The same, or the text `id` where nobody has translated the sentence."""
    sentence = told(error)
    is_worded = wording().language == ENGLISH or sentence != str(error).strip()
    return sentence if is_worded else wording().say(id)


def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    texts = office().wordings[ENGLISH].texts
    return _compiled(tuple((id, text) for id, text in texts.items() if id.startswith(SUBJECT)))


@lru_cache(maxsize=4)
def _compiled(texts: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences with more words of their own first: what is said exactly is not read as something more general."""
    ordered = sorted(texts, key=lambda item: -len(_FIELD.sub("", re.escape(item[1]))))
    return tuple((_pattern(text), id) for id, text in ordered)


def _pattern(text: str) -> re.Pattern[str]:
    seen: set[str] = set()

    def group(found: re.Match[str]) -> str:
        name = found[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>.+?)"

    return re.compile(_FIELD.sub(group, re.escape(text)), re.DOTALL)
