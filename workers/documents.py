"""Promises about papers: their sender is told, and answers kept for repeated requests are forgotten in time."""

from datetime import timedelta

from ivr.access.answers import purge
from ivr.documents import notices
from ivr.documents.changing import What, locked_document
from ivr.documents.receiving import promise_notice
from ivr.documents.rows import Document, DocumentState
from ivr.lines.daytime import daytime
from workers.job import Job, Later

# Nobody is in charge where everybody is away; after two days it is left to a person (`documents list --owed`).
LOOK_AGAIN, LOOK_FOR = timedelta(minutes=15), timedelta(days=2)


def tell_sender(job: Job) -> Later | None:
    """Write to the sender of papers by day, unless they were withdrawn or a newer notice is promised."""
    document = locked_document(job.session, job.text("document"))
    if document is None or document.state is DocumentState.WITHDRAWN:
        return None
    if daytime(job.at) > job.at:
        return Later(daytime(job.at))
    line, texts = job.line(document.line), job.house.texts.of(document.line)
    match What(job.text("what")):
        case What.RECEIPT:
            if not notices.tell_receipt(job.session, texts, document, line=line, at=job.at):
                promise_notice(job.session, document, What.OFFICER, at=job.at + LOOK_AGAIN)
        case What.OFFICER:
            is_told = notices.tell_officer(job.session, texts, document, line=line, at=job.at)
            return None if is_told else _again(job, document)
        case What.MISSING if job.args["round"] == document.rounds:
            notices.tell_missing(job.session, texts, document, line=line, at=job.at)
    return None


def give_to_officer(job: Job) -> Later | None:
    """Find the officer who tells a sender whom neither a text nor a telephone reaches."""
    document = locked_document(job.session, job.text("document"))
    if document is None or document.state is DocumentState.WITHDRAWN:
        return None
    is_given = notices.give_to_officer(job.session, document, line=job.line(document.line), at=job.at)
    return None if is_given else _again(job, document)


def _again(job: Job, document: Document) -> Later | None:
    """Look for somebody in charge again, for two days."""
    return Later(job.at + LOOK_AGAIN) if job.at < document.noted_at + LOOK_FOR else None


def purge_answers(job: Job) -> None:
    """Forget answers to requests that nobody repeats any more."""
    purge(job.session, at=job.at)
