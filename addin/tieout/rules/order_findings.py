"""What drafting an order can find, in sentences."""

from datetime import date

from tieout.domain.account import Group
from tieout.domain.finding import Finding, Severity
from tieout.domain.money import Money
from tieout.domain.order import Order
from tieout.domain.tax_rule import TaxPayer


def needs_no_document(order: Order) -> Finding:
    """Orders of this marketplace are recorded by settlements."""
    return Finding(
        code="order-needs-no-document",
        severity=Severity.NOTICE,
        what=f"By Settings, orders of {order.marketplace} become no documents: their settlement records them.",
        to_do="Nothing has to be done; the setting Posting method or Orders become changes it.",
        where=order.origin,
        subject=order.order_id,
    )


def sold_elsewhere(order: Order) -> Finding:
    """A multi-channel order: Amazon shipped it, somebody else sold it."""
    return Finding(
        code="order-sold-elsewhere",
        severity=Severity.NOTICE,
        what="It was sold elsewhere and only shipped by Amazon: it is no revenue of Amazon's.",
        to_do="Nothing has to be done here; record the sale where it was made.",
        where=order.origin,
        subject=order.order_id,
    )


def status_does_not_post(order: Order) -> Finding:
    """Pending, cancelled, unfulfillable, or a status that nobody knows."""
    return Finding(
        code="order-status-does-not-post",
        severity=Severity.BLOCKED,
        what=f"Its status at Amazon is {order.status or 'empty'}, and orders of this status are never posted.",
        to_do="Wait for Amazon to ship it and download again; leave it out if it was cancelled.",
        where=order.origin,
        subject=order.order_id,
    )


def without_price(order: Order) -> Finding:
    """Amazon tells no price yet."""
    return Finding(
        code="order-without-price",
        severity=Severity.BLOCKED,
        what="Amazon tells no price and no currency of it yet.",
        to_do="Download orders again later; Amazon tells prices once the payment is authorised.",
        where=order.origin,
        subject=order.order_id,
    )


def currencies_differ(order: Order, other: str) -> Finding:
    """Amounts of two currencies in one order."""
    return Finding(
        code="order-currencies-differ",
        severity=Severity.BLOCKED,
        what=f"It has amounts in {order.currency} and in {other}.",
        to_do="Download the order again; Amazon's orders have one currency.",
        where=order.origin,
        subject=order.order_id,
    )


def total_negative(order: Order, total: Money) -> Finding:
    """Promotions beyond the price."""
    return Finding(
        code="order-total-negative",
        severity=Severity.BLOCKED,
        what=f"Its promotions are larger than its prices: it comes to {total}.",
        to_do="Look at the order in Seller Central, and download it again; no document can be negative.",
        where=order.origin,
        subject=order.order_id,
    )


def zero_left_out(order: Order) -> Finding:
    """The setting leaves out orders of amount zero."""
    return Finding(
        code="order-of-zero-left-out",
        severity=Severity.NOTICE,
        what="It comes to zero, and by Settings such orders are left out.",
        to_do="Nothing has to be done; the setting Orders of amount zero changes it.",
        where=order.origin,
        subject=order.order_id,
    )


def before_start(order: Order, day: date, start: date) -> Finding:
    """It is of a day before the company began with Tieout."""
    return Finding(
        code="order-before-start",
        severity=Severity.NOTICE,
        what=f"It is of {day.isoformat()}; by Settings nothing before {start.isoformat()} is posted.",
        to_do="Nothing has to be done: it is in the books already. The setting Nothing before changes it.",
        where=order.origin,
        subject=order.order_id,
    )


def waits_for_deposit(order: Order) -> Finding:
    """Its document bears the day of the deposit, which no settlement tells yet."""
    return Finding(
        code="order-waits-for-deposit",
        severity=Severity.NOTICE,
        what="By Settings its document bears the day of the deposit, and no settlement has paid it yet.",
        to_do="Wait for its settlement, or choose another Date of order documents in Settings.",
        where=order.origin,
        subject=order.order_id,
    )


def ship_date_missing(order: Order) -> Finding:
    """Its document bears the day it was shipped, and Amazon tells none."""
    return Finding(
        code="ship-date-missing",
        severity=Severity.NOTICE,
        what=(
            "By Settings its document bears the day it was shipped, and Amazon has told none: it tells them through"
            " its Orders API only, of orders that you ship yourself."
        ),
        to_do="Choose the order date or the deposit date under Date of order documents in Settings, or wait.",
        where=order.origin,
        subject=order.order_id,
    )


def role_missing(subject: str, role: str) -> Finding:
    """The chart has no account for a line of a document."""
    return Finding(
        code="document-account-missing",
        severity=Severity.BLOCKED,
        what=f'The chart of accounts has no account for the role "{role}", which a line of its document needs.',
        to_do="Name the account in Settings or on the sheet Accounts.",
        subject=subject,
    )


def tax_code_not_chosen(subject: str, marketplace: str, group: Group, payer: TaxPayer) -> Finding:
    """Some lines have a code by the user's rules, and this one has none."""
    return Finding(
        code="tax-code-not-chosen",
        severity=Severity.BLOCKED,
        what=(
            f"Tax Codes says which code some lines of {marketplace} get, but none for {group} whose tax"
            f" {payer} pays; here every line of a document needs one."
        ),
        to_do="Add a row for it to the table TaxRules of Tax Codes; an empty Group stands for any.",
        subject=subject,
    )
