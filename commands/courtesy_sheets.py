"""One call of a courtesy round as its rater sees it: the form, what the record suggests, and sheets."""

from sqlalchemy.orm import Session

from commands.courtesy_opened import ring_rule, words
from commands.opened import Opened
from ivr.courtesy.form import Form, Item
from ivr.courtesy.ledger import Ledger
from ivr.courtesy.rows import CourtesySheet
from ivr.courtesy.sheets import versions, visible
from ivr.courtesy.suggestions import Suggestion, suggestions

Entry = dict[str, object]


def entry_of(
    session: Session, installation: Opened, ledger: Ledger, *, call_id: str, rater: str
) -> tuple[Entry, list[str]]:
    """The call as JSON and as lines; sheets that the rater may not see yet are left out."""
    pick = ledger.pick(call_id)
    rule = ring_rule(installation, ledger.round.institution)
    found = suggestions(session, pick, form=ledger.form, rule=rule, words=words())
    sheets = visible(ledger, call_id, rater)
    disputes = [] if ledger.open_places(call_id) else list(ledger.disputes(call_id))
    entry: Entry = {
        "round": ledger.round.id,
        "call": call_id,
        "scored_twice": pick.second,
        "dropped": pick.dropped,
        "items": [_item(item, found) for item in ledger.form.items],
        "sheets": [sheet_entry(sheet) for sheet in sheets],
        "versions": [sheet_entry(sheet) for sheet in versions(ledger, call_id, rater)],
        "disputes": disputes,
    }
    return entry, _lines(ledger.form, call_id, found, sheets)


def sheet_entry(sheet: CourtesySheet) -> Entry:
    """A version of a sheet as JSON."""
    return {
        "place": sheet.place.value,
        "version": sheet.version,
        "rater": sheet.rater,
        "written_by": sheet.written_by,
        "written_at": sheet.written_at.isoformat(),
        "scores": sheet.scores,
        "note": sheet.note,
        "reason": sheet.reason,
    }


def _item(item: Item, found: list[Suggestion]) -> Entry:
    shown = item.model_dump(mode="json", exclude={"suggest", "from_version", "to_version"})
    one = next((one for one in found if one.item == item.id), None)
    hint = None if one is None else {"points": one.points, "words": one.words, "evidence": list(one.evidence)}
    return {**shown, "suggestion": hint}


def _lines(form: Form, call_id: str, found: list[Suggestion], sheets: list[CourtesySheet]) -> list[str]:
    told = {one.item: f"  [{one.points if one.points is not None else '?'}] {one.words}" for one in found}
    lines = [f"call {call_id}, {form.heading.title} ({form.name})"]
    for item in form.items:
        scale = f"{min(item.scores)}-{max(item.scores)}{', -' if item.not_applicable else ''}"
        given = "  ".join(f"{sheet.place.value} {_points(sheet, item.id)}" for sheet in sheets)
        lines.append(f"  {form.heading.stages[item.stage]}  {item.id:<18} {item.text} ({scale})  {given}")
        lines += [f"      {told[item.id]}"] if item.id in told else []
    lines += [f"  {sheet.place.value} by {sheet.rater}: {sheet.note}" for sheet in sheets if sheet.note]
    return lines


def _points(sheet: CourtesySheet, item: str) -> str:
    points = sheet.scores.get(item)
    return "-" if points is None else str(points)
