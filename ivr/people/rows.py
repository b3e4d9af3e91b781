"""The row of a person: one telephone number that one institution knows."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment
from ivr.numbers import PhoneNumber
from ivr.sealing import SealedNumber, SealedText

PersonId = BigInteger().with_variant(Integer, "sqlite")


class Person(Base):
    """Somebody whom the institution of a line serves, known by one number.

    A row is never deleted: who wishes to be forgotten loses number, index and name (`erased_at`), so that what was
    counted stays countable. The rows that refer to people come by the million, and therefore hold plain ids.
    """

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("line", "number_index"),)

    id: Mapped[int] = mapped_column(PersonId, primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    number: Mapped[PhoneNumber | None] = mapped_column(SealedNumber(place="person.number"))
    number_index: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str | None] = mapped_column(SealedText(place="person.name"))
    is_callable: Mapped[bool]
    takes_texts: Mapped[bool]
    added_at: Mapped[datetime] = mapped_column(Moment)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)
