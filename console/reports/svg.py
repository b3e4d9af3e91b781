"""Charts as inline SVG: widths in percent, so that letters keep their size on a telephone and on paper."""

from fractions import Fraction

from markupsafe import Markup

from console.reports.charts import Bar, Chart, Row

ROW_HEIGHT = 62
BAR_HEIGHT = 14
BAR_TOP = 38
MARK_REACH = 4
FOOT = 8

OPEN = Markup(
    '<svg class="chart" role="img" width="100%" height="{height}" aria-labelledby="{id}-title {id}-desc" '
    'xmlns="http://www.w3.org/2000/svg"><title id="{id}-title">{title}</title><desc id="{id}-desc">{told}</desc>'
)
LABEL = Markup('<text x="0" y="{y}" class="label">{label}</text><text x="0" y="{below}" class="says">{says}</text>')
TRACK = Markup('<rect class="track" x="0" y="{y}" width="100%" height="{height}"/>')
BAR = Markup('<rect class="bar {tone}" x="{x}%" y="{y}" width="{width}%" height="{height}"/>')
MARK = Markup('<line class="mark" x1="{x}%" x2="{x}%" y1="{top}" y2="{bottom}"/>')
CLOSE = Markup("</svg>")


def drawn(chart: Chart) -> Markup:
    """The chart as one element, with its title and description for those who cannot see it."""
    head = OPEN.format(
        id=chart.id,
        title=chart.title,
        told=" ".join([chart.told, *(f"{row.label}: {row.says}." for row in chart.rows)]),
        height=len(chart.rows) * ROW_HEIGHT + FOOT,
    )
    return Markup("").join([head, *(_row(row, place * ROW_HEIGHT) for place, row in enumerate(chart.rows)), CLOSE])


def _row(row: Row, top: int) -> Markup:
    pieces = [
        LABEL.format(y=top + 13, below=top + 31, label=row.label, says=row.says),
        TRACK.format(y=top + BAR_TOP, height=BAR_HEIGHT),
        *(_bar(bar, top) for bar in row.bars),
    ]
    if row.mark is not None:
        # A line on the very edge would be cut in half.
        x = min(max(row.mark, Fraction(1, 400)), Fraction(399, 400))
        ends = {"top": top + BAR_TOP - MARK_REACH, "bottom": top + BAR_TOP + BAR_HEIGHT + MARK_REACH}
        pieces.append(MARK.format(x=_percent(x), **ends))
    return Markup("").join(pieces)


def _bar(bar: Bar, top: int) -> Markup:
    return BAR.format(
        tone=bar.tone,
        x=_percent(bar.start),
        width=_percent(bar.end - bar.start),
        y=top + BAR_TOP,
        height=BAR_HEIGHT,
    )


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.2f}"
