"""Old and new releases side by side during a deploy: what only the new one understands is not lost with the old one."""

from sqlalchemy import Engine

from tests.workers.kept import Works


def test_a_promise_of_a_kind_that_only_the_next_release_keeps_waits_for_it(engine: Engine) -> None:
    works = Works.over(engine)
    works.promise("of-the-next-release")
    assert works.hand_and_keep() == []
    row = works.row("of-the-next-release")
    assert row.done_at is None
    assert row.handed_at is None
    assert row.due_at > works.clock.at
