"""Any draft: what it is for, what it says as text, and the hash that is the identity of its content.

The text is for golden files, logs and previews; it holds everything that is posted, so its hash tells one content
from another (journals keep the text and hash of `domain/content.py`).
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

from tieout.domain.content import content_hash as journal_hash
from tieout.domain.expense import Expense
from tieout.domain.journal import Journal
from tieout.domain.journal import as_text as journal_text
from tieout.domain.payment import BillPayment, Payment, Transfer
from tieout.domain.sale import Sale, SaleLine

Draft = Journal | Sale | Expense | Payment | BillPayment | Transfer


def entity_of(draft: Draft) -> str:
    """Its kind in QuickBooks."""
    return "JournalEntry" if isinstance(draft, Journal) else draft.entity


def kind_in_words(draft: Draft) -> str:
    """Its kind as QuickBooks' pages call it: "Credit Memo"."""
    if isinstance(draft, Sale):
        return draft.kind.in_words
    if isinstance(draft, Expense):
        return draft.kind.value
    return {"JournalEntry": "Journal Entry", "BillPayment": "Bill Payment"}.get(entity_of(draft), entity_of(draft))


def subject_of(draft: Draft) -> str:
    """What it is posted for: an order id or a settlement id."""
    return draft.settlement_id if isinstance(draft, Journal) else draft.subject


def is_empty(draft: Draft) -> bool:
    """Whether there is nothing of it to send: every line of a journal or expense is zero. A sale of zero is sent."""
    if isinstance(draft, Journal | Expense):
        return not draft.posted_lines
    return isinstance(draft, Payment | BillPayment) and not draft.settles


def hash_of(draft: Draft) -> str:
    """The SHA-256 of what it says, in hexadecimal."""
    if isinstance(draft, Journal):
        return journal_hash(draft)
    return hashlib.sha256(as_text([draft]).encode("utf-8")).hexdigest()


def as_text(drafts: Sequence[Draft]) -> str:
    """The canonical text of drafts: the same drafts, the same bytes."""
    return "\n".join(_text(draft) for draft in drafts)


def _text(draft: Draft) -> str:
    if isinstance(draft, Journal):
        return journal_text([draft])
    writers: dict[type, Callable[..., Iterator[str]]] = {
        Sale: _sale,
        Expense: _expense,
        Payment: _payment,
        BillPayment: _bill_payment,
        Transfer: _transfer,
    }
    return "\n".join(writers[type(draft)](draft)) + "\n"


def _head(draft: Sale | Expense | Payment | BillPayment | Transfer, name: str, party: str) -> str:
    told = f" | {party}" if party else ""
    return f"{draft.day.isoformat()} {name} {draft.doc_number} {draft.currency}{told} | {draft.memo}"


def _sale(sale: Sale) -> Iterator[str]:
    yield _head(sale, sale.kind.value, sale.customer)
    if sale.deposit_to:
        yield f"  account         {sale.deposit_to}"
    if sale.location:
        yield f"  location        {sale.location}"
    for line in sale.lines:
        quantity = f"{line.quantity} x" if line.quantity else ""
        sku = "SKU " if line.item.by_sku else ""
        yield (
            f"  {quantity:>6} {line.amount.decimal:>14}  {sku}{line.item.name} [{line.group}] | {line.description}"
            + "".join(_marks(line))
        )
    yield f"  tax    {sale.tax.decimal:>14}  {sale.treatment}"
    yield f"  total  {sale.total.decimal:>14}"


def _marks(line: SaleLine) -> Iterator[str]:
    if line.tax_code:
        yield f" | code {line.tax_code}"
    if line.taxed:
        yield " | taxable"
    if line.tax is not None:
        yield f" | tax {line.tax.decimal}"
    if line.class_name:
        yield f" | class {line.class_name}"


def _expense(expense: Expense) -> Iterator[str]:
    yield _head(expense, expense.kind.value, expense.vendor)
    yield f"  account         {expense.paid_from}"
    if expense.location:
        yield f"  location        {expense.location}"
    for line in expense.posted_lines:
        yield (
            f"         {line.amount.decimal:>14}  {line.account} [{line.group}] | {line.description}"
            + (f" | code {line.tax_code}" if line.tax_code else "")
            + (f" | class {line.class_name}" if line.class_name else "")
        )
    yield f"  total  {expense.total.decimal:>14}"


def _payment(payment: Payment) -> Iterator[str]:
    yield _head(payment, "Payment", payment.customer)
    yield f"  account         {payment.deposit_to}"
    yield from _placed(payment)
    if payment.on_account:
        yield "  on account: what it is for was paid before, and that payment was taken back"
    yield from _settled(payment)


def _bill_payment(payment: BillPayment) -> Iterator[str]:
    yield _head(payment, "BillPayment", payment.vendor)
    yield f"  account         {payment.paid_from}"
    yield from _placed(payment)
    yield from _settled(payment)


def _placed(payment: Payment | BillPayment) -> Iterator[str]:
    if payment.location:
        yield f"  location        {payment.location}"


def _settled(payment: Payment | BillPayment) -> Iterator[str]:
    for each in payment.settles:
        yield f"         {each.amount.decimal:>14}  {each.entity} {each.doc_number}"
    yield f"  total  {payment.total.decimal:>14}"


def _transfer(transfer: Transfer) -> Iterator[str]:
    yield _head(transfer, "Transfer", "")
    yield f"         {transfer.amount.decimal:>14}  {transfer.from_account} to {transfer.to_account}"
