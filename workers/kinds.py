"""Every kind of promise, the queue it is kept on, and the pair of functions that keep it."""

from collections.abc import Mapping

from workers import calls, checks, conduct, figures, holding, listening, place, texts, transfers, verdicts
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
    "hold": Kind(CALLS, holding.hold, holding.held),
    "resume": Kind(CALLS, holding.resume, holding.resumed),
    "transfer": Kind(CALLS, transfers.transfer, transfers.transferred),
    "consult": Kind(CALLS, transfers.consult, transfers.consulted),
    "caller-comes": Kind(CALLS, transfers.caller_comes, calls.try_again),
    "fetch-back": Kind(CALLS, transfers.fetch_back, transfers.fetched_back),
    "take-back": Kind(CALLS, transfers.take_back, transfers.taken_back),
    "bring": Kind(CALLS, transfers.bring, calls.bridged),
    "tell-officer": Kind(TEXTS, transfers.tell_officer),
    "warn": Kind(CALLS, conduct.warn, conduct.warned),
    "time-notice": Kind(CALLS, conduct.time_notice, calls.try_again),
    "end-call": Kind(CALLS, conduct.end_call, calls.try_again),
    "respite": Kind(CALLS, conduct.bring_back_rested),
    "incident": Kind(CHORES, conduct.record_incident),
    "wrap-up": Kind(CALLS, calls.bring_agent_back),
    "rest": Kind(CALLS, calls.bring_agent_back),
    "check-leg": Kind(CHORES, checks.check_leg, checks.leg_checked),
    "record-opening": Kind(CALLS, listening.record, listening.recording),
    "stop-recording": Kind(CALLS, listening.stop, calls.try_again),
    "find-recording": Kind(CHORES, listening.find, listening.found),
    "stop-transcribing": Kind(CHORES, listening.stop_transcribing, calls.try_again),
    "hear-opening": Kind(CHORES, listening.hear),
    "judge": Kind(CHORES, verdicts.judge),
    "figure": Kind(CHORES, figures.figure),
    "tally": Kind(CHORES, figures.tally),
    "record-clip": Kind(CALLS, place.ring_for_clip, place.rung_for_clip),
    "receipt": Kind(TEXTS, texts.receipt),
    "inform": Kind(TEXTS, texts.inform),
    "confirm-wish": Kind(TEXTS, texts.confirm_wish),
    "text": Kind(TEXTS, texts.send, texts.sent),
}
