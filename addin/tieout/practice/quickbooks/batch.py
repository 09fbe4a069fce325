"""/batch: up to 30 items, one after the other, that do not see one another.

Intuit's Batch reference: 30 payloads at most; an item cannot depend on another of the same batch; each is
answered by itself under its bId. With a request id the whole batch is replayed, and bIds have ten characters at
most (blog of 2015-04-06).
"""

from typing import Any

from tieout.practice.quickbooks import operations, query
from tieout.practice.quickbooks.catalogue import KINDS
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import Fault, fault, missing
from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.request_ids import BATCH_ITEM_LENGTH_MAX

ITEMS_MAX = 30
_OPERATIONS = {
    "create": operations.create,
    "update": operations.update,
    "delete": operations.delete,
    "void": operations.void,
}


def run(company: Company, body: Any, *, has_request_id: bool) -> Doc:
    """The `BatchItemResponse` list; a Fault only for what is wrong with the batch itself."""
    requests = body.get("BatchItemRequest") if isinstance(body, dict) else None
    if not isinstance(requests, list) or not requests:
        raise missing("BatchItemRequest")
    if len(requests) > ITEMS_MAX:
        raise fault("1040", f"The batch size exceeds the limit of {ITEMS_MAX}.")
    for request in requests:
        if not isinstance(request, dict) or not request.get("bId"):
            raise missing("bId")
        if has_request_id and len(str(request["bId"])) > BATCH_ITEM_LENGTH_MAX:
            raise fault("2130", f"A bId has at most {BATCH_ITEM_LENGTH_MAX} characters where a requestid is given.")
    try:
        responses = [_one(company, request) for request in requests]
    finally:
        company.records.hidden.clear()
    return {"BatchItemResponse": responses}


def _one(company: Company, request: Doc) -> Doc:
    try:
        with company.store.transaction():
            answer = _work(company, request)
    except Fault as refused:
        answer = {"Fault": refused.body()}
    return {**answer, "bId": str(request["bId"])}


def _work(company: Company, request: Doc) -> Doc:
    if "Query" in request:
        return {"QueryResponse": query.answer(company, str(request["Query"]))}
    name = next((name for name in request if name in KINDS), None)
    operation = str(request.get("operation", "")).lower()
    if name is None:
        raise fault("2000", "The item names no object that the service knows.")
    options = {part.strip().lower() for part in str(request.get("optionsData", "")).split(",")}
    if operation == "update" and "void" in options:
        operation = "void"
    if operation not in _OPERATIONS:
        raise fault("500", f"Operation {operation} is not supported.")
    known = _newest(company, name)
    manner = operations.Manner(include=frozenset(options))
    result = _OPERATIONS[operation](company, KINDS[name], request[name], manner)
    if operation == "create":
        # Later items of this batch do not see what this one made.
        company.records.hidden |= {(name, identity) for identity in _newest(company, name) - known}
    return {name: result}


def _newest(company: Company, kind: str) -> set[str]:
    """The Id of the last object of a kind, as a set."""
    row = company.store.row("SELECT MAX(id) FROM objects WHERE kind = ?", (kind,))
    return set() if row is None or row[0] is None else {str(row[0])}
