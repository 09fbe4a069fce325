"""Answering a query: which objects meet its conditions, in which order, which page of them.

Source: Intuit's "Data queries": 100 results unless asked, 1000 at most, positions from 1; lists answer with
active objects only unless Active is asked about; a property that is not filterable is fault 4001.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from tieout.practice.quickbooks import tax_codes
from tieout.practice.quickbooks.catalogue import KINDS
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import fault
from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.kinds import Kind
from tieout.practice.quickbooks.query_grammar import Condition, Query, parse
from tieout.practice.quickbooks.records import COMPANY_ZONE, Record

_BY_LOWER = {name.lower(): kind for name, kind in KINDS.items()}
_SINGLE = ("companyinfo", "preferences")
_COLUMNS = {"DocNumber": "number", "TxnDate": "day", "DisplayName": "name", "Sku": "number"}


def answer(company: Company, statement: str) -> Doc:
    """The `QueryResponse` of a statement."""
    query = parse(statement)
    if query.kind.lower() in _SINGLE:
        return _single(company, query)
    kind = _BY_LOWER.get(query.kind.lower())
    if kind is None:
        raise fault("4001", f"QueryValidationError: Invalid context declaration: {query.kind}")
    conditions = [_checked(kind, condition) for condition in query.conditions]
    order = [(_queryable(kind, name), descending) for name, descending in query.order]
    bodies = _matching(company, kind, conditions)
    if query.counts:
        return {"totalCount": len(bodies)}
    for name, descending in reversed(order):
        bodies.sort(key=lambda body, name=name: _sort_key(_value(body, name)), reverse=descending)  # type: ignore[misc]
    page = bodies[query.start - 1 : query.start - 1 + query.results_max]
    if not page:
        return {}
    if query.properties:
        page = [_projected(kind, body, query.properties) for body in page]
    return {kind.name: page, "startPosition": query.start, "maxResults": len(page)}


def _single(company: Company, query: Query) -> Doc:
    is_info = query.kind.lower() == "companyinfo"
    if query.counts:
        return {"totalCount": 1}
    body = company.info() if is_info else company.preferences.body()
    return {"CompanyInfo" if is_info else "Preferences": [body], "startPosition": 1, "maxResults": 1}


def _queryable(kind: Kind, name: str) -> str:
    for known in kind.queryable:
        if known.lower() == name.lower():
            return known
    top = name.split(".", maxsplit=1)[0]
    if any(field.lower() == top.lower() for field in kind.shape.fields):
        raise fault("4001", f"QueryValidationError: property '{name}' is not queryable")
    raise fault("4001", f"QueryValidationError: Property {name} not found for Entity {kind.name}")


def _checked(kind: Kind, condition: Condition) -> Condition:
    return Condition(_queryable(kind, condition.prop), condition.op, condition.values)


def _matching(company: Company, kind: Kind, conditions: Sequence[Condition]) -> list[Doc]:
    bodies = [record.body() for record in _candidates(company, kind, conditions)]
    if kind is tax_codes.TAX_CODES:
        bodies += tax_codes.line_code_bodies(company)
    kind.present(company, bodies)
    if "Active" in kind.queryable and all(condition.prop != "Active" for condition in conditions):
        bodies = [body for body in bodies if body["Active"]]
    for condition in conditions:
        bodies = [body for body in bodies if _meets(_value(body, condition.prop), condition)]
    return bodies


def _candidates(company: Company, kind: Kind, conditions: Sequence[Condition]) -> list[Record]:
    """The records worth looking at: the index answers for ids, numbers, names and dates.

    Transactions come latest first and lists in order of Id, as Intuit's examples show them.
    """
    order = "id DESC" if kind.is_transaction else "id"
    for condition in conditions:
        if condition.op not in ("=", "in"):
            continue
        values = condition.values
        column = (
            "number" if (kind.name, condition.prop) == ("Payment", "PaymentRefNum") else _COLUMNS.get(condition.prop)
        )
        if condition.prop == "Id":
            numbers = [int(value) for value in values if value.isascii() and value.isdigit()]
            return company.records.select(kind.name, f"id IN ({_marks(numbers)})", numbers, order=order)
        if column is not None:
            return company.records.select(kind.name, f"{column} IN ({_marks(values)})", values, order=order)
    return company.records.select(kind.name, order=order)


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _value(body: Doc, path: str) -> Any:
    """The value at a path; of a list, all values as a tuple; of a reference, its Id."""
    return _at(body, path.split("."))


def _at(value: Any, names: Sequence[str]) -> Any:
    if isinstance(value, list):
        return tuple(_at(item, names) for item in value)
    if not names:
        return value.get("value") if isinstance(value, dict) else value
    if not isinstance(value, dict):
        return None
    found = next((item for name, item in value.items() if name.lower() == names[0].lower()), None)
    return _at(found, names[1:])


def _meets(value: Any, condition: Condition) -> bool:
    """Whether a value meets a condition; what is not there meets none."""
    if value is None:
        return False
    if isinstance(value, tuple):
        return any(_meets(item, condition) for item in value)
    if condition.op in ("=", "in"):
        return any(_is_equal(value, wanted) for wanted in condition.values)
    (wanted,) = condition.values
    if condition.op == "like":
        pattern = ".*".join(re.escape(part) for part in wanted.split("%"))
        return re.fullmatch(pattern, str(value), re.IGNORECASE | re.DOTALL) is not None
    order = _order(value, wanted)
    return {"<": order < 0, ">": order > 0, "<=": order <= 0, ">=": order >= 0}[condition.op]


def _is_equal(value: Any, wanted: str) -> bool:
    if isinstance(value, bool):
        return str(value).lower() == wanted.lower()
    if isinstance(value, (int, Decimal)):
        return bool(value == _number(wanted))
    moment = moment_of(value) if "T" in value else None
    return bool(value == wanted or (moment is not None and moment == moment_of(wanted)))


def _order(value: Any, wanted: str) -> int:
    """-1, 0 or 1: how a value stands to the text of a query; numbers by size, times by moment, text by letter."""
    left: Any = value
    right: Any = wanted
    if isinstance(value, (int, Decimal)):
        right = _number(wanted)
    elif value.isascii() and value.isdigit() and wanted.isascii() and wanted.isdigit():
        left, right = int(value), int(wanted)
    elif "T" in value and (moment := moment_of(value)) and (other := moment_of(wanted)):
        left, right = moment, other
    return int(left > right) - int(left < right)


def _number(wanted: str) -> Decimal:
    try:
        return Decimal(wanted)
    except InvalidOperation:
        raise fault("4001", f"QueryValidationError: value {wanted} is not a number") from None


def moment_of(text: str) -> datetime | None:
    """An aware time from Intuit's forms; None if it is none.

    A "+" of the time zone may have become a space on its way through a form-decoded address; a time without a
    zone is the company's own.
    """
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+", 1) if "T" in text else text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=COMPANY_ZONE)


def _sort_key(value: Any) -> tuple[int, Any]:
    if value is None:
        return (0, 0)
    if isinstance(value, (int, Decimal)):
        return (1, value)
    if value.isascii() and value.isdigit():
        return (1, int(value))
    return (2, value.lower())


def _projected(kind: Kind, body: Doc, properties: Sequence[str]) -> Doc:
    wanted = {name.split(".")[0].lower() for name in properties}
    known = {name.lower() for name in (*kind.shape.fields, "Id", "MetaData")}
    for name in wanted - known:
        raise fault("4001", f"QueryValidationError: Property {name} not found for Entity {kind.name}")
    kept = {name: value for name, value in body.items() if name.lower() in wanted or name == "Id"}
    return {**kept, "domain": "QBO", "sparse": True}
