"""Create, read, update, delete and void: the same for every kind of object.

Sources: Intuit's "REST API features" (full and sparse updates, SyncToken) and the entity references.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tieout.practice.quickbooks import chart, references
from tieout.practice.quickbooks.closing import refuse_closed
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import fault, missing, not_found
from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.kinds import Kind
from tieout.practice.quickbooks.ledger import Heading
from tieout.practice.quickbooks.numbering import settle_number
from tieout.practice.quickbooks.records import Record


@dataclass(frozen=True, slots=True)
class Manner:
    """How a change is asked for: the `include` options of the request, and whether a person makes it.

    A person in QuickBooks itself can change a closed period (they know the password) and needs no SyncToken.
    """

    include: AbstractSet[str] = frozenset()
    by_person: bool = False


def body_of(company: Company, kind: Kind, record: Record) -> Doc:
    """The object as an answer shows it."""
    body = record.body()
    kind.present(company, [body])
    return body


def read(company: Company, kind: Kind, identity: str) -> Doc:
    """GET /{kind}/{id}."""
    record = company.record(kind.name, identity)
    if record is None:
        raise not_found(kind.name, identity)
    return body_of(company, kind, record)


def create(company: Company, kind: Kind, body: Any, manner: Manner) -> Doc:
    """POST /{kind} without an Id."""
    if not kind.creatable:
        raise fault("500", f"Operation create {kind.name} is not supported.")
    document = kind.shape.read(body)
    _complete(company, kind, document, None, manner)
    record = company.records.insert(kind.name, kind.sequence, document, company.now())
    _post(company, kind, record)
    kind.effect(company, record, None)
    company.written()
    return read(company, kind, record.id)


def update(company: Company, kind: Kind, body: Any, manner: Manner) -> Doc:
    """POST /{kind} with an Id: a full update, or a sparse one where the body says so."""
    record = _checked(company, kind, body, manner)
    kind.guard(company, record, "update")
    if str(body.get("sparse", False)).lower() == "true":
        for name in kind.sparse_requires:
            if not body.get(name):
                raise missing(name)
        changes = kind.shape.read(body, keep_cleared=True)
        document = {name: value for name, value in {**record.document, **changes}.items() if value is not None}
        if "Line" in changes and "TxnTaxDetail" not in changes and "TxnTaxDetail" in document:
            # Tax that QuickBooks computed for the old lines is computed anew for the new ones.
            kept = document["TxnTaxDetail"].get("TxnTaxCodeRef")
            document["TxnTaxDetail"] = {} if kept is None else {"TxnTaxCodeRef": kept}
    else:
        document = kind.shape.read(body)
    return _store_anew(company, kind, record, document, manner)


def _store_anew(company: Company, kind: Kind, record: Record, document: Doc, manner: Manner) -> Doc:
    if kind.is_transaction and not manner.by_person:
        refuse_closed(company, record.document["TxnDate"])
    kind.undo(company, record)
    _complete(company, kind, document, record, manner)
    changed = company.records.update(record, document, company.now())
    _post(company, kind, changed)
    kind.effect(company, changed, record)
    company.written()
    return read(company, kind, record.id)


def delete(company: Company, kind: Kind, body: Any, manner: Manner) -> Doc:
    """POST /{kind}?operation=delete: transactions go for good; lists are made inactive instead."""
    if not kind.deletable:
        raise fault("500", f"Operation delete {kind.name} is not supported.")
    record = _checked(company, kind, body, manner)
    kind.guard(company, record, "delete")
    if not manner.by_person and kind.is_transaction:
        refuse_closed(company, record.document["TxnDate"])
    kind.undo(company, record)
    company.ledger.remove(kind.name, record.id)
    company.records.delete(record, company.now())
    company.written()
    return {"domain": "QBO", "status": "Deleted", "Id": record.id}


def void(company: Company, kind: Kind, body: Any, manner: Manner) -> Doc:
    """Void a transaction: its amounts become zero, it stays in the books and says "Voided" in its note."""
    if not kind.voidable:
        raise fault("500", f"Operation void {kind.name} is not supported.")
    record = _checked(company, kind, body, manner)
    kind.guard(company, record, "void")
    if not manner.by_person:
        refuse_closed(company, record.document["TxnDate"])
    kind.undo(company, record)
    company.ledger.remove(kind.name, record.id)
    company.records.update(record, _voided(kind, record.document), company.now())
    company.written()
    return read(company, kind, record.id)


def _voided(kind: Kind, document: Doc) -> Doc:
    note = document.get("PrivateNote")
    voided = {**document, "PrivateNote": f"Voided - {note}" if note else "Voided", "TxnTaxDetail": {}}
    for name in ("TotalAmt", "HomeTotalAmt", "Balance", "HomeBalance", "UnappliedAmt", "RemainingCredit"):
        if name in voided:
            voided[name] = voided[name] * 0
    voided["Line"] = [] if kind.loses_lines_when_void else [_zeroed(line) for line in document["Line"]]
    return voided


def _zeroed(line: Doc) -> Doc:
    zero = {**line, "Amount": line["Amount"] * 0} if "Amount" in line else dict(line)
    detail = line.get("SalesItemLineDetail")
    if detail is not None:
        kept = {name: value for name, value in detail.items() if name not in ("UnitPrice", "TaxInclusiveAmt")}
        zero["SalesItemLineDetail"] = {**kept, "Qty": 0}
    return zero


def _checked(company: Company, kind: Kind, body: Any, manner: Manner) -> Record:
    """The live record a change is about, with the SyncToken checked (5010 if another change came first)."""
    if not isinstance(body, dict) or not body.get("Id"):
        raise missing("Id")
    record = company.record(kind.name, str(body["Id"]))
    if record is None:
        raise not_found(kind.name, str(body["Id"]))
    if manner.by_person:
        return record
    if body.get("SyncToken") in (None, ""):
        raise missing("SyncToken")
    if str(body["SyncToken"]) != str(record.sync_token):
        raise fault(
            "5010",
            "Stale Object Error : You and another user were working on this at the same time. The other user"
            f" finished before you did, so your work was not saved. Entity={kind.name}",
        )
    return record


def _complete(company: Company, kind: Kind, document: Doc, before: Record | None, manner: Manner) -> None:
    references.resolve(company, kind.shape, document)
    if kind.is_transaction:
        document["TxnDate"] = document.get("TxnDate", company.today())
        if not manner.by_person:
            refuse_closed(company, document["TxnDate"])
        settle_number(company, kind, document, before, manner.include)
    kind.complete(company, document, before)


def _post(company: Company, kind: Kind, record: Record) -> None:
    if not kind.is_transaction:
        return
    document = record.document
    currency = document["CurrencyRef"]["value"]
    heading = Heading(kind.name, record.id, document["TxnDate"], currency, document.get("ExchangeRate", Decimal(1)))
    foreign = currency != company.home_currency
    rounding = chart.system_account(company, "ExchangeGainOrLoss") if foreign else None
    company.ledger.post(heading, kind.postings(company, record), rounding)
