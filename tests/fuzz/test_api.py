"""Each operation of the API keeps to its document, whatever it is sent and whoever sends it."""

from functools import partial

from sqlalchemy import Engine

from tests.fuzz.api import Api, attack_an_operation
from tests.fuzz.trying import try_often
from tests.log_lines import operators_log
from tests.sizes import examples
from tests.store_fixtures.databases import ON_SQLITE


@ON_SQLITE
def test_each_operation_of_the_api_keeps_to_its_document(engine: Engine) -> None:
    api = Api.over(engine)
    assert len(api.operations) > 20
    with operators_log() as lines:
        for operation in api.operations:
            try_often(partial(attack_an_operation, api, operation), examples=examples(12))
    assert "api failed" not in lines.getvalue()
