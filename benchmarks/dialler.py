"""`dialler`: dials a second of one dialler with a carrier that answers at once, beside bare requests to it."""

import threading
import time
from dataclasses import replace

import requests

from benchmarks.dialling import Ground, dialling_ground
from benchmarks.measured import at_least, compared, show
from benchmarks.run import Run
from benchmarks.stores import ACCOUNT_SID
from ivr.campaigns.pacing import MOST_PATIENCE
from ivr.orders import Carrier
from workers.dialler_hands import Hands
from workers.dialler_process import DiallerLoop
from workers.dialler_steps import Steps
from workers.main import make_house, telephone_carrier

ROUNDS, HANDS = 3, 8
# More than one process can do: it dials as fast as it gets.
PACE = 1000.0
PATIENCE_SECONDS = 120.0


def dialler(run: Run) -> None:
    """Claim, ask everything again, write the dial, give the order, settle it; the floor is one loop of bare POSTs."""
    count = run.many(1500, when_quick=100)
    for kind in run.databases:
        with dialling_ground(kind) as ground:
            _through(ground, count // 5)
            floors, ours = [], []
            for _ in range(ROUNDS):
                floors.append(_bare(ground, count))
                ours.append(_through(ground, count))
            show(replace(compared(("dialler", kind), "dials/s", ours=ours, floors=floors), goal=at_least(0.25)))


def _bare(ground: Ground, count: int) -> float:
    """Bare requests a second, one after the other over one connection."""
    url = f"{ground.settings.twilio_api_url}/2010-04-01/Accounts/{ACCOUNT_SID}/Calls.json"
    form = {
        "To": "+821020000001",
        "From": "+827010000001",
        "Url": "http://127.0.0.1:8080/voice/survey",
        "Timeout": "28",
    }
    with requests.Session() as session:
        session.auth = (ACCOUNT_SID, "token")
        began = time.perf_counter()
        for _ in range(count):
            session.post(url, data=form, timeout=10).raise_for_status()
        return count / (time.perf_counter() - began)


def _through(ground: Ground, count: int) -> float:
    """Dials a second of one loop, from the first order at the carrier to the last."""
    ground.campaign(count, PACE)
    start, settings = ground.noted(0)[1], ground.settings

    def port() -> Carrier:
        return telephone_carrier(settings)

    # As fast as it can: nothing is too late.
    hands = Hands(port, HANDS, patience=MOST_PATIENCE)
    loop = DiallerLoop(Steps(ground.store, make_house(settings, ground.store), lambda: None), hands, cps=PACE)
    thread = threading.Thread(target=loop.run)
    thread.start()
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while len(ground.noted(start)[0]) < count and time.monotonic() < give_up_at:
        time.sleep(0.25)
    loop.stop()
    thread.join()
    hands.stop()
    arrived = ground.noted(start)[0]
    if len(arrived) != count:
        raise RuntimeError(f"{len(arrived)} of {count} orders arrived at the carrier within {PATIENCE_SECONDS:g} s")
    return (count - 1) / (arrived[-1] - arrived[0]).total_seconds()
