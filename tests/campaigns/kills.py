"""A campaign in real processes that are killed at random: `python -m tests.campaigns.kills --people 5000 --seed 1`.

Web, relay, workers and two diallers get SIGKILL; the carrier lives, and its own ledger of calls is the judge.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import httpx
from sqlalchemy import func, select
from twilio.rest import Client

from benchmarks import stores
from carrier.persons import PersonPlan
from commands.campaign_people import Story, invent, list_of
from commands.campaign_tempers import Temper, person_of
from commands.opened import Opened, open_installation
from commands.registration import register_numbers
from config.clock import system_clock
from config.settings import read_settings
from ivr.campaigns.rows import Campaign, CampaignState, Charge, ChargeState, Dial, DialOutcome, Target, TargetState
from ivr.consents.rows import Hours, Purpose
from ivr.numbers import PhoneNumber
from ivr.people.rows import Person
from ivr.store import Store
from ivr.surveys.rows import Disposition, Interview
from tests.campaigns.recovering import Recovery
from tests.campaigns.rooms import CHARTERLINE, Rooms, running, wait_for

LINE, QUESTIONNAIRE = "dcgf", "happy-dcgf"
SHARES = {
    Temper.COMPLETES: 40,
    Temper.BREAKS_OFF: 10,
    Temper.REFUSES_AT_ONCE: 5,
    Temper.REFUSES_LATER: 5,
    Temper.MACHINE: 10,
    Temper.BUSY: 30,
}
# The carrier speaks fast and people answer at once, so that thousands of calls fit into minutes.
SYLLABLES_PER_SECOND, SECONDS_A_CALL = 60.0, 12.0
SECONDS_TO_RECOVER = 180.0


@dataclass(frozen=True, slots=True)
class Asked:
    """The options."""

    people: int
    seed: int
    database: str
    cps: float
    calm: float


@dataclass(frozen=True, slots=True)
class Found:
    """What one run came to; `double` are calls of the ledger beyond one for each dial, `lost` what was left undone.

    `longest` is for how many seconds anything was in the hands of somebody, alive or dead.
    """

    people: int
    dials: int
    carrier_calls: int
    completed: int
    kills: Mapping[str, int]
    double: Sequence[str]
    lost: Sequence[str]
    wrong_sums: Sequence[str]
    seconds: float
    longest: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether nothing was double, lost, or does not come out."""
        return not (self.double or self.lost or self.wrong_sums)


def run(asked: Asked) -> Found:
    """Start everything, let a campaign run while processes die, and lay rows and ledger side by side."""
    with ExitStack() as stack:
        place = stack.enter_context(stores.folder())
        url = stack.enter_context(stores.database(asked.database, place))
        redis = stack.enter_context(stores.valkey(place))
        rooms = stack.enter_context(running(url, redis, place, speed=SYLLABLES_PER_SECOND, cps=asked.cps))
        opened = open_installation(read_settings(dict(rooms.environment)))
        stack.callback(opened.store.engine.dispose)
        introduce(rooms, opened, asked)
        campaign = approved_campaign(rooms, asked)
        rooms.start()
        began = time.monotonic()
        charterline(rooms, "campaigns", "launch", str(campaign), "--by", "second")
        patience = asked.people / asked.cps * 4 + SECONDS_TO_RECOVER
        recovery = Recovery(opened.store)
        with recovery.watching():
            with rooms.dying(asked.seed, asked.calm):
                wait_for(lambda: _is_nearly_over(opened.store, campaign), seconds=patience)
            wait_for(lambda: is_closed(opened.store, campaign), seconds=SECONDS_TO_RECOVER)
        seconds = time.monotonic() - began
        ledger = httpx.get(f"{rooms.carrier_url}/truth/placed", timeout=60).json()["placed"]
        found = found_in(opened.store, campaign, ledger, rooms, seconds)
        return replace(found, longest=recovery.longest)


