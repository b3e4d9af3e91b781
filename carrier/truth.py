"""The ground truth of a call: exact times of all its legs, who talked with whom, and who hung up first."""

from __future__ import annotations

from carrier.calls import Call
from carrier.hearing import stamp
from carrier.network import Network


def truth_of(network: Network, call: Call) -> dict[str, object]:
    """Return the truth about a call and every leg that it was connected with; times have milliseconds."""
    legs = _connected(network, call)
    by_people = [leg for leg in legs if leg.ended_by == "person" and "answered" in leg.times]
    first = min(by_people, key=lambda leg: leg.times["ended"], default=None)
    return {
        "call": call.sid,
        "legs": [_leg(leg) for leg in legs],
        "bridges": [
            {"leg": leg.sid, "with": list(talk.others), "at": stamp(talk.at), "until": stamp(talk.until)}
            for leg in legs
            for talk in leg.talks
        ],
        "heard": {leg.sid: [piece.as_json() for piece in leg.heard] for leg in legs},
        "hung_up_first": first.sid if first else None,
    }


def _leg(leg: Call) -> dict[str, object]:
    times = leg.times
    ring = None
    if "ringing" in times and "answered" in times:
        ring = round((times["answered"] - times["ringing"]).total_seconds(), 3)
    return {
        "sid": leg.sid,
        "direction": leg.route.direction,
        "from": leg.route.from_,
        "to": leg.route.to,
        "status": leg.status,
        **{name: stamp(times.get(name)) for name in ("created", "initiated", "ringing", "answered", "ended")},
        "ring_seconds": ring,
        "ended_by": leg.ended_by or None,
    }


def _connected(network: Network, call: Call) -> list[Call]:
    children: dict[str, list[str]] = {}
    for leg in network.calls.values():
        if leg.route.parent:
            children.setdefault(leg.route.parent, []).append(leg.sid)
    found: dict[str, Call] = {}
    waiting = [call.sid]
    while waiting:
        sid = waiting.pop(0)
        known = network.calls.get(sid)
        if known is None or sid in found:
            continue
        found[sid] = known
        waiting += [other for talk in known.talks for other in talk.others]
        waiting += children.get(sid, [])
        waiting += [known.route.parent] if known.route.parent else []
    return list(found.values())
