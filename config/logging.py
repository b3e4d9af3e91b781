"""One form for every log line, of ours and of the libraries, with telephone numbers masked."""

import logging
import logging.config
from collections.abc import Callable
from typing import Any, Literal, TypeAlias

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from config.metrics import UNNAMED, process_name

Format: TypeAlias = Literal["json", "text"]
Mask: TypeAlias = Callable[[str], str]


def configure_logging(log_format: Format, *, mask: Mask) -> None:
    """Send every log line of this process to standard error as `log_format`, its texts through `mask`."""
    logging.config.dictConfig(logging_tree(log_format, mask=mask))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def logging_tree(log_format: Format, *, mask: Mask) -> dict[str, Any]:  # Any: the shape of dictConfig
    """Return the configuration for `logging.config.dictConfig` (gunicorn takes it as it is)."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _shared(),
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _masking(mask),
            _renderer(log_format),
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": True},
            # These repeat each request with its address, which may name a caller.
            "httpx": {"level": "WARNING"},
            "twilio.http_client": {"level": "WARNING"},
            "urllib3": {"level": "WARNING"},
            "werkzeug": {"level": "WARNING"},
        },
    }


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.StackInfoRenderer(),
        _name_process,
    ]


def _name_process(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if (name := process_name()) != UNNAMED:
        event["process"] = name
    return event


def _masking(mask: Mask) -> Processor:
    # `at` and `process` are ours and hold no number; masking a date would destroy it.
    def mask_texts(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        for key, value in event.items():
            if isinstance(value, str) and key not in {"at", "process", "level", "logger"}:
                event[key] = mask(value)
            elif not isinstance(value, int | float | bool | None):
                event[key] = mask(str(value))
        return event

    return mask_texts


def _renderer(log_format: Format) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=False, timestamp_key="at", pad_event_to=0)
