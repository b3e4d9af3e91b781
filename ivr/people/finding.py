"""The person behind a number, as one institution knows her; and her row, locked while her consents change."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.numbers import PhoneNumber
from ivr.people.rows import Person
from ivr.promises import insert_for
from ivr.sealing import index_of


def person_with(session: Session, line_id: str, number: PhoneNumber) -> Person | None:
    """Whoever the institution of a line knows by this number."""
    index = index_of(session, number)
    return session.scalar(select(Person).where(Person.line == line_id, Person.number_index == index))


def known_person(session: Session, line_id: str, number: PhoneNumber, *, at: datetime) -> Person:
    """The same, made known by this where she was not."""
    values = {
        "line": line_id,
        "number": number,
        "number_index": index_of(session, number),
        "is_callable": number.may_be_called,
        "takes_texts": number.takes_texts,
        "added_at": at,
    }
    adding = insert_for(session.get_bind().dialect.name, Person).values(values)
    session.execute(adding.on_conflict_do_nothing(index_elements=["line", "number_index"]))
    return session.scalars(
        select(Person).where(Person.line == line_id, Person.number_index == values["number_index"])
    ).one()


def locked_person(session: Session, person_id: int) -> Person | None:
    """The person's row, locked: whoever asks whether she may be dialled waits until this transaction is over."""
    query = select(Person).where(Person.id == person_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))
