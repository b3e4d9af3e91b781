"""What every test of the workers has."""

from tests.log_lines import plain_log_lines

__all__ = ["plain_log_lines"]
