"""The moves of a supervisor beside a talk."""

from datetime import datetime
from enum import StrEnum

from ivr.base import Moves, moved
from ivr.monitoring.rows import Monitoring, MonitoringState


class MonitoringEvent(StrEnum):
    """What can happen to it."""

    JOIN = "join"
    END = "end"


MONITORING_MOVES: Moves[MonitoringState, MonitoringEvent] = {
    (MonitoringState.ASKED, MonitoringEvent.JOIN): MonitoringState.PRESENT,
    (MonitoringState.ASKED, MonitoringEvent.END): MonitoringState.OVER,
    (MonitoringState.PRESENT, MonitoringEvent.END): MonitoringState.OVER,
}


def move_monitoring(monitoring: Monitoring, event: MonitoringEvent, at: datetime) -> None:
    """Move it; raises `Refused` when the table does not allow it."""
    monitoring.state = moved(MONITORING_MOVES, monitoring.state, event)
    if event is MonitoringEvent.JOIN:
        monitoring.joined_at = at
    else:
        monitoring.ended_at = at
