"""A document as one self-contained page for browsers, telephones and paper, written piece by piece."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from console.reports.blocks import Block, Document, Part, Section
from console.reports.shown import exact, moment
from console.reports.svg import drawn
from console.reports.tables import Cell, Kind, read
from ivr.reports.words import Words

HERE = Path(__file__).parent
PIECES_AT_A_TIME = 200
IN_PART, IN_SECTION = 3, 4
CLOSE_SECTION, CLOSE_ARTICLE = Markup("</section>\n"), Markup("</article>\n")


@dataclass(frozen=True, slots=True)
class Placed:
    """A block, its kind by name, the elements that must be closed before it, and the level of a small heading."""

    kind: str
    it: Block
    closes: Markup
    level: int


class _Outline:
    """Keeps which elements are open while blocks go by."""

    def __init__(self) -> None:
        self._open: list[Markup] = []

    def place(self, blocks: Iterator[Block]) -> Iterator[Placed]:
        for block in blocks:
            closes = Markup("")
            if isinstance(block, Part):
                closes = self.close()
                self._open = [CLOSE_SECTION]
            elif isinstance(block, Section):
                closes = self._close_article()
                self._open.append(CLOSE_ARTICLE)
            level = IN_SECTION if CLOSE_ARTICLE in self._open else IN_PART
            yield Placed(type(block).__name__, block, closes, level)

    def close(self) -> Markup:
        closing = Markup("").join(reversed(self._open))
        self._open = []
        return closing

    def _close_article(self) -> Markup:
        if CLOSE_ARTICLE in self._open:
            self._open.remove(CLOSE_ARTICLE)
            return CLOSE_ARTICLE
        return Markup("")


def page(document: Document, words: Words, lang: str) -> Iterator[bytes]:
    """The page in pieces, UTF-8; the calls behind a number are read when their list comes."""
    outline = _Outline()

    def reading(cell: Cell, kind: Kind) -> str:
        return read(cell, kind, words)

    say: Callable[..., str] = words.say
    stream = _template().stream(
        document=document,
        blocks=lambda: outline.place(iter(document.blocks)),
        closes_last=outline.close,
        css=Markup((HERE / "report.css").read_text(encoding="utf-8").strip()),  # noqa: S704 - our own file
        drawn=drawn,
        exact=exact,
        lang=lang,
        moment=moment,
        read=reading,
        say=say,
    )
    stream.enable_buffering(PIECES_AT_A_TIME)
    return (piece.encode("utf-8") for piece in stream)


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.get_template("report.html")
