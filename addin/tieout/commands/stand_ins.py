"""What a document asks of the books, as a journal, so that one check of accounts, days and currencies serves all.

A stand-in is never posted: it touches each account that the document uses, on both sides.
"""

from collections.abc import Iterator

from tieout.domain.account import Group
from tieout.domain.draft import Draft, subject_of
from tieout.domain.expense import Expense
from tieout.domain.journal import Journal, JournalLine, Side
from tieout.domain.money import Money
from tieout.domain.payment import BillPayment, Payment, Transfer
from tieout.domain.sale import Sale, SaleItem


def stand_in(draft: Draft, new_items: frozenset[SaleItem] = frozenset()) -> Journal:
    """A journal with the draft's number, day, currency and accounts; a journal stands for itself.

    `new_items` are items that would have to be made, so that their accounts have to be there.
    """
    if isinstance(draft, Journal):
        return draft
    return Journal(
        doc_number=draft.doc_number,
        day=draft.day,
        currency=draft.currency,
        memo=draft.memo,
        lines=tuple(
            JournalLine(side, Money(1, draft.currency), account, group, "stand-in")
            for account, group in dict.fromkeys(_accounts(draft, new_items))
            for side in Side
        ),
        settlement_id=subject_of(draft),
        location=draft.location if isinstance(draft, Sale | Expense | Payment | BillPayment) else "",
    )


def _accounts(draft: Draft, new_items: frozenset[SaleItem]) -> Iterator[tuple[str, Group]]:
    if isinstance(draft, Sale):
        if draft.deposit_to:
            yield draft.deposit_to, Group.CLEARING
        for line in draft.lines:
            if line.item in new_items:
                yield line.item.account, line.group
    elif isinstance(draft, Payment):
        yield draft.deposit_to, Group.CLEARING
    elif isinstance(draft, BillPayment):
        yield draft.paid_from, Group.CLEARING
    elif isinstance(draft, Transfer):
        yield draft.from_account, Group.CLEARING
        yield draft.to_account, Group.BANK
    elif isinstance(draft, Expense):
        yield draft.paid_from, Group.CLEARING
        for cost in draft.posted_lines:
            yield cost.account, cost.group
