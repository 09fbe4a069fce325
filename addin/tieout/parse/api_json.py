"""Pages of Amazon's APIs as exact JSON, and the values in them."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.money import InexactAmount, Money, UnknownCurrency
from tieout.domain.origin import Origin
from tieout.parse.exact_json import NotJson, read_json

_EXPONENT_MAX = 40  # written out, a number of a vast exponent would fill the memory


class NotAsModelled(ValueError):
    """A value that is not what Amazon's model says; the message names it."""


def read_page(document: Document) -> Mapping[str, Any] | Finding:
    """The JSON object in a page; the finding if it is none. Numbers are int or Decimal, never inexact."""
    try:
        found = read_json(document.content)
    except NotJson:
        found = None
    if isinstance(found, Mapping):
        return found
    return unlike_model(document, "it is not a JSON object")


def unlike_model(document: Document, why: str, subject: str = "") -> Finding:
    """That something in a page is not as Amazon's model has it."""
    return Finding(
        code="api-page-unlike-model",
        severity=Severity.BLOCKED,
        what=f"An answer of Amazon's is not as its model has it: {why.rstrip('.')}. What it is about was left out.",
        to_do="The answer is kept. Update Tieout; if that does not help, send us its name and content hash.",
        where=Origin(document.name, document.sha256),
        subject=subject,
    )


def inside(of: Any, *path: str) -> Any:
    """What is at a path of names; None where there is nothing."""
    for name in path:
        of = of.get(name) if isinstance(of, Mapping) else None
    return of


def text(of: Mapping[str, Any], *path: str) -> str:
    """The text at a path; empty where there is none."""
    found = inside(of, *path)
    return "" if found is None or isinstance(found, Mapping | list) else str(found)


def objects(of: Mapping[str, Any], *path: str) -> tuple[Mapping[str, Any], ...]:
    """The objects in the list at a path; none where there is no list."""
    found = inside(of, *path)
    return tuple(one for one in found if isinstance(one, Mapping)) if isinstance(found, list) else ()


def needed(of: Mapping[str, Any], *path: str) -> str:
    """The text at a path; NotAsModelled where there is none."""
    found = text(of, *path)
    if not found:
        raise NotAsModelled(f"{'.'.join(path)} is missing")
    return found


def moment(of: Mapping[str, Any], *path: str) -> datetime:
    """The aware moment at a path, to the second."""
    told = needed(of, *path)
    try:
        found = datetime.fromisoformat(told)
        aware = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
        return aware.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise NotAsModelled(f"{'.'.join(path)} is {told!r}, which is no date and time") from None


def count(of: Mapping[str, Any], *path: str) -> int:
    """The whole number at a path; 0 where there is none."""
    told = text(of, *path)
    if not told:
        return 0
    if not re.fullmatch(r"-?[0-9]{1,15}", told, re.ASCII):
        raise NotAsModelled(f"{'.'.join(path)} is {told!r}, which is not a count")
    return int(told)


def money(of: Any, amount: str = "amount", currency: str = "currencyCode") -> Money | None:
    """The amount of money in an object; None where there is none."""
    if not isinstance(of, Mapping) or of.get(amount) is None:
        return None
    told, code = str(of[amount]), text(of, currency)
    try:
        # A JSON number may be written with an exponent; its decimal value is the same.
        value = Decimal(told)
        if abs(value.adjusted()) > _EXPONENT_MAX:
            raise InexactAmount("larger or smaller than any amount")
        plain = f"{value:f}"
        return Money.parse(plain, code)
    except (ArithmeticError, InexactAmount, UnknownCurrency) as error:
        raise NotAsModelled(f"{code} {told} is no amount ({error})") from None
