"""How results of questions are printed: as JSON, and as lines to be read."""

from commands.shared import local_time
from ivr.rounding import percent
from ivr.surveys.counted import Part, QuestionResult, Results
from ivr.surveys.intervals import SMALL, Interval
from ivr.surveys.rates import Rates
from ivr.surveys.results import Comment

Entry = dict[str, object]
PLACES = 4


def entry_of(found: Results, said: list[Comment]) -> Entry:
    """The results and comments as JSON has them."""
    return {
        **_part(found.whole),
        "groups": [{"group": part.group, **_part(part)} for part in found.groups],
        "comments": [
            {
                "interview": comment.interview_id,
                "group": comment.group,
                "question": comment.question,
                "text": comment.text,
                "recording": comment.recording,
                "at": comment.at.isoformat(),
            }
            for comment in said
        ],
    }


def lines_of(found: Results, said: list[Comment]) -> list[str]:
    """The results and comments as lines."""
    lines = _part_lines(found.whole)
    for part in found.groups:
        lines += ["", f"group {part.group or '-'}", *_part_lines(part)]
    if said:
        lines += ["", "comments"]
    for comment in said:
        lines.append(f"  {local_time(comment.at)}  {comment.question}: {comment.text or comment.recording or '-'}")
    return lines


def _part(part: Part) -> Entry:
    return {
        "people": part.people,
        "dispositions": {one.value: count for one, count in sorted(part.dispositions.items())},
        "rates": _rates(part.rates),
        "questions": [_question(question) for question in part.questions],
    }


def _question(found: QuestionResult) -> Entry:
    mean = found.mean
    return {
        "id": found.id,
        "kind": found.kind,
        "text": found.text,
        "n": found.n,
        "small": found.is_small,
        "choices": [
            {
                "value": choice.value,
                "words": choice.words,
                "n": choice.n,
                "share": round(choice.share, PLACES),
                "interval": _interval(choice.interval),
            }
            for choice in found.choices
        ],
        "mean": round(mean.value, PLACES) if mean else None,
        "deviation": round(mean.deviation, PLACES) if mean else None,
        "mean_interval": _interval(mean.interval) if mean else None,
        "score": round(found.score, 2) if found.score is not None else None,
        "score_interval": _interval(found.score_interval),
    }


def _rates(rates: Rates) -> Entry:
    names = ("minimum", "with_partial", "estimated", "cooperation", "refusal", "contact")
    values = {name: getattr(rates, name) for name in names}
    return {name: None if value is None else round(value, PLACES) for name, value in values.items()}


def _interval(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [round(interval.low, PLACES), round(interval.high, PLACES)]


def _part_lines(part: Part) -> list[str]:
    far = ", ".join(f"{one.value} {count}" for one, count in sorted(part.dispositions.items()))
    rates = part.rates
    lines = [
        f"  {part.people} people: {far or '-'}",
        f"  response rate RR1 {_percent(rates.minimum)}, RR2 {_percent(rates.with_partial)}, RR3"
        f" {_percent(rates.estimated)}; cooperation {_percent(rates.cooperation)}; refusal {_percent(rates.refusal)}",
    ]
    for question in part.questions:
        lines += ["", *_question_lines(question)]
    return lines


def _question_lines(found: QuestionResult) -> list[str]:
    small = f" (under {SMALL}: read with care)" if found.is_small and found.n else ""
    lines = [f"  {found.id}: {found.text}  n = {found.n}{small}"]
    if found.mean is not None:
        score = f"; score {found.score:.1f}{_reach(found.score_interval)} of 100" if found.score is not None else ""
        lines.append(f"      mean {found.mean.value:.2f}{_reach(found.mean.interval, places=2)}{score}")
    for choice in found.choices if found.n else ():
        reach = choice.interval
        between = f" ({100 * reach.low:.1f} to {100 * reach.high:.1f})" if reach else ""
        lines.append(f"      {choice.value}  {choice.n:>6}  {percent(choice.share):>5} %{between}  {choice.words}")
    return lines


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{percent(share)} %"


def _reach(interval: Interval | None, *, places: int = 1) -> str:
    return "" if interval is None else f" ({interval.low:.{places}f} to {interval.high:.{places}f})"
