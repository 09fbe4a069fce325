"""What drafting a settlement can find, in sentences."""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Resolved

from tieout.domain.account import Chart
from tieout.domain.finding import Finding, Severity
from tieout.domain.money import Money
from tieout.domain.origin import Origin
from tieout.domain.settings import LastPartDay, SettlementSettings
from tieout.domain.settlement import Kind, LineSum, Settlement
from tieout.rules.drafted_kinds import UnmappedKind
from tieout.rules.mapping import Mapped
from tieout.rules.tax import Residual

_ORDERS_NAMED_MAX = 20


def total_differs(settlement: Settlement) -> Finding:
    """Rule 1: rows don't sum to the total. In the reader's own words, so that it is told once."""
    return Finding(
        code="settlement-total-differs",
        severity=Severity.BLOCKED,
        what=(
            f"The rows add up to {settlement.sum_of_rows}, but the settlement's total is {settlement.total}: "
            f"{settlement.difference} apart."
        ),
        to_do="Rows are missing, doubled or changed: download the file from Amazon again.",
        where=settlement.origin,
        subject=settlement.settlement_id,
        column="total-amount",
    )


def unmapped(settlement: Settlement, kind: UnmappedKind) -> Finding:
    """Rule 9: nobody decided what these rows are."""
    rows, are = ("1 row", "is") if kind.rows == 1 else (f"{kind.rows} rows", "are")
    what = f"{rows} of {kind.kind} ({kind.amount})"
    if kind.conflict:
        return Finding(
            code="mapping-rules-conflict",
            severity=Severity.BLOCKED,
            what=f"{what} can't be mapped: {kind.reason}",
            to_do="Change or remove one of the two in your fee mappings; until then this settlement does not post.",
            where=_at(settlement, kind.first_row),
            subject=settlement.settlement_id,
        )
    return Finding(
        code="fee-unmapped",
        severity=Severity.BLOCKED,
        what=f"{what} {are} unmapped. Suggested: {kind.suggested_group}. {kind.reason}",
        to_do=(
            "Say what it is in a row of your fee mappings (sheet Fee Mappings, or the file of --mappings); until then"
            " this settlement does not post."
        ),
        where=_at(settlement, kind.first_row),
        subject=settlement.settlement_id,
    )


def residual(settlement: Settlement, left: Residual) -> Iterator[Finding]:
    """Rule 8: tax on facilitated orders that withheld tax does not cancel. It stays in its account, and posts."""
    if not left:
        return
    named = [f"{order.order_id} {order.amount}" for order in left.orders[:_ORDERS_NAMED_MAX]]
    if len(left.orders) > _ORDERS_NAMED_MAX:
        named.append(f"{len(left.orders) - _ORDERS_NAMED_MAX} more orders")
    if left.without_order:
        named.append(f"rows without an order id {left.without_order}")
    total = Money.total((order.amount for order in left.orders), settlement.currency) + left.without_order
    yield Finding(
        code="facilitator-tax-residual",
        severity=Severity.NOTICE,
        what=f"Tax and withheld tax don't cancel on every order; {total} stays in the account: {'; '.join(named)}.",
        to_do="Look at these orders: tax not withheld is yours to pay; tax withheld beyond it is Amazon's debt.",
        where=_at(settlement, left.orders[0].first_row) if left.orders else settlement.origin,
        subject=settlement.settlement_id,
    )


def unexpected_signs(
    settlement: Settlement, sums: Iterable[LineSum], mapped: Resolved[Kind, Mapped]
) -> Iterator[Finding]:
    """Kinds whose sum has the other sign than their rule expects: a fee that is paid, a sale that costs."""
    totals: dict[Kind, tuple[Money, int]] = {}
    for s in sums:
        if s.kind in mapped:
            amount, row = totals.get(s.kind, (Money.zero(settlement.currency), s.first_row))
            totals[s.kind] = (amount + s.amount, min(row, s.first_row))
    for kind, (amount, row) in totals.items():
        to = mapped[kind]
        other_sign = {"+": amount.minor < 0, "-": amount.minor > 0}.get(to.rule.expected_sign, False)
        if other_sign and not to.form:
            yield Finding(
                code="amount-sign-unexpected",
                severity=Severity.NOTICE,
                what=f"{kind} sums to {amount}; it is usually {'positive' if amount.minor < 0 else 'negative'}.",
                to_do="Look at its rows; it posts as it is, on the other side.",
                where=_at(settlement, row),
                subject=settlement.settlement_id,
            )


def missing_deposit_day(settlement: Settlement, settings: SettlementSettings) -> Iterator[Finding]:
    """The setting asks for a day that the file does not tell."""
    if settings.last_part_day is LastPartDay.DEPOSIT and settlement.deposit is None:
        yield Finding(
            code="deposit-date-missing",
            severity=Severity.NOTICE,
            what="The settlement has no deposit date, so its last journal is dated the settlement's end.",
            to_do="If the bank shows another day, that is the bank's; the amount is the same.",
            where=settlement.origin,
            subject=settlement.settlement_id,
            column="deposit-date",
        )


def missing_role(settlement: Settlement, role: str, chart: Chart) -> Finding:
    """The chart has no account for something the draft needs."""
    roles = ", ".join(account.role for account in chart.accounts if account.role)
    return Finding(
        code="account-role-missing",
        severity=Severity.BLOCKED,
        what=f'The chart of accounts has no account for the role "{role}"; it has {roles or "none"}.',
        to_do="Name the account in Accounts; until then this settlement does not post.",
        where=settlement.origin,
        subject=settlement.settlement_id,
    )


def _at(settlement: Settlement, row: int) -> Origin:
    return Origin(settlement.origin.file, settlement.origin.sha256, row)
