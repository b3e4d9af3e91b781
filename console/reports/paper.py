"""A document as PDF: A4, an embedded Korean font, bookmarks, page numbers; the same bytes for the same document."""

import unicodedata
from datetime import UTC, datetime, time
from pathlib import Path
from typing import assert_never

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace, TTFFont

from console.reports.blocks import (
    Block,
    Calls,
    Command,
    Document,
    Heading,
    Paragraph,
    Part,
    Points,
    Section,
    Terms,
)
from console.reports.charts import Chart, Tone
from console.reports.tables import Column, Table, read
from ivr.reports.words import Words

FONTS = Path(__file__).parent / "fonts"
FAMILY = "pretendard"
FACES = (("", "PretendardGOV-Regular.subset.woff"), ("B", "PretendardGOV-Bold.subset.woff"))
# The subset has neither; the first is how Hancom writes a middle dot.
STAND_INS = {"\u2219": "\u00b7", "\uff05": "%"}
MISSING = "\u25a1"

MARGIN, FOOT = 16.0, 18.0
BODY, SMALL, TABLE_SIZE = 9.5, 8.0, 7.5
LINE = 5.2
TERM_WIDTH = 34.0
INK, SOFT, PALE, RULE = (30, 33, 36), (70, 76, 83), (244, 245, 246), (205, 209, 213)
WHITE = (255, 255, 255)
COLOURS: dict[Tone, tuple[int, int, int]] = {
    "met": (37, 110, 244),
    "plain": (37, 110, 244),
    "missed": (189, 44, 15),
    "indeterminate": (109, 120, 130),
    "range": (109, 120, 130),
    "exempt": RULE,
}
BAR_HEIGHT = 3.6
CELL_PADDING = 2.4
NARROWEST_TEXT = 24.0
TEXTS = frozenset({"text", "long"})


def paper(document: Document, words: Words, lang: str) -> bytes:
    """The whole document as PDF; lists of calls are for the page and the workbook."""
    sheet = _Sheet(words)
    sheet.set_lang(lang)
    sheet.set_title(document.title)
    sheet.set_subject(document.heading)
    sheet.set_creation_date(datetime.combine(document.dated, time(), tzinfo=UTC))
    sheet.add_page()
    sheet.say(document.heading, size=17, style="B", after=3)
    sheet.terms(Terms(document.about))
    for block in document.blocks:
        sheet.block(block)
    return bytes(sheet.output())


