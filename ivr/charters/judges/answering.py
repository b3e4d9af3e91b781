"""Who answered: who has the skill asked for (K3, A3), who settled it (T9); and what kind of call it is (A1)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from ivr.charters.judges.judgement import Judgement, found
from ivr.charters.measures.calls import FirstAnswererAnswers
from ivr.charters.measures.cases import KindRecorded
from ivr.charters.view import CallView, LaterCall

# Kinds whose skill has another name in the menus of lines.
SKILL_OF: Final[Mapping[str, str]] = {"fault": "repair"}


def skilled_agent_answers(view: CallView) -> Judgement:
    """Every agent who answered was chosen by the router for the team, or the skill in it, that the caller chose.

    The router matches skills as they are at the moment, and keeps by what it matched. Whoever came by a transfer,
    or came back, was chosen by an agent.
    """
    if not view.talks:
        return found(facts=[view.gone]).moot("call.not_answered")
    talks = [offer for offer in view.talks if offer.purpose is None]
    evidence = found(*(offer.id for offer in talks), facts=view.told("wait")[:1])
    if view.wanted is None or any(offer.asked is None for offer in talks):
        return evidence.unknown("skilled.no_choice")
    if all(offer.asked == view.wanted for offer in talks):
        return evidence.met("skilled.met")
    return evidence.missed("skilled.missed")


def kind_recorded(measure: KindRecorded, view: CallView) -> Judgement:
    """The key by which the caller chose says which of the kinds it is; without one, nothing on record does."""
    if not view.talks:
        return found(facts=[view.gone]).moot("call.not_answered")
    evidence = found(*(offer.id for offer in view.talks), facts=view.told("wait")[:1])
    skill = view.wanted[1] if view.wanted else ""
    chosen = tuple(kind for kind in measure.kinds if SKILL_OF.get(kind, kind) == skill)
    return evidence.met("kind.met", parts=chosen) if chosen else evidence.unknown("kind.not_chosen")


def first_answerer_answers(measure: FirstAnswererAnswers, view: CallView) -> Judgement:
    """The first agent settled it: nobody else took over, no wish to be called back, no call again in time.

    Whoever takes the same caller back has passed nobody on. A later call counts when it asked for the same team; of
    one that never chose nobody knows the matter.
    """
    if not view.talks:
        return found(facts=[view.gone]).moot("call.not_answered")
    offers = [offer.id for offer in view.talks]
    if len({offer.agent_id for offer in view.talks}) > 1 or any(offer.transferred for offer in view.talks):
        return found(*offers).missed("first.passed_on")
    wishes = view.told("callback-wished")
    if wishes:
        return found(*offers, facts=wishes).missed("first.callback")
    return _called_again(measure, view)


def _called_again(measure: FirstAnswererAnswers, view: CallView) -> Judgement:
    offer, days = view.talks[0].id, measure.repeat_days
    if not view.caller_known:
        return found(offer, facts=view.told("arrived")).unknown("first.withheld", days=days)
    ends = view.arrived_at + timedelta(days=days)
    again = [call for call in view.later if view.arrived_at < call.arrived_at <= ends]
    same = [call.id for call in again if _is_same_matter(call, view)]
    if same:
        # The first alone: calls after it change nothing, and need not have this one judged again.
        return found(offer, same[0]).missed("first.repeated", days=days)
    unclear = [call.id for call in again if call.team is None]
    if unclear:
        return found(offer, *unclear).unknown("first.unclear", days=days)
    return found(offer, facts=view.told("joining")).met("first.met", days=days)


def _is_same_matter(call: LaterCall, view: CallView) -> bool:
    return view.wanted is not None and call.team == view.wanted[0]
