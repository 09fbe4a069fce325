"""What is left of a settlement: a journal a calendar month against clearing, and costs as a vendor's documents.

Each month's lines are dated in their month (rule 6). Clearing balances each document, so nothing has to be carried
forward: it returns to zero when the payments, these documents and the transfer are all in the books.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tieout.domain.account import Group
from tieout.domain.calendar import Month
from tieout.domain.expense import Expense, ExpenseKind, ExpenseLine
from tieout.domain.journal import Journal, JournalLine, Side
from tieout.domain.money import Money
from tieout.domain.payment import BillPayment, Settles
from tieout.domain.posting_settings import PostingSettings
from tieout.domain.settlement import LineSum, Settlement
from tieout.rules.destinations import Destination, Destinations
from tieout.rules.draft_settlement import balancing_day
from tieout.rules.journal_lines import credited, in_order, lines_of
from tieout.rules.months import Part, month_parts
from tieout.rules.settlement_memo import deposit_day, memo
from tieout.rules.settlement_numbers import Letter, settlement_number
from tieout.rules.settlement_rest import Rest

# What a vendor charges. Money given back, kept back, lent or moved is no cost, and stays in the journal.
COST_GROUPS = frozenset(
    {
        *(Group.SELLING_FEES, Group.FBA_FEES, Group.STORAGE, Group.INBOUND, Group.ADVERTISING),
        *(Group.SUBSCRIPTION, Group.SHIPPING_COSTS, Group.ADJUSTMENTS, Group.OTHER),
    }
)


@dataclass(frozen=True, slots=True)
class RestDocuments:
    """The documents of a settlement's rest, in the order they post in."""

    expenses: tuple[Expense, ...]
    journals: tuple[Journal, ...]
    bill_payments: tuple[BillPayment, ...]


@dataclass(frozen=True, slots=True)
class RestMaker:
    """What the documents of a settlement's rest depend on."""

    settlement: Settlement
    settings: PostingSettings
    destinations: Destinations
    home_currency: str

    def documents(self, rest: Rest, differences: Mapping[str, Money]) -> RestDocuments:
        """The documents; MissingRole. `differences`: accepted ones by order id (settled less paid)."""
        where = {each: self._destination(each) for each in rest.sums}
        where |= {each: self._beside(each) for each in rest.beside}
        months = {each.month for each in where}
        day = balancing_day(self.settlement, self.settings.for_settlements(self.settlement.marketplace))
        if differences:
            months.add(Month.of(day))
        expenses: list[Expense] = []
        journals: list[Journal] = []
        for part in month_parts(months, day, has_total=False):
            lines = list(lines_of([each for each in where if each.month == part.month], where.__getitem__))
            costs = list(self._costs(lines, part, len(expenses)))
            expenses += costs
            taken = {line.group for expense in costs for line in expense.lines}
            left = [line for line in lines if line.group not in taken]
            left += self._accepted(differences) if part.is_last else ()
            journals += [self._journal(left, part)] if left else []
        return RestDocuments(tuple(expenses), tuple(journals), tuple(self._bill_payments(expenses)))

    def _destination(self, lines: LineSum) -> Destination:
        to = self.destinations.of(lines)
        return replace(to, class_name=to.class_name or self.settings.class_name)

    def _beside(self, lines: LineSum) -> Destination:
        """Withheld tax goes where the documents of its orders put the tax: to the seller's own tax account."""
        return replace(self._destination(lines), account=self.destinations.role("sales_tax"))

    def _costs(self, lines: Sequence[JournalLine], part: Part, before: int) -> Iterator[Expense]:
        """A document for each group that costs, by the setting; none where fees become journals."""
        kind = self.settings.expense_kind
        if kind is None:
            return
        groups = [group for group in Group if group in COST_GROUPS]
        number = before
        for group in groups:
            own = [line for line in lines if line.group is group]
            if sum(line.signed_minor for line in own) <= 0:
                continue
            number += 1
            yield self._expense(kind, group, own, part, number)

    def _expense(
        self, kind: ExpenseKind, group: Group, lines: Sequence[JournalLine], part: Part, number: int
    ) -> Expense:
        settlement = self.settlement
        letter = Letter.BILL if kind is ExpenseKind.BILL else Letter.EXPENSE
        return Expense(
            kind=kind,
            doc_number=self._number(number, letter),
            day=part.day,
            currency=settlement.currency,
            vendor=self.settings.vendor_of(settlement.currency, self.home_currency),
            paid_from=self.destinations.role("clearing").name,
            memo=memo(settlement, f"{group}, {part.month}"),
            lines=tuple(_cost_line(line) for line in lines),
            subject=settlement.settlement_id,
            marketplace=settlement.marketplace,
            location=self.settings.location,
        )

    def _accepted(self, differences: Mapping[str, Money]) -> Iterator[JournalLine]:
        """Differences between what was settled and what was invoiced, an order a line."""
        for order_id, difference in differences.items():
            account = self.destinations.role("adjustments")
            line = credited(
                difference, account, Group.ADJUSTMENTS, f"Order {order_id}: settled otherwise than invoiced"
            )
            yield replace(line, class_name=self.settings.class_name)

    def _journal(self, lines: Sequence[JournalLine], part: Part) -> Journal:
        settlement = self.settlement
        net = Money(-sum(line.signed_minor for line in lines), settlement.currency)
        clearing = self.destinations.role("clearing")
        text = f"Amazon settlement {settlement.settlement_id}: clearing, {part.month}"
        balance = (credited(-net, clearing, Group.CLEARING, text),) if net else ()
        return Journal(
            doc_number=self._number(part.number, Letter.JOURNAL),
            day=part.day,
            currency=settlement.currency,
            memo=memo(settlement, f"fees and other amounts, part {part.number} of {part.count}"),
            lines=tuple(self.destinations.classed(line) for line in (*in_order(lines), *balance)),
            settlement_id=settlement.settlement_id,
            part=part.number,
            parts=part.count,
            marketplace=settlement.marketplace,
            location=self.settings.location,
        )

    def _bill_payments(self, expenses: Sequence[Expense]) -> Iterator[BillPayment]:
        """Bills are paid from clearing at once, or it would not return to zero."""
        bills = [expense for expense in expenses if expense.kind is ExpenseKind.BILL]
        if not bills:
            return
        yield BillPayment(
            doc_number=self._number(1, Letter.BILL_PAYMENT),
            day=max(deposit_day(self.settlement), *(bill.day for bill in bills)),
            currency=self.settlement.currency,
            vendor=bills[0].vendor,
            paid_from=bills[0].paid_from,
            memo=memo(self.settlement, "fees kept by Amazon"),
            settles=tuple(Settles("Bill", bill.doc_number, bill.total) for bill in bills),
            subject=self.settlement.settlement_id,
            marketplace=self.settlement.marketplace,
            location=self.settings.location,
        )

    def _number(self, number: int, letter: Letter) -> str:
        return settlement_number(self.settings.settlement_prefix, self.settlement.settlement_id, number, letter)


def _cost_line(line: JournalLine) -> ExpenseLine:
    amount = line.amount if line.side is Side.DEBIT else -line.amount
    return ExpenseLine(
        line.account, line.group, line.description, amount, line.tax_code, line.class_name, line.sources
    )
