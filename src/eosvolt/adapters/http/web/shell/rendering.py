"""Renders templates in the language of the request: every text goes through ``_``."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from eosvolt.adapters.http.framework import texts
from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.presentation.explanations import why
from eosvolt.adapters.http.web.shell import formats, labels
from eosvolt.adapters.http.web.shell.assets import asset
from eosvolt.adapters.http.web.shell.browser_texts import browser_texts
from eosvolt.adapters.http.web.shell.connector_labels import CONNECTOR_TYPES, connector_type
from eosvolt.adapters.http.web.shell.fault_labels import fault_text
from eosvolt.adapters.http.web.shell.rail import rail_of
from eosvolt.adapters.http.web.shell.refusal_texts import patterns, translated
from eosvolt.domain.calendar import clock


@pass_context
def _actor(context: Context, by: str) -> str:
    """The label of the actor of a change, with a name if the user may see it."""
    request = context.get("request")
    return labels.actor(by, request.people if request is not None else {})


@pass_context
def _rail(context: Context) -> list[tuple[str, str, Text, str, str]]:
    """The entries of the menu that the user may open; an error page knows what is ``allowed`` alone."""
    request = context.get("request")
    return rail_of(context["allowed"] if request is None else request.actor.grants)


# Rendering yields to the event loop this often, because a page of hundreds of rows takes long.
YIELD_EVERY_SECONDS = 0.01


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parents[1]),
        autoescape=True,
        # Templates do not change while the program runs; looking costs as much as rendering a small one.
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(texts.gettext, texts.plural, newstyle=True, pgettext=texts.pgettext)  # type: ignore[attr-defined]  # the i18n extension adds it
    environment.filters |= {
        "ago": formats.ago,
        "ahead": formats.ahead,
        "actor": _actor,
        "clock": clock,
        "connector_type": connector_type,
        "count": formats.count,
        "counted": formats.counted,
        "day": formats.day,
        "day_of_month": formats.day_of_month,
        "downtime": formats.downtime,
        "energy": formats.energy,
        "exact": formats.full_moment,
        "fault_text": fault_text,
        "why": partial(why, translation=texts.gettext),
        "flag": labels.flag,
        "kwh": formats.kwh,
        "lasting": formats.lasting,
        "minor": formats.minor,
        "moment": formats.moment,
        "money": formats.money,
        "month": formats.month,
        "percent": formats.percent,
        "power": formats.power,
        "plug_label": labels.plug_label,
        "price": formats.price,
        "quantity": formats.quantity,
        "rate": formats.rate,
        "reason": labels.reason,
        "segment": partial(quote, safe=""),
        "sparkline": formats.sparkline,
        "time_of_day": formats.clock_of,
        "translated": translated,
        "weekday": formats.weekday,
    }
    environment.globals |= {
        "asset": asset,
        "browser_texts": browser_texts,
        "connector_types": CONNECTOR_TYPES,
        "language": texts.current,
        "labels": labels,
        "rail": _rail,
    }
    return environment


_ENVIRONMENT = _environment()


def compile_templates() -> None:
    """Load every template and catalogue, so that first requests are fast; takes about a second.

    Later starts find the compiled templates in the machine's folder of temporary files, if it has a safe one.
    """
    for code in texts.LOCALES:
        texts.language(code)
    patterns()
    with contextlib.suppress(OSError, RuntimeError):
        _ENVIRONMENT.bytecode_cache = FileSystemBytecodeCache()
        _load_templates()
    _ENVIRONMENT.bytecode_cache = None
    _load_templates()


def _load_templates() -> None:
    for name in _ENVIRONMENT.list_templates(extensions=["html"]):
        _ENVIRONMENT.get_template(name)


def render(template: str, values: Mapping[str, Any]) -> str:
    """Render a template. A missing value is an error, not a blank."""
    return _ENVIRONMENT.get_template(template).render(values)


async def rendered(template: str, values: Mapping[str, Any]) -> str:
    """Like ``render``, but yields to the event loop every ``YIELD_EVERY_SECONDS``."""
    chunks: list[str] = []
    since = time.monotonic()
    for chunk in _ENVIRONMENT.get_template(template).generate(values):
        chunks.append(chunk)
        if time.monotonic() - since > YIELD_EVERY_SECONDS:
            await asyncio.sleep(0)
            since = time.monotonic()
    return "".join(chunks)
