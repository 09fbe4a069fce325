"""What documents do to accounts, as double entries."""

from collections.abc import Iterator

from tieout.domain.account import Chart, Group
from tieout.domain.draft import Draft
from tieout.domain.expense import Expense, ExpenseKind
from tieout.domain.journal import Journal, JournalLine, Side
from tieout.domain.money import Money
from tieout.domain.payment import BillPayment, Payment, Transfer
from tieout.domain.sale import Sale, SaleKind
from tieout.rules.draft_settlement_orders import OrdersDraft

_RECEIVABLE, _PAYABLE = "Accounts Receivable (A/R)", "Accounts Payable (A/P)"


def effects_of(draft: OrdersDraft, chart: Chart) -> tuple[Journal, ...]:
    """The double entry that each document of a settlement makes, in their order."""
    return tuple(effect_of(document, chart, draft.settlement_id) for document in draft.documents)


def effect_of(document: Draft, chart: Chart, settlement_id: str) -> Journal:
    """The double entry that a document makes, under its number."""
    if isinstance(document, Journal):
        return document
    lines = tuple(_lines(document, chart))
    return Journal(
        doc_number=document.doc_number,
        day=document.day,
        currency=document.currency,
        memo=document.memo,
        lines=lines,
        settlement_id=settlement_id,
        marketplace=document.marketplace,
    )


def _lines(document: Draft, chart: Chart) -> Iterator[JournalLine]:
    if isinstance(document, Payment):
        yield _line(document.total, document.deposit_to, Group.CLEARING, document.customer)
        yield _line(-document.total, _RECEIVABLE, Group.OTHER, document.customer)
    elif isinstance(document, Transfer):
        bank = chart.by_role("bank")
        is_bank = bank is not None and document.to_account == bank.name
        yield _line(-document.amount, document.from_account, Group.CLEARING, document.memo)
        yield _line(document.amount, document.to_account, Group.BANK if is_bank else Group.CLEARING, document.memo)
    elif isinstance(document, Sale):
        gives = document.kind in {SaleKind.CREDIT_MEMO, SaleKind.REFUND_RECEIPT}
        for line in document.lines:
            yield _line(line.amount if gives else -line.amount, line.item.account, line.group, line.description)
        if document.tax:
            yield _line(document.tax if gives else -document.tax, "Sales Tax Payable", Group.TAX, "Tax")
        account = document.deposit_to or _RECEIVABLE
        group = Group.CLEARING if document.deposit_to else Group.OTHER
        yield _line(-document.total if gives else document.total, account, group, document.customer)
    elif isinstance(document, BillPayment):
        yield _line(document.total, _PAYABLE, Group.OTHER, document.vendor)
        yield _line(-document.total, document.paid_from, Group.CLEARING, document.vendor)
    elif isinstance(document, Expense):
        for cost in document.lines:
            side = Side.DEBIT if cost.amount.minor >= 0 else Side.CREDIT
            yield JournalLine(
                side, abs(cost.amount), cost.account, cost.group, cost.description, sources=cost.sources
            )
        is_bill = document.kind is ExpenseKind.BILL
        account = _PAYABLE if is_bill else document.paid_from
        yield _line(-document.total, account, Group.OTHER if is_bill else Group.CLEARING, document.vendor)


def _line(debited: Money, account: str, group: Group, text: str) -> JournalLine:
    return JournalLine(Side.DEBIT if debited.minor >= 0 else Side.CREDIT, abs(debited), account, group, text)
