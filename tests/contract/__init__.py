"""The contract with the carrier: TwiML and v2010 REST checks, and `ContractWatch` to collect violations."""

from .rest_shape import check_request, check_response
from .twiml_lint import lint
from .watch import ContractWatch

__all__ = ["ContractWatch", "check_request", "check_response", "lint"]
