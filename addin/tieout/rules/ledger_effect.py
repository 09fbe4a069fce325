"""What documents do to accounts, as double entries: so that documents of any kind are proved as journals are.

A payment's side in receivables is told by group, from the settlement's own rows of the orders that it pays; so every
row of a settlement stands behind exactly one line, or in an order of its own receipt or that a person ignored
(ARCHITECTURE.md rule 2). What passes between two documents of one settlement (credit memos used up, bills paid at
once) is in the group Carry-forward, and nets to zero as between months.

The names of receivables and payables are those that QuickBooks gives them in the home currency; tax that a document
states on top stands under the chart's own tax account, where QuickBooks puts it on its agency's. Tax inside prices
(no tax rows) is shown within its line, though QuickBooks takes it out by its rate.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tieout.domain.account import Chart, Group
from tieout.domain.calendar import Month
from tieout.domain.draft import Draft
from tieout.domain.expense import Expense, ExpenseKind
from tieout.domain.journal import Journal, JournalLine, Side
from tieout.domain.money import Money
from tieout.domain.payment import BillPayment, Payment, Transfer
from tieout.domain.sale import Sale, SaleKind
from tieout.domain.settlement import LineSum
from tieout.rules.classify import fee_name
from tieout.rules.draft_settlement_orders import OrdersDraft
from tieout.rules.match import Match
from tieout.rules.settled_orders import Settled

RECEIVABLE, PAYABLE = "Accounts Receivable (A/R)", "Accounts Payable (A/P)"
# The name under which what orders' own documents say is proved together; no document bears it as its number.
OWN = "Orders' own documents"
_GROUPS = {group: place for place, group in enumerate(Group)}


def effects_of(draft: OrdersDraft, chart: Chart) -> tuple[Journal, ...]:
    """The double entry that each document of a settlement makes, in their order."""
    effects = _Effects(draft, chart)
    return tuple(effects.of(document) for document in draft.documents)


def journals_proved(journals: tuple[Journal, ...], draft: OrdersDraft | None) -> tuple[Journal, ...]:
    """What a settlement is proved by: its journals, or the effects of its documents and what orders' own say."""
    own = effect_of_own(draft) if draft is not None and journals else None
    return journals if own is None else (*journals, own)


def effect_of_own(draft: OrdersDraft) -> Journal | None:
    """What documents of the orders themselves say of a settlement's rows, where nothing of the settlement pays them.

    Sales receipts brought their money into clearing when they were posted; of orders that come to nothing there is
    nothing to pay. None where there are neither.
    """
    own = [one for one in draft.matches if _is_own(one)]
    if not own or not draft.documents:
        return None
    effects = _Effects(draft, Chart("", ()))
    currency = draft.documents[0].currency
    total = Money.total((one.paid for one in own if one.paid is not None), currency)
    brought = [_line(total, draft.clearing, Group.CLEARING, OWN)] if total else []
    lines = (*brought, *effects.of_orders(own, OWN, f"{len(own)} orders", currency))
    return Journal(OWN, max(one.day for one in draft.documents), currency, OWN, lines, draft.settlement_id)


def _is_own(match: Match) -> bool:
    """Whether an order's document is none that the settlement pays: a receipt, or one that gets nothing."""
    if match.posted is None or match.paid is None:
        return False
    return match.posted.entity == SaleKind.SALES_RECEIPT or not match.paid


