"""Was the caller told who answers: greeting, affiliation, name, title (promises K5, D5, T8)?"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from ivr.calls.facts import Told
from ivr.charters.judges.judgement import Finding, Found, Judgement, found
from ivr.charters.measures.calls import IdentityAnnounced
from ivr.charters.model import Standard
from ivr.charters.view import CallView, OfferView, OpeningView
from ivr.conduct.ticks import ticks_of
from ivr.lines.model import Line
from ivr.messages.fields import BadText, fill

GREETING = "greeting"
# The kinds of evidence, in the order in which they are named.
SPOKEN, CLIP, TICKED, HEARD, REVIEWED = KINDS = ("spoken", "clip", "ticked", "heard", "reviewed")
FIELDS = ("institution", "department", "name", "title")
# The weakest finding of several announcements is that of the call.
WEAKEST = (Finding.MISSED, Finding.INDETERMINATE, Finding.MET)


def identity_announced(standard: Standard, measure: IdentityAnnounced, view: CallView) -> Judgement:
    """Judge the announcement of every agent whom the caller met; a call has the finding of the weakest."""
    if view.talks:
        judged = [_of_talk(measure, view, offer) for offer in view.talks]
        return min(judged, key=lambda judgement: WEAKEST.index(judgement.finding))
    begun = view.told("announced")
    if begun and view.gone is not None:
        return found(facts=(*begun, view.gone)).excused(standard, "caller_gone", otherwise="identity.cut")
    return found(facts=begun).moot("call.not_answered")


def _of_talk(measure: IdentityAnnounced, view: CallView, offer: OfferView) -> Judgement:
    """What the system said and the caller heard out suffices; what it lacks may be heard, ticked or reviewed."""
    made = [fact for fact in view.told("announced") if fact.detail.get("offer") == offer.id]
    joining = [fact for fact in view.told("joining") if fact.detail.get("offer") == offer.id]
    spoken = parts_of(made[-1], view.line, offer) if made else frozenset()
    lacking = tuple(part for part in measure.parts if part not in spoken)
    if made and not lacking:
        return found(offer.id, facts=(*made, *joining)).met(f"identity.{_voice(made)}", parts=tuple(measure.parts))
    ticks = ticks_of(view.facts, offer.id)
    evidence = found(offer.id, facts=(*made, *joining, *(ticks[part] for part in lacking if part in ticks)))
    proven = _proofs(offer.opening, frozenset(ticks), lacking)
    unproven = tuple(part for part in lacking if not proven[part])
    if unproven:
        is_older = bool(made) and _is_older_wording(made[-1], view.line)
        return _unproven(evidence, offer.opening, unproven, is_announced=bool(made), is_older=is_older)
    named = {kind for part in lacking for kind in proven[part]} | ({_kind(made)} if spoken else set())
    kinds = tuple(kind for kind in KINDS if kind in named)
    return evidence.met("identity.met", parts=tuple(measure.parts), kinds=kinds)


def _proofs(
    opening: OpeningView | None, ticked: frozenset[str], parts: tuple[str, ...]
) -> Mapping[str, tuple[str, ...]]:
    """By part, the kinds of evidence for it besides the system's own words; a person's finding stands alone."""
    if opening is not None and opening.review is not None:
        return {part: (REVIEWED,) if opening.review == "heard" else () for part in parts}
    heard = opening.heard if opening is not None else frozenset()
    given = ((TICKED, ticked), (HEARD, heard))
    return {part: tuple(kind for kind, has in given if part in has) for part in parts}


def _unproven(
    evidence: Found, opening: OpeningView | None, parts: tuple[str, ...], *, is_announced: bool, is_older: bool
) -> Judgement:
    """What follows for parts without proof: matching alone never makes a miss, a person's finding does."""
    if is_older:
        return evidence.unknown("identity.older_wording")
    if opening is not None and opening.review is None:
        return evidence.unknown("identity.needs_review", parts=parts)
    if opening is not None:
        return evidence.missed("identity.reviewed", parts=parts)
    return evidence.missed("identity.incomplete", parts=parts) if is_announced else evidence.missed("identity.silent")


def _voice(made: Sequence[Told]) -> str:
    return "clip" if made[-1].detail.get("clip_url") else "system"


def _kind(made: Sequence[Told]) -> str:
    return CLIP if _voice(made) == "clip" else SPOKEN


def parts_of(made: Told, line: Line, offer: OfferView) -> frozenset[str]:
    """The parts that are in the words as they were told: by their template, else by the agent's own record."""
    text = str(made.detail.get("text", "")).strip()
    template, affiliation = _wording(made, line)
    if not _is_older_wording(made, line):
        pattern = _pattern(template, affiliation)
        filled = pattern.fullmatch(text) if pattern else None
        if filled:
            return frozenset(part for part, words in filled.groupdict().items() if words and words.strip())
    values = {
        "institution": affiliation,
        "department": offer.agent.department,
        "name": offer.agent.name,
        "title": offer.agent.title,
    }
    said = {part: text.find(words) for part, words in values.items() if words.strip()}
    places = [place for place in said.values() if place >= 0]
    greeting = {GREETING} if places and text[: min(places)].strip() else set()
    return frozenset(greeting | {part for part, place in said.items() if place >= 0})


def _wording(made: Told, line: Line) -> tuple[str, str]:
    """The template of the words, and the affiliation that they tell: the firm's to the customers of a client firm."""
    firm = str(made.detail.get("firm", ""))
    if firm and line.announcement.of_firm:
        return line.announcement.of_firm.replace("{firm", "{institution"), firm
    return line.announcement.template, line.spoken_institution


def _is_older_wording(made: Told, line: Line) -> bool:
    return made.detail.get("version") != line.announcement.version


@lru_cache(maxsize=64)
def _pattern(template: str, institution: str) -> re.Pattern[str] | None:
    """The template read backwards, with a group for each part; None for one that cannot be read so.

    It is what was said that counts: an agent promoted since then was announced rightly all the same.
    """
    marks = {part: f"<{part}>" for part in FIELDS}
    try:
        words = re.escape(" ".join(fill(template, marks).split()))
    except BadText:
        return None
    groups = {part: f"(?P<{part}>.+?)" for part in FIELDS} | {
        "institution": f"(?P<institution>{re.escape(institution)})"
    }
    first = min((place for mark in marks.values() if (place := words.find(re.escape(mark))) >= 0), default=0)
    pattern = f"(?P<{GREETING}>{words[:first]}){words[first:]}"
    for part, mark in marks.items():
        pattern = pattern.replace(re.escape(mark), groups[part], 1)
    return re.compile(pattern)