def introduce(rooms: Rooms, opened: Opened, asked: Asked) -> None:
    """Let the carrier know our lines and everybody on the list."""
    settings = opened.settings
    client = Client(settings.twilio_account_sid, settings.auth_tokens[0])
    client.api.base_url = settings.twilio_api_url
    register_numbers(client, opened.lines, base_url=settings.public_base_url)
    dice, questionnaire = Random(f"people {asked.seed}"), opened.surveys.of(QUESTIONNAIRE)
    people = []
    for one in invent(asked.seed, asked.people, stories=(Story.AGREED,)):
        temper = dice.choices(list(SHARES), list(SHARES.values()))[0]
        people.append({"number": one.number, "person": _quick(person_of(temper, questionnaire, dice), dice).as_json()})
    httpx.put(f"{rooms.carrier_url}/admin/people", json={"people": people}, timeout=60).raise_for_status()


def _quick(plan: PersonPlan, dice: Random) -> PersonPlan:
    """The same person, in less time."""
    values = plan.as_json() | {"press_after": 0.2, "speak_seconds": 0.5, "hang_up_after": dice.uniform(8, 12)}
    if plan.answer_after is not None:
        values["answer_after"] = dice.uniform(0.2, 1.5)
    return PersonPlan(**values)  # type: ignore[arg-type]  # as they were, but for a few durations


def approved_campaign(rooms: Rooms, asked: Asked) -> int:
    """Import, create, check, rehearse and approve by the command line, as a supervisor does it."""
    people = invent(asked.seed, asked.people, stories=(Story.AGREED,))
    path = rooms.place / "people.csv"
    text = list_of(people, purposes=[Purpose.HAPPY_CALL], starts=system_clock().date())
    # The machine may run at any hour: everybody agreed to day and night.
    path.write_text(text.replace(f",{Hours.DAY},", ",both,"), encoding="utf-8")
    listed = charterline(rooms, "audiences", "import", str(path), "--line", LINE, "--by", "maker", "--json")
    about = ["--line", LINE, "--name", "kills", "--questionnaire", QUESTIONNAIRE]
    plan = ["--cps", str(asked.cps), "--concurrency", "500", "--plan", str(_plan(rooms.place))]
    audience = str(listed["audience"])
    made = charterline(rooms, "campaigns", "create", *about, "--audience", audience, *plan, "--by", "maker", "--json")
    campaign = str(made["campaign"])
    charterline(rooms, "campaigns", "check", campaign, "--by", "maker", "--json")
    charterline(rooms, "campaigns", "rehearse", campaign, "--people", "3", "--by", "maker", "--json")
    charterline(rooms, "campaigns", "approve", campaign, "--by", "second", "--json")
    return int(campaign)


def _plan(place: Path) -> Path:
    """Everybody has one turn: whoever was busy is not waited for."""
    never = "".join(f"[retries.{why}]\ntries = 0\n" for why in ("busy", "no_answer", "machine", "failed"))
    path = place / "plan.toml"
    path.write_text(never, encoding="utf-8")
    return path


def charterline(rooms: Rooms, *words: str) -> Mapping[str, object]:
    done = subprocess.run(
        [*CHARTERLINE, *words],
        env=dict(rooms.environment),
        cwd=stores.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr[-2000:]}")
    return json.loads(done.stdout) if "--json" in words else {}


def _is_nearly_over(store: Store, campaign: int) -> bool:
    """Whether only the last few are left: from then on nobody is killed any more."""
    with store.reading() as session:
        left = select(func.count()).where(Target.campaign_id == campaign, Target.state != TargetState.DONE)
        return session.get_one(Campaign, campaign).state is CampaignState.CLOSED or (session.scalar(left) or 0) < 5


def is_closed(store: Store, campaign: int) -> bool:
    with store.reading() as session:
        return session.get_one(Campaign, campaign).state is CampaignState.CLOSED


