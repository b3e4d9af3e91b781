"""Downloading the report of a quarter, and publishing its result."""

from functools import partial
from typing import Annotated, BinaryIO

from flask import abort, render_template, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.charter.room import blueprint, reading, texts
from console.doing import doing, done, on_page
from console.downloads import download
from console.forms import Faults, read_form
from console.office import office
from console.reports.charter_document import Told
from console.reports.writing import FORMATS, WRITINGS
from console.stories import accounts_of
from console.told import told_or
from console.visitor import STAFF, allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.lines.hours import SEOUL
from ivr.reports.charter_report import Audience
from ivr.reports.publishing import Publication, corrections, document_of, publications, publish, published
from ivr.reports.quarters import Quarter, read_quarter


class Note(BaseModel):
    """What is said of a publication; of a correction, why."""

    note: Annotated[str, Field(max_length=300)] = ""


@blueprint.get("/report/<period>.<form>")
@allowed(*STAFF)
def report(period: str, form: str) -> Response:
    """The report of a quarter for the public, without lists of calls, as a page, PDF, workbook or rows."""
    if form not in FORMATS:
        abort(404)
    quarter, told = _quarter(period), Told(texts().words, Audience.PUBLIC, listed=False)

    def write(file: BinaryIO) -> None:
        with reading(quarter) as read:
            WRITINGS[form](read, told, file, language=texts().language)

    return download(f"charter-{visitor().line.id}-{period}", f".{form}", write)


@blueprint.get("/publish/<period>")
@allowed(Role.SUPERVISOR)
def preview(period: str) -> str:
    """What would be published, beside what stands published."""
    with reading(_quarter(period)) as read:
        document, coverage = document_of(read.report), read.report.coverage
        standing = published(read.session, visitor().line.id, period)
        earlier = corrections(read.session, visitor().line.id, period)
        names = accounts_of(read.session, (one.by for one in earlier))
        return render_template(
            "charter/publish.html",
            period=period,
            document=document,
            coverage=coverage,
            is_over=_quarter(period).last < office().clock().astimezone(SEOUL).date(),
            standing=standing,
            is_same=standing is not None and standing.document == document,
            earlier=earlier,
            names=names,
        )


@blueprint.post("/publish/<period>")
@allowed(Role.SUPERVISOR)
def publish_result(period: str) -> Response:
    """Freeze the quarter's result for the public page."""
    form = read_form(Note)
    if isinstance(form, Faults):
        abort(400)
    with reading(_quarter(period)) as read:
        told = read.report
    words = partial(told_or, id="charter.publish_refused")
    with doing(on_page(words, url_for("charter.preview", period=period))) as session:
        publish(session, told, Publication(visitor().account_id, form.note), at=office().clock())
    return done(wording().say("charter.published_now", period=period), url_for("charter.page", period=period))


@blueprint.get("/published")
@allowed()
def publications_list() -> str:
    """Every quarter that stands published."""
    with office().store.reading() as session:
        rows = publications(session, visitor().line.id)
        names = accounts_of(session, (one.by for one in rows))
    return render_template("charter/published.html", rows=rows, names=names)


def _quarter(period: str) -> Quarter:
    try:
        return read_quarter(period)
    except ValueError:
        abort(404)