@dataclass(slots=True)
class _Effects:
    """The effects of one settlement's documents, with what is needed to find the rows behind them."""

    draft: OrdersDraft
    chart: Chart
    _by_number: Mapping[str, Match] = field(init=False)
    _refunds: Mapping[tuple[str, Month], Settled] = field(init=False)

    def __post_init__(self) -> None:
        self._by_number = {one.posted.doc_number: one for one in self.draft.matches if one.posted is not None}
        self._refunds = {(one.order_id, Month.of(one.day)): one for one in self.draft.refunds}

    def of(self, document: Draft) -> Journal:
        """The double entry of a document, under its number."""
        if isinstance(document, Journal):
            return document
        return Journal(
            doc_number=document.doc_number,
            day=document.day,
            currency=document.currency,
            memo=document.memo,
            lines=tuple(self._lines(document)),
            settlement_id=self.draft.settlement_id,
            marketplace=document.marketplace,
        )

    def _lines(self, document: Sale | Expense | Payment | BillPayment | Transfer) -> Iterable[JournalLine]:
        if isinstance(document, Payment):
            return self._payment(document)
        if isinstance(document, Transfer):
            return self._transfer(document)
        if isinstance(document, Sale):
            return self._sale(document)
        if isinstance(document, BillPayment):
            return (
                _line(document.total, PAYABLE, Group.CARRY_FORWARD, document.memo),
                _line(-document.total, document.paid_from, Group.CLEARING, document.memo),
            )
        return _expense(document)

    def _payment(self, payment: Payment) -> Iterator[JournalLine]:
        yield _line(payment.total, payment.deposit_to, Group.CLEARING, payment.memo)
        paid = [self._by_number[each.doc_number] for each in payment.settles if each.entity == SaleKind.INVOICE]
        yield from self.of_orders(paid, RECEIVABLE, payment.customer, payment.currency)
        memos = (each.amount for each in payment.settles if each.entity == SaleKind.CREDIT_MEMO)
        used = Money.total(memos, payment.currency)
        if used:
            yield _line(used, RECEIVABLE, Group.CARRY_FORWARD, f"{payment.customer}: credit memos used up")

    def of_orders(self, paid: Sequence[Match], account: str, text: str, currency: str) -> Iterator[JournalLine]:
        """What is paid of some orders, group by group as the settlement's rows say; accepted differences apart."""
        by_group: dict[Group, list[LineSum]] = defaultdict(list)
        for match in paid:
            for lines in self.draft.rows_paid(match):
                by_group[self.draft.group_of(lines.kind, match.settled)].append(lines)
        for group in sorted(by_group, key=_GROUPS.__getitem__):
            sources = tuple(by_group[group])
            amount = Money.total((each.amount for each in sources), currency)
            yield replace(_line(-amount, account, group, f"{text}: {group}"), sources=sources)
        accepted = Money.total((one.difference for one in paid if one.difference is not None), currency)
        if accepted:
            yield _line(accepted, account, Group.ADJUSTMENTS, f"{text}: settled otherwise, accepted")

    def _transfer(self, transfer: Transfer) -> Iterator[JournalLine]:
        for amount, account in (
            (-transfer.amount, transfer.from_account),
            (transfer.amount, transfer.to_account),
        ):
            yield _line(amount, account, self._place_of(account), transfer.memo)

    def _place_of(self, account: str) -> Group:
        """Which of clearing, bank and card an account is."""
        roles = (("bank", Group.BANK), ("card", Group.CARD))
        named = ((self.chart.by_role(role), group) for role, group in roles)
        return next((group for found, group in named if found and found.name == account), Group.CLEARING)

    def _sale(self, sale: Sale) -> Iterator[JournalLine]:
        """A refund: what it gives back by account, and what that takes out of clearing or receivables."""
        gives = sale.kind in {SaleKind.CREDIT_MEMO, SaleKind.REFUND_RECEIPT}
        sign = 1 if gives else -1
        tax_account = self._tax_account()
        lines = [
            _line(_times(line.amount, sign), line.item.account, line.group, line.description) for line in sale.lines
        ]
        if sale.tax:
            lines.append(_line(_times(sale.tax, sign), tax_account, Group.TAX, "Tax told by Amazon"))
        refund = self._refunds.get((sale.order_id, Month.of(sale.day)))
        yield from lines if refund is None else self._with_rows(lines, refund, tax_account)
        moves = sale.kind.moves_money
        account, group = (sale.deposit_to, Group.CLEARING) if moves else (RECEIVABLE, Group.CARRY_FORWARD)
        yield _line(_times(sale.total, -sign), account, group, sale.memo)

    def _tax_account(self) -> str:
        found = self.chart.by_role("sales_tax")
        return found.name if found is not None else "Sales Tax Payable"

    def _with_rows(self, lines: Sequence[JournalLine], refund: Settled, tax_account: str) -> Iterator[JournalLine]:
        """A refund's lines with the rows behind each: of prices by their words, then of tax together.

        Tax that Amazon's withheld tax cancels is on no line of the document; a line of zero stands for its rows.
        """
        taxes = [each for each in refund.sums if self.draft.is_tax(each.kind)]
        prices = [each for each in refund.sums if each not in taxes]
        of_tax = Money.total((each.amount for each in taxes), refund.price.currency)
        for line in lines:
            found = next((each for each in prices if _is_behind(each, line, self.draft)), None)
            if found is not None:
                prices.remove(found)
                yield replace(line, sources=(found,))
            elif taxes and line.group in {Group.TAX, Group.FACILITATOR_TAX} and line.signed_minor == -of_tax.minor:
                yield replace(line, sources=tuple(taxes))
                taxes = []
            else:
                yield line
        if taxes:
            withheld = any(self.draft.is_withheld(each.kind) for each in taxes)
            group = Group.FACILITATOR_TAX if withheld else Group.TAX
            line = _line(-of_tax, tax_account, group, "Tax that cancels: on no line of the document")
            yield replace(line, sources=tuple(taxes))


def _is_behind(lines: LineSum, line: JournalLine, draft: OrdersDraft) -> bool:
    kind = lines.kind
    name = fee_name(kind.transaction_type, kind.amount_type, kind.amount_description)
    same = draft.group_of(kind) is line.group and name == line.description
    return same and line.signed_minor == -lines.amount.minor


def _expense(expense: Expense) -> Iterator[JournalLine]:
    for cost in expense.lines:
        line = _line(cost.amount, cost.account, cost.group, cost.description)
        yield replace(line, tax_code=cost.tax_code, class_name=cost.class_name, sources=cost.sources)
    is_bill = expense.kind is ExpenseKind.BILL
    account, group = (PAYABLE, Group.CARRY_FORWARD) if is_bill else (expense.paid_from, Group.CLEARING)
    yield _line(-expense.total, account, group, expense.memo)


def _times(amount: Money, sign: int) -> Money:
    return amount if sign > 0 else -amount


def _line(debited: Money, account: str, group: Group, text: str) -> JournalLine:
    return JournalLine(Side.DEBIT if debited.minor >= 0 else Side.CREDIT, abs(debited), account, group, text)
