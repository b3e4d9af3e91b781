"""A call that arrives and is routed in a process that is traced: `python -m tests.config.traced_life COLLECTOR DB`."""

import sys
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from config.settings import new_secret_keys
from config.tracing import begin_tracing, traced
from ivr.sealing import Keyring
from ivr.store import make_engine
from migrations.models import all_tables
from tests.http.board import Moment, Signed, arriving, board_over
from tests.workers.kept import Works, message
from workers.measuring import Measured


def main() -> None:
    """Let a call arrive, a text be ordered, a statement fail, and a page be asked for that is not there."""
    collector, path = sys.argv[1:]
    begin_tracing(collector)
    engine = make_engine(f"sqlite:///{path}", keyring=Keyring.from_secrets(new_secret_keys(bytes(range(64)))))
    all_tables().create_all(engine)
    carrier = Signed.to(board_over(engine, Moment()))
    assert carrier.post("/voice/incoming", arriving()).status_code == 200
    carrier.client.post("/voice/incoming", data={"From": "+821010000001"})
    carrier.client.get("/nowhere/+821010000001")
    works = Works.over(engine)
    works.keeper = replace(works.keeper, carrier=Measured(works.carrier))
    message(works)
    works.work()
    try:
        with traced("breaks", call="+821010000001"), engine.connect() as connection:
            connection.execute(text("SELECT nothing FROM nowhere WHERE number = :number"), {"number": "+821010000001"})
    except SQLAlchemyError:
        sys.stdout.write("lived\n")


if __name__ == "__main__":
    main()