class _Sheet(FPDF):
    """Pages that know how each kind of block is drawn."""

    def __init__(self, words: Words) -> None:
        super().__init__(format="A4")
        self._words = words
        self.set_margin(MARGIN)
        self.set_auto_page_break(auto=True, margin=FOOT)
        for style, file in FACES:
            self.add_font(FAMILY, style, FONTS / file)
        font = self.fonts[FAMILY]
        self._known = frozenset(font.cmap) if isinstance(font, TTFFont) else frozenset[int]()
        self.set_font(FAMILY, size=BODY)

    def footer(self) -> None:
        """The number of the page, below each."""
        self.set_y(-13)
        self.set_font(FAMILY, size=SMALL)
        self.set_text_color(*SOFT)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="C")

    def clean(self, text: str) -> str:
        """The text in signs that the font has."""
        normal = unicodedata.normalize("NFC", text)
        swapped = (STAND_INS.get(sign, sign) for sign in normal)
        return "".join(sign if sign == "\n" or ord(sign) in self._known else MISSING for sign in swapped)

    def say(self, text: str, *, size: float = BODY, style: str = "", after: float = 1.5) -> None:
        """A paragraph over the whole width."""
        self.set_font(FAMILY, style, size)
        self.set_text_color(*INK)
        self.multi_cell(0, size * 0.55, self.clean(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(after)

    def block(self, block: Block) -> None:
        """Draw one block below what is there; lists of calls and commands are not for paper."""
        match block:
            case Part() | Section() | Heading():
                self._title(block)
            case Paragraph() | Points():
                self._sentences(block)
            case Terms():
                self.terms(block)
            case Chart():
                self._chart(block)
            case Table():
                self._table(block)
            case Calls() | Command():
                pass
            case unreachable:
                assert_never(unreachable)

    def _title(self, block: Part | Section | Heading) -> None:
        match block:
            case Part(title=title):
                self._keep_together(40)
                self.ln(4)
                self.start_section(self.clean(title), level=0)
                self.say(title, size=13, style="B")
            case Section(title=title):
                self._keep_together(60)
                self.ln(3)
                self.start_section(self.clean(title), level=1)
                self.say(title, size=11, style="B")
            case Heading(title=title):
                self._keep_together(45)
                self.say(title, style="B", after=0.5)

    def _sentences(self, block: Paragraph | Points) -> None:
        if isinstance(block, Paragraph):
            self.say(block.text)
            return
        for text in block.texts:
            self.say(f"\u00b7 {text}", after=0.8)

    def terms(self, terms: Terms) -> None:
        """Names at the left, what is said of them at the right."""
        for name, what in terms.pairs:
            self.set_font(FAMILY, "", BODY)
            lines = len(self._lines(what, self.epw - TERM_WIDTH))
            self._keep_together(lines * LINE + 2)
            top = self.get_y()
            self.set_font(FAMILY, "B", SMALL)
            self.set_text_color(*SOFT)
            self.cell(TERM_WIDTH, LINE, self.clean(name))
            self.set_font(FAMILY, "B" if what == terms.quoted else "", BODY)
            self.set_text_color(*INK)
            self.set_xy(self.l_margin + TERM_WIDTH, top)
            self.multi_cell(0, LINE, self.clean(what), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self.ln(0.8)
        self.ln(2)

    def _lines(self, text: str, width: float) -> list[str]:
        found = self.multi_cell(width, LINE, self.clean(text), align="L", dry_run=True, output="LINES")
        return found if isinstance(found, list) else []

    def _keep_together(self, height: float) -> None:
        """Begin a new page where what follows would be torn."""
        if self.will_page_break(height):
            self.add_page()

    def _chart(self, chart: Chart) -> None:
        self._keep_together(8 + len(chart.rows) * 14 + 6)
        self.say(chart.title, style="B", after=0.5)
        for row in chart.rows:
            self.say(f"{row.label}   {row.says}", size=SMALL, after=0.3)
            left, top = self.l_margin, self.get_y()
            self.set_fill_color(*PALE)
            self.rect(left, top, self.epw, BAR_HEIGHT, style="F")
            for bar in row.bars:
                self.set_fill_color(*COLOURS[bar.tone])
                width = float(bar.end - bar.start) * self.epw
                self.rect(left + float(bar.start) * self.epw, top, width, BAR_HEIGHT, style="F")
            if row.mark is not None:
                self.set_draw_color(*INK)
                x = left + float(row.mark) * self.epw
                self.line(x, top - 1, x, top + BAR_HEIGHT + 1)
            self.set_y(top + BAR_HEIGHT + 2.2)
        self._legend(chart)

    def _legend(self, chart: Chart) -> None:
        self.set_font(FAMILY, size=SMALL)
        self.set_text_color(*SOFT)
        for tone, name in chart.legend:
            x, y = self.get_x(), self.get_y()
            self.set_fill_color(*COLOURS[tone])
            self.rect(x, y + 1, 2.6, 2.6, style="F")
            self.set_x(x + 4)
            self.cell(self.get_string_width(self.clean(name)) + 6, 4.5, self.clean(name))
        self.ln(7)

    def _table(self, table: Table) -> None:
        self._keep_together(25)
        self.say(table.caption, size=SMALL, style="B", after=0.5)
        self.set_font(FAMILY, size=TABLE_SIZE)
        self.set_text_color(*INK)
        self.set_draw_color(*RULE)
        self.set_fill_color(*WHITE)
        texts = [
            [
                self.clean(read(cell, column.kind, self._words))
                for cell, column in zip(cells, table.columns, strict=True)
            ]
            for cells in table.rows
        ]
        heads = [self.clean(column.name) for column in table.columns]
        with self.table(
            align="LEFT",
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=self._widths(table.columns, heads, texts),
            headings_style=FontFace(emphasis="BOLD", fill_color=PALE),
            line_height=4.2,
            padding=(0.8, 1.0),
            v_align="TOP",
            text_align=tuple("LEFT" if column.kind in TEXTS | {"label"} else "RIGHT" for column in table.columns),
        ) as drawn:
            drawn.row(heads)
            for cells in texts:
                drawn.row(cells)
        self.ln(3)

    def _widths(self, columns: tuple[Column, ...], heads: list[str], rows: list[list[str]]) -> tuple[float, ...]:
        """Numbers and labels as wide as they are; texts share the rest by how much there is to say."""
        fixed: dict[int, float] = {}
        wanted: dict[int, float] = {}
        for place, (column, head) in enumerate(zip(columns, heads, strict=True)):
            texts = [row[place] for row in rows]
            if column.kind in TEXTS:
                wanted[place] = max(sum(map(len, texts)) / max(len(texts), 1), 6.0) ** 0.5
            else:
                widest = max(self.get_string_width(text) for text in (*texts, *head.split(), ""))
                fixed[place] = widest * 1.08 + CELL_PADDING
        rest = max(self.epw - sum(fixed.values()), NARROWEST_TEXT * len(wanted))
        whole = sum(wanted.values())
        return tuple(fixed[place] if place in fixed else rest * wanted[place] / whole for place in range(len(columns)))
