"""gunicorn's worker with threads, and with a measure of how long requests wait for one."""

from gunicorn.workers.gthread import ThreadWorker

from config.waited import TimedThreads


class WebWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """As its parent; its threads say how long each request waited (`config/waited.py`)."""

    def get_thread_pool(self) -> TimedThreads:
        """The threads that answer requests."""
        return TimedThreads(max_workers=self.cfg.threads)