def found_in(store: Store, campaign: int, ledger: Sequence[Mapping[str, str]], rooms: Rooms, seconds: float) -> Found:
    with store.reading() as session:
        numbers = {person.id: person.number for person in session.scalars(select(Person).where(Person.line == LINE))}
        dials = session.scalars(select(Dial).where(Dial.campaign_id == campaign)).all()
        targets = session.scalars(select(Target).where(Target.campaign_id == campaign)).all()
        interviews = session.scalars(select(Interview).where(Interview.campaign_id == campaign)).all()
        charges = session.scalars(select(Charge).where(Charge.campaign_id == campaign)).all()
    placed = [dial for dial in dials if dial.outcome is not DialOutcome.NOT_PLACED]
    completed = sum(target.disposition is Disposition.COMPLETED for target in targets)
    sums = {
        "dials placed are calls of the carrier": (len(placed), len(ledger)),
        "completed interviews are completed targets": (
            sum(one.disposition is Disposition.COMPLETED for one in interviews),
            completed,
        ),
        "completed targets are free charges": (completed, sum(one.state is ChargeState.FREE for one in charges)),
        "no charge is held": (0, sum(one.state is ChargeState.RESERVED for one in charges)),
    }
    return Found(
        people=len(targets),
        dials=len(dials),
        carrier_calls=len(ledger),
        completed=completed,
        kills=dict(rooms.kills),
        double=list(_double(ledger, placed, numbers)),
        lost=list(_lost(targets, dials, ledger)),
        wrong_sums=[f"{what}: {left} and {right}" for what, (left, right) in sums.items() if left != right],
        seconds=seconds,
    )


def _double(
    ledger: Sequence[Mapping[str, str]], placed: Sequence[Dial], numbers: Mapping[int, PhoneNumber | None]
) -> Iterator[str]:
    """Calls of which no dial knows, and people whom the carrier was asked to ring more often than we know."""
    known = {dial.call_sid for dial in placed}
    yield from (f"call {one['sid']} is nobody's dial" for one in ledger if one["sid"] not in known)
    ours = Counter(number.e164 for dial in placed if (number := numbers[dial.person_id]) is not None)
    theirs = Counter(one["to"] for one in ledger)
    yield from (
        f"somebody was rung {count} times for {ours[to]} dials" for to, count in theirs.items() if count > ours[to]
    )


def _lost(targets: Sequence[Target], dials: Sequence[Dial], ledger: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """People who wait for ever, dials without an end, and dials that no call is."""
    yield from (f"target {one.person_id} is {one.state.value}" for one in targets if one.state is not TargetState.DONE)
    yield from (f"dial {one.id} has no end" for one in dials if one.ended_at is None)
    dialled = {dial.person_id for dial in dials}
    yield from (f"target {one.person_id} was never dialled" for one in targets if one.person_id not in dialled)
    sids = {one["sid"] for one in ledger}
    placed = [one for one in dials if one.outcome is not DialOutcome.NOT_PLACED]
    yield from (f"dial {one.id} is no call" for one in placed if one.call_sid not in sids)


def main() -> int:
    """Run once and print what was found; the exit status is 1 when anything was double, lost or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=5000, help="how many people")
    parser.add_argument("--seed", type=int, default=1, help="seed of people and kills")
    parser.add_argument("--database", choices=(stores.SQLITE, stores.POSTGRESQL), default=stores.POSTGRESQL)
    parser.add_argument("--cps", type=float, default=8.0, help="orders a second")
    parser.add_argument("--calm", type=float, default=15.0, help="mean of seconds between kills")
    found = run(Asked(**vars(parser.parse_args())))
    _print(f"{found.people} people, {found.dials} dials, {found.carrier_calls} calls by the carrier's ledger")
    _print(f"{found.completed} completed, in {found.seconds:.0f} s")
    _print("killed: " + ", ".join(f"{count} x {name}" for name, count in sorted(found.kills.items())))
    _print("longest in hand: " + ", ".join(f"{name} {seconds:g} s" for name, seconds in found.longest.items()))
    _print(f"{len(found.double)} double, {len(found.lost)} lost, {len(found.wrong_sums)} sums wrong")
    for line in [*found.double, *found.lost, *found.wrong_sums][:40]:
        _print(f"  {line}")
    return 0 if found.is_good else 1


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
