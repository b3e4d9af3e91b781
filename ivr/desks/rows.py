"""The row of an open desk: which agent has it open in which session, and when it was last heard of."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment


class DeskPresence(Base):
    """An agent's desk in a browser; `session_id` is the session of the console in which it is open."""

    __tablename__ = "desk_presence"

    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    session_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Moment)
