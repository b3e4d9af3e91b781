"""The commands that take time: the launch with its progress, and the watch over a running campaign."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from commands.campaigns_opened import BY, CAMPAIGN, deed, in_words, local
from commands.campaigns_progress import progress_entry, progress_lines
from commands.campaigns_shown import entry_of
from commands.opened import Opened
from commands.shared import AS_JSON, opened, print_json
from config.clock import system_clock
from ivr.campaigns.choosing import Course
from ivr.campaigns.choosing import Progress as Chosen
from ivr.campaigns.launching import launch
from ivr.campaigns.lifecycle import campaign_of
from ivr.campaigns.progress import Progress, progress
from ivr.campaigns.rows import CampaignState

OVER = frozenset({CampaignState.CLOSED})
UP, CLEAR = "\x1b[F", "\x1b[K"
BROKEN_OFF = 130


@click.command("launch")
@CAMPAIGN
@BY
@AS_JSON
@in_words
def launch_command(campaign_id: int, by: str, as_json: bool) -> None:
    """Choose everybody who may be contacted, then let the campaign run.

    Ctrl-C breaks the choice off between two chunks: nobody has been rung by then, launching again goes on where it
    came to, and closing ends it.
    """
    ours, doing = opened(), deed(by)
    with _stopping() as stop, click.progressbar(length=1, label="Choosing", file=sys.stderr) as shown:

        def show(far: Chosen) -> None:
            shown.length = max(1, far.members)
            shown.update(far.seen - shown.pos)

        course = Course(progress=show, should_stop=stop)
        is_whole = launch(ours.store, campaign_id, ours.calendar, deed=doing, course=course)
    if not is_whole:
        click.echo(
            f"Broken off: nobody is rung. charterline campaigns launch {campaign_id} goes on, close ends it.", err=True
        )
        raise SystemExit(BROKEN_OFF)
    far = _progress(ours, campaign_id)
    if as_json:
        with ours.store.reading() as session:
            entry = entry_of(campaign_of(session, campaign_id))
        print_json({**entry, "targets": far.targets})
    else:
        click.echo(f"Campaign {campaign_id} runs: {far.targets:,} people, done by {local(far.ends_at)}.")


@click.command("watch")
@CAMPAIGN
@click.option("--every", type=click.FloatRange(0.2, 3600), default=1.0, show_default=True, help="Seconds.")
@click.option("--once", is_flag=True, help="Show it once, whatever its state.")
@AS_JSON
@in_words
def watch_command(campaign_id: int, every: float, once: bool, as_json: bool) -> None:
    """Watch a campaign until it is closed: progress, rate, dispositions, expected end. Ctrl-C stops watching only."""
    ours = opened()
    before = 0
    try:
        while True:
            far = _progress(ours, campaign_id)
            before = _show(far, before, as_json=as_json)
            if once or far.state in OVER:
                return
            time.sleep(every)
    except KeyboardInterrupt:
        click.echo("The campaign goes on.", err=True)


def _show(far: Progress, before: int, *, as_json: bool) -> int:
    """Print where the campaign is, over the lines printed before where this is a terminal; how many lines it took."""
    if as_json:
        print_json(progress_entry(far))
        return 0
    lines = progress_lines(far)
    over = UP * before if before and sys.stdout.isatty() else ""
    end = CLEAR if over else ""
    click.echo(over + "\n".join(line + end for line in lines))
    return len(lines)


def _progress(ours: Opened, campaign_id: int) -> Progress:
    with ours.store.reading() as session:
        return progress(session, campaign_of(session, campaign_id), ours.calendar, at=system_clock())


class _Stop:
    """Whether somebody pressed Ctrl-C."""

    def __init__(self) -> None:
        self.is_asked = False

    def __call__(self) -> bool:
        return self.is_asked

    def ask(self, _signal: int, _frame: FrameType | None) -> None:
        """Stop at the next chunk."""
        self.is_asked = True


@contextmanager
def _stopping() -> Iterator[_Stop]:
    """Ctrl-C asks to stop instead of tearing a transaction apart; it is as before afterwards."""
    stop = _Stop()
    before = signal.signal(signal.SIGINT, stop.ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


watching_commands = (launch_command, watch_command)
