"""Every kind of promise, the queue it is kept on, and the pair of functions that keep it."""

from collections.abc import Mapping

from workers import calls, checks, holding, place, texts, verdicts
from workers.job import Kind

CALLS, TEXTS, CHORES = "calls", "texts", "chores"
QUEUES = (CALLS, TEXTS, CHORES)

KINDS: Mapping[str, Kind] = {
    "follow": Kind(CALLS, calls.follow_call),
    "route": Kind(CALLS, calls.route),
    "place": Kind(CALLS, place.place, place.placed),
    "lapse": Kind(CALLS, calls.lapse),
    "bridge": Kind(CALLS, calls.bridge, calls.bridged),
    "dismiss": Kind(CALLS, calls.dismiss, calls.try_again),
    "rejoin": Kind(CALLS, calls.rejoin, calls.try_again),
    "hang-up": Kind(CALLS, calls.hang_up, calls.try_again),
    "hold": Kind(CALLS, holding.hold, calls.try_again),
    "resume": Kind(CALLS, holding.resume, calls.try_again),
    "wrap-up": Kind(CALLS, calls.bring_agent_back),
    "rest": Kind(CALLS, calls.bring_agent_back),
    "check-leg": Kind(CHORES, checks.check_leg, checks.leg_checked),
    "judge": Kind(CHORES, verdicts.judge),
    "record-clip": Kind(CALLS, place.ring_for_clip, place.rung_for_clip),
    "receipt": Kind(TEXTS, texts.receipt),
    "inform": Kind(TEXTS, texts.inform),
    "confirm-wish": Kind(TEXTS, texts.confirm_wish),
    "text": Kind(TEXTS, texts.send, texts.sent),
}
