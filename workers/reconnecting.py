"""A worker that does not stay away longer than Redis did."""

from rq import SimpleWorker

# RQ doubles its pause to a minute: after an outage callers would hold the line for so long with nobody routing them.
LONGEST_PAUSE_SECONDS = 2.0


class QueueWorker(SimpleWorker):
    """Asks for a Redis that is away every two seconds, however long it is."""

    max_connection_wait_time = LONGEST_PAUSE_SECONDS
