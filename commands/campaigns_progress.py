"""The progress of a campaign as JSON and as lines with a bar."""

from collections.abc import Mapping

from commands.campaigns_opened import Entry, iso, local
from ivr.campaigns.progress import Progress

BAR = 30


def progress_entry(far: Progress) -> Entry:
    """Progress as JSON."""
    return {
        "at": far.at.isoformat(),
        "state": far.state.value,
        "targets": far.targets,
        "done": far.done,
        "by_state": dict(far.by_state),
        "dispositions": dict(far.by_disposition),
        "dials": far.dials,
        "open_dials": far.open_dials,
        "outcomes": dict(far.by_outcome),
        "quotas": {group: {"taken": taken, "wanted": wanted} for group, (taken, wanted) in far.quotas.items()},
        "charges": dict(far.charges),
        "dials_a_second": round(far.rate, 3),
        "ends_at": iso(far.ends_at),
    }


def progress_lines(far: Progress) -> list[str]:
    """Progress in a few lines: the bar, who is where, and how it ended for how many."""
    lines = [
        f"{bar(far.done, far.targets)} {far.done:,} of {far.targets:,} done, {far.state.value}, "
        f"{far.rate:.2f} calls/s, end {local(far.ends_at)}",
        f"  calls: {far.dials:,} placed, {far.open_dials} open{_counts(far.by_outcome)}",
    ]
    lines.append(f"  people{_counts(far.by_disposition)}")
    wanted = {group or "all": f"{taken:,}/{most:,}" for group, (taken, most) in far.quotas.items()}
    if wanted:
        lines.append("  quotas: " + ", ".join(f"{group} {counts}" for group, counts in wanted.items()))
    return lines


def bar(done: int, of: int) -> str:
    """`[######----]` with the share in percent."""
    share = done / of if of else 0.0
    full = int(share * BAR)
    return f"[{'#' * full}{'-' * (BAR - full)}] {share:4.0%}"


def _counts(counts: Mapping[str, int]) -> str:
    return "".join(
        f"{':' if not place else ','} {word} {number:,}" for place, (word, number) in enumerate(counts.items())
    )
