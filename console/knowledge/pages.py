"""The pages of knowledge: what is known today, found by words, and one entry with all its versions."""

from flask import render_template, request

from console.centre import centre_line
from console.knowledge import acting, tables
from console.knowledge.opening import show
from console.knowledge.room import WRITING, blueprint, choices
from console.office import office
from console.paging import asked_after, cut
from console.visitor import allowed, visitor
from ivr.knowledge.listing import PAGE, Sought, list_knowledge
from ivr.knowledge.rows import Knowledge
from ivr.knowledge.searching import Asked, count_holding, search
from ivr.lines.hours import SEOUL

# Its forms are views of the same blueprint.
__all__ = ["acting", "blueprint", "tables"]
FOUND = 20


@blueprint.get("/")
@allowed()
def page() -> str:
    """What fits the words today, the best first; without words every entry, the latest first."""
    line, _ = centre_line()
    given, today = request.args, office().clock().astimezone(SEOUL).date()
    words = given.get("words", "").strip()[:100]
    chosen = {name: given.get(name, "") for name in ("firm", "product", "topic")}
    with_withdrawn = given.get("withdrawn") == "1" and visitor().may(*WRITING)
    with office().store.reading() as session:
        # Who writes knowledge looks at all firms; a firm that is chosen brings what is for all with it.
        asked = Asked(words, chosen["firm"] or None, chosen["product"], chosen["topic"])
        found = search(session, line, asked, day=today, limit=FOUND) if words else []
        firm, product, topic = (value or None for value in chosen.values())
        sought = Sought(line.id, firm=firm, product=product, topic=topic, with_withdrawn=with_withdrawn)
        after = asked_after(1)
        before = int(after[0]) if after and after[0].isascii() and after[0].isdigit() else None
        rows = [] if words else list_knowledge(session, sought, before=before, limit=PAGE + 1)
        return render_template(
            "knowledge/page.html",
            words=words,
            chosen=chosen,
            found=found,
            page=cut(rows, PAGE, _mark),
            with_withdrawn=with_withdrawn,
            holding=count_holding(session, line, today),
            choices=choices("common.all"),
            today=today,
            may_write=visitor().may(*WRITING),
        )


@blueprint.get("/<entry>")
@allowed()
def one(entry: str) -> str:
    """One entry: what it says, and what it said before."""
    return show(entry)


def _mark(row: Knowledge) -> tuple[str]:
    return (str(row.id),)
