"""A worker calls our one function and no other, whatever somebody wrote into Redis."""

from pathlib import Path

from redis import Redis
from rq import Queue
from rq.callbacks import Callback
from rq.serializers import JSONSerializer

from workers.main import queue_worker

QUEUE = "chores"


def test_a_job_of_somebody_else_is_neither_imported_nor_called(redis_url: str, tmp_path: Path) -> None:
    with Redis.from_url(redis_url) as redis:
        queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
        queue.enqueue("os.mkdir", str(tmp_path / "called"))
        queue.enqueue("this.prints.when.it.is.imported")
        # Calls ours, with what is no promise, and names functions for after it.
        after = {"on_success": Callback("os.mkdir"), "on_failure": Callback("os.getcwd")}
        last = queue.enqueue("workers.main.run", str(tmp_path / "after"), **after)
        worker = queue_worker(QUEUE, redis)
        worker.work(burst=True, logging_level="CRITICAL")
        assert queue.count == 0
        assert [type(job).__name__ for job in (worker.queues[0].fetch_job(last.id),)] == ["PromiseJob"]
    assert list(tmp_path.iterdir()) == []
