"""The trend of one standard as a chart: month by month, what was kept, missed and left open."""

from console.charter.room import texts
from console.reports.charts import Chart, Row, Tone, stacked
from console.reports.shown import Shown
from console.visitor import wording
from ivr.charters.model import Standard
from ivr.reports.counts import Counts
from ivr.reports.quarters import Month

TONES: tuple[Tone, ...] = ("met", "missed", "indeterminate", "exempt")


def trend_chart(standard: Standard, by_month: list[tuple[Month, Counts]]) -> Chart:
    """Months with anything judged, the findings of each in proportion."""
    words = texts().words
    shown = Shown(words)
    rows = tuple(_row(shown.month(month), counts, shown) for month, counts in by_month if _drawn(counts))
    title = words.say("report.by_month_chart", title=standard.title)
    legend = tuple((tone, wording().say(f"common.verdict.{tone}")) for tone in TONES)
    return Chart("trend", title, words.say("report.by_month_chart_told"), rows, legend)


def _drawn(counts: Counts) -> int:
    return sum(int(getattr(counts, tone)) for tone in TONES)


def _row(label: str, counts: Counts, shown: Shown) -> Row:
    numbers = tuple((tone, int(getattr(counts, tone))) for tone in TONES)
    told = [f"{wording().say(f'common.verdict.{tone}')} {number:,}" for tone, number in numbers if number]
    rate = shown.words.percent(counts.rate) if counts.rate is not None else ""
    return Row(label, " · ".join(filter(None, (rate, *told))), stacked(numbers))
