"""Charter tests run the whole product by telephone, on the stage of the telephone tests."""

from tests.phone.conftest import stage

__all__ = ["stage"]
