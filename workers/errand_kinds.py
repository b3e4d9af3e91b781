"""How each kind of errand is carried out: the same functions as on the command line, watched by the errand's row."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from ivr.audiences.choosing import Choice, Days, choose_served, listing_of
from ivr.audiences.columns import Given, WrongColumns
from ivr.audiences.importing import Reading, import_table
from ivr.audiences.lists import abandon_left, abandon_silent, ready_lists
from ivr.audiences.making import Listing, NothingToTake, Watch
from ivr.audiences.refusing import noting_refused
from ivr.audiences.rows import Origin
from ivr.audiences.tables import UnreadableTable, read_table
from ivr.base import Refused
from ivr.campaigns.choosing import Course
from ivr.campaigns.choosing import Progress as Chosen
from ivr.campaigns.launching import launch
from ivr.campaigns.lifecycle import Deed, UnknownCampaign
from ivr.consents.register import BadRegister, take_register
from ivr.consents.register_file import UNREADABLE, RegisterFile
from ivr.errands.doing import Stopped, results_since
from ivr.errands.rows import Errand, ErrandKind, Upload
from workers.clerk import CannotBeDone, Desk, Do, Touching

ROOT = Path(__file__).resolve().parents[1]
CHOICE = 20_000
LOOK_SECONDS = 0.5
LONGEST_REHEARSAL_SECONDS = 600
READ, WHOLE = 400, 1000


def import_list(desk: Desk, errand: Errand, touching: Touching) -> Mapping[str, object]:
    """Make a list of an uploaded file; the rows refused are kept beside it, and the file itself goes."""
    args, upload_id = errand.args, errand.subject
    source = _upload(desk, upload_id).name[:200]
    listing = Listing(errand.line, args["name"], Origin.IMPORT, source, errand.made_by)
    if (known := _made_before(desk, errand, listing)) is not None:
        _let_go(desk, upload_id)
        return {"audience": known}
    with _opened(desk, upload_id) as file, desk.uploads.opened_for_writing(f"{upload_id}.refused") as refused:
        _abandon_left(desk, errand, source)
        with _in_words(), read_table(file, _upload(desk, upload_id).name) as table, noting_refused(refused) as note:
            given = Given(**args["given"])
            reading = Reading(given, chosen=args["columns"], note=note, progress=touching.phase(0, READ))
            watch = Watch(desk.clock, touching.phase(READ, WHOLE))
            audience_id = import_table(desk.store, listing, table, reading=reading, watch=watch)
    _let_go(desk, upload_id)
    return {"audience": audience_id}


def choose_list(desk: Desk, errand: Errand, touching: Touching) -> Mapping[str, object]:
    """Make a list of everybody whom the line served on these days."""
    args = errand.args
    with _in_words():
        days = Days(date.fromisoformat(args["first"]), date.fromisoformat(args["last"]))
        choice = Choice(errand.line, Origin(args["origin"]), days)
        known = _made_before(desk, errand, listing_of(choice, args["name"], errand.made_by))
        if known is not None:
            return {"audience": known}
        watch = Watch(desk.clock, touching.phase(0, WHOLE))
        audience_id, _ = choose_served(desk.store, choice, name=args["name"], by=errand.made_by, watch=watch)
    return {"audience": audience_id}


def launch_campaign(desk: Desk, errand: Errand, touching: Touching) -> Mapping[str, object]:
    """Choose the targets of an approved campaign, then let it run."""
    told = touching.phase(0, WHOLE)

    def progress(far: Chosen) -> None:
        told(far.seen, far.members)

    deed = Deed(errand.made_by, desk.clock())
    with _in_words():
        course = Course(progress=progress, chunk=CHOICE)
        launch(desk.store, int(errand.subject), desk.calendar(), deed=deed, course=course)
    desk.ring_bell()
    return {"campaign": int(errand.subject)}


def rehearse_campaign(_desk: Desk, errand: Errand, touching: Touching) -> Mapping[str, object]:
    """Rehearse by the command, in a process of its own: it lives a whole campaign in virtual time."""
    asked = ["campaigns", "rehearse", errand.subject, "--people", str(errand.args["people"]), "--by", errand.made_by]
    command = [sys.executable, "-m", "commands.main", *asked, "--json"]
    # The arguments are our own: a campaign's number, a count, and the log-in name of whoever asked.
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            said, trouble = _heard(process, touching)
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        last = trouble.strip().splitlines()[-1:] or ["it ended without a word"]
        raise CannotBeDone(last[0].removeprefix("Error: "))
    found: dict[str, object] = json.loads(said)
    return {"campaign": found["campaign"]}


def take_reading(desk: Desk, errand: Errand, touching: Touching) -> Mapping[str, object]:
    """Put a reading of the do-not-call register in the place of the one before."""
    at, touch = desk.clock(), touching.phase(0, WHOLE)
    touch(1, 2)
    with _opened(desk, errand.subject) as file, _in_words(), desk.store.transaction() as session:
        found = RegisterFile(file, desk.store.keyring)
        checked_at = datetime.fromisoformat(errand.args["checked_at"])
        taken = take_register(session, found.indexes(), checked_at=checked_at, by=errand.made_by, at=at)
        found.check()
        entries = taken.entries
    _let_go(desk, errand.subject)
    return {"entries": entries, "strange": found.strange}


def _heard(process: "subprocess.Popen[str]", touching: Touching) -> tuple[str, str]:
    """What it said, once it is over. How long that takes nobody knows before: its progress nears the end slowly."""
    began = time.monotonic()
    while True:
        spent = time.monotonic() - began
        touching(int(WHOLE * spent / (spent + 8)))
        try:
            return process.communicate(timeout=LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            if spent > LONGEST_REHEARSAL_SECONDS:
                raise CannotBeDone("the rehearsal took more than ten minutes: try it with fewer people") from None


@contextmanager
def _opened(desk: Desk, upload_id: str) -> Iterator[BinaryIO]:
    file = desk.uploads.opened(upload_id)
    if file is None:
        raise CannotBeDone("the file is not there any more: send it again")
    with file:
        yield file


def _upload(desk: Desk, upload_id: str) -> Upload:
    with desk.store.reading() as session:
        return session.get_one(Upload, upload_id)


def _abandon_left(desk: Desk, errand: Errand, source: str) -> None:
    """What an earlier process of this errand left half made is made anew."""
    if errand.attempts > 1:
        with desk.store.transaction() as session:
            abandon_left(session, line=errand.line, source=source, by=errand.made_by, since=errand.made_at)


def _made_before(desk: Desk, errand: Errand, listing: Listing) -> int | None:
    """The list that an earlier process of this errand had made just before it was killed."""
    if errand.attempts == 1:
        return None
    with desk.store.reading() as session:
        ready = ready_lists(session, listing, since=errand.made_at)
        told = {result.get("audience") for result in results_since(session, errand.line, errand.made_at)}
    return next((id for id in ready if id not in told), None)


def _let_go(desk: Desk, upload_id: str) -> None:
    desk.uploads.remove(upload_id)
    with desk.store.transaction() as session:
        session.get_one(Upload, upload_id).removed_at = desk.clock()
        abandon_silent(session, at=desk.clock())


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except Stopped:
        raise
    except (UnreadableTable, WrongColumns, NothingToTake, Refused, UnknownCampaign, BadRegister) as error:
        raise CannotBeDone(str(error)) from error
    except UNREADABLE as error:
        raise CannotBeDone("the file is no list of numbers in UTF-8 or CP949: save it as CSV in UTF-8") from error


KINDS: Mapping[ErrandKind, Do] = {
    ErrandKind.IMPORT: import_list,
    ErrandKind.SERVED: choose_list,
    ErrandKind.LAUNCH: launch_campaign,
    ErrandKind.REHEARSE: rehearse_campaign,
    ErrandKind.REGISTER: take_reading,
}
