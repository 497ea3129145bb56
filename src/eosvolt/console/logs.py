"""Structured logs: one event a line, JSON for programs and colours for people."""

import logging
import sys

import structlog

from eosvolt.config import Settings

SPURIOUS = (
    # uvicorn logs this error for each handshake that is correctly refused with 401 or 404.
    "ASGI callable returned without completing handshake",
    # psycopg logs this warning if a command or the server ends while a connection is being opened.
    "query cancellation interrupted",
)


# Tracebacks without the values of variables, which may be keys, passwords or card numbers.
_PLACES_ONLY = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def configure_logs(settings: Settings) -> None:
    """Send all logs, the libraries' too, to standard error in the format that is set."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    last: list[structlog.typing.Processor] = (
        [structlog.processors.ExceptionRenderer(_PLACES_ONLY), structlog.processors.JSONRenderer()]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    handler.addFilter(lambda record: not any(each in record.getMessage() for each in SPURIOUS))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Requested URLs may be secret, such as that of an upload.
    for library in ("httpx2", "uvicorn.error", "ocpp", "websockets", "eventsourcing"):
        logging.getLogger(library).setLevel(max(level, logging.WARNING))
