"""Posting settings out of plain values, checked whole before any of it is used."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any

from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Cell
from tieout.domain.posting_settings import FacilitatorTax, MarketplacePosting, PostingSettings

# What a number in QuickBooks may be made of here, so that it is safe in a query.
_NUMBER_SIGNS = re.compile(r"[A-Z0-9-]*\Z", re.ASCII)
ORDER_PREFIX_CHARACTERS_MAX = 2  # QuickBooks keeps 21 characters of a number, Amazon's order id has 19
SETTLEMENT_PREFIX_CHARACTERS_MAX = 4

# Where the default differs by the company's country: the sheet says "leave-out" for these, "net" for the rest.
_LEAVE_OUT_IN = frozenset({"US", "CA"})

SETTING_KEYS = tuple(field.name for field in fields(PostingSettings) if field.name != "marketplaces")


def default_settings(country: str) -> PostingSettings:
    """The settings of a company of `country` that changed nothing."""
    leaves_out = country.strip().upper() in _LEAVE_OUT_IN
    return PostingSettings(facilitator_tax=FacilitatorTax.LEAVE_OUT if leaves_out else FacilitatorTax.NET)


def posting_settings(
    values: Mapping[str, Any],
    country: str,
    *,
    marketplaces: Mapping[str, MarketplacePosting] | None = None,
    places: Mapping[str, Cell] | None = None,
) -> tuple[PostingSettings, tuple[Finding, ...]]:
    """The settings that plain values say, by the sheet's keys, with defaults where one is missing or empty.

    Values are the code's ("orders", "leave-out"); `start_date` is a date or ISO text. `places` says in which cell
    each stands. With a finding that stops, nothing is to be drafted; the default stands in for what was not
    understood. Keys that are not about posting are left alone.
    """
    default = default_settings(country)
    kinds = {name: type(getattr(default, name)) for name in SETTING_KEYS}
    taken: dict[str, Any] = {}
    findings: list[Finding] = []
    for name in SETTING_KEYS:
        value = values.get(name)
        if value is None or value == "":
            continue
        read = _read(name, value, kinds[name])
        if read is None:
            findings.append(_not_allowed(name, value, kinds[name], (places or {}).get(name)))
        else:
            taken[name] = read
    start = {name: getattr(default, name) for name in SETTING_KEYS}
    settings = PostingSettings(**{**start, **taken}, marketplaces=dict(marketplaces or {}))
    findings += _check(settings, places or {})
    return settings, tuple(findings)


def _read(name: str, value: Any, kind: type) -> Any:
    """A value as the model has it; None where it is not allowed."""
    if name == "start_date":
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            return None
    if issubclass(kind, StrEnum):
        folded = str(value).strip().casefold()
        return next((each for each in kind if each.value.casefold() == folded), None)
    return str(value).strip()


def _check(settings: PostingSettings, places: Mapping[str, Cell]) -> Iterator[Finding]:
    for name, prefix, longest in (
        ("order_prefix", settings.order_prefix, ORDER_PREFIX_CHARACTERS_MAX),
        ("settlement_prefix", settings.settlement_prefix, SETTLEMENT_PREFIX_CHARACTERS_MAX),
    ):
        if len(prefix) > longest or not _NUMBER_SIGNS.match(prefix):
            yield Finding(
                code="number-prefix-not-usable",
                severity=Severity.BLOCKED,
                what=f"The prefix {prefix!r} ({name}) can't begin a number in QuickBooks.",
                to_do=f"Use at most {longest} capitals, digits or hyphens.",
                where=places.get(name),
            )


def _not_allowed(name: str, value: Any, kind: type, where: Cell | None) -> Finding:
    allowed = ", ".join(each.value for each in kind) if issubclass(kind, StrEnum) else "a day such as 2026-01-31"
    return Finding(
        code="setting-not-allowed",
        severity=Severity.BLOCKED,
        what=f"The setting {name} is {str(value)!r}; it can be {allowed}.",
        to_do="Choose one of these in Settings; until then nothing is drafted.",
        where=where,
    )
