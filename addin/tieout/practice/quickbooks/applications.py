"""Payment and BillPayment: money against open invoices and bills, credits used on the way.

Intuit's references: a total is required (6000 without one); each line names the transactions it is applied to;
what is not applied stays as credit of the customer; lines are replaced all together. The receivable or payable is
relieved at the rate it was booked at; the difference to the payment's rate is exchange gain or loss.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tieout.domain.money import exponent
from tieout.practice.quickbooks import chart, links
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import business, fault, missing
from tieout.practice.quickbooks.figures import Doc, converted, minor_of, number_of
from tieout.practice.quickbooks.kinds import STAMPS, Kind
from tieout.practice.quickbooks.ledger import Posting
from tieout.practice.quickbooks.lines import ADDRESS, LINKED_TXN, transaction_fields
from tieout.practice.quickbooks.parties import root_of
from tieout.practice.quickbooks.preferences import WARN_CHECK
from tieout.practice.quickbooks.records import Record
from tieout.practice.quickbooks.references import to
from tieout.practice.quickbooks.sales_forms import refuse_account
from tieout.practice.quickbooks.shape import choice, computed, flag, inner, loose, number, ref, several, shape, text

_LINE = shape(
    "Line",
    text("Id"),
    *computed("LineNum", "LineEx"),
    text("Description", 4000),
    number("Amount"),
    several("LinkedTxn", LINKED_TXN),
    *loose("DetailType"),
)
PAYMENT = shape(
    "Payment",
    *transaction_fields(),
    ref("CustomerRef", "Customer"),
    ref("ARAccountRef", "Account"),
    ref("DepositToAccountRef", "Account"),
    ref("PaymentMethodRef", "PaymentMethod"),
    text("PaymentRefNum", 21),
    number("TotalAmt"),
    flag("ProcessPayment"),
    several("Line", _LINE),
    *computed("UnappliedAmt", "LinkedTxn", "TxnStatus"),
    *loose("CreditCardPayment", "CheckPayment", "PaymentType", "TransactionLocationType", "ProjectRef"),
)
_CHECK = shape(
    "BillPaymentCheck",
    ref("BankAccountRef", "Account"),
    choice("PrintStatus", "NotSet", "NeedToPrint", "PrintComplete"),
    *loose("CheckDetail", "PayeeAddr"),
)
_CARD = shape("BillPaymentCreditCard", ref("CCAccountRef", "Account"), *loose("CCDetail"))
BILL_PAYMENT = shape(
    "BillPayment",
    *transaction_fields(),
    ref("VendorRef", "Vendor"),
    inner("VendorAddr", ADDRESS),
    ref("APAccountRef", "Account"),
    choice("PayType", "Check", "CreditCard"),
    inner("CheckPayment", _CHECK),
    inner("CreditCardPayment", _CARD),
    number("TotalAmt"),
    several("Line", _LINE),
    *computed("LinkedTxn"),
)


@dataclass(frozen=True, slots=True)
class Side:
    """Customers or vendors: who owes, which documents are debts and which credits, the account they stand in."""

    name: str
    party_kind: str
    party_ref: str
    debt: str
    credit: str
    control: str
    sign: int


CUSTOMERS_SIDE = Side("Payment", "Customer", "CustomerRef", "Invoice", "CreditMemo", "AccountsReceivable", 1)
VENDORS_SIDE = Side("BillPayment", "Vendor", "VendorRef", "Bill", "VendorCredit", "AccountsPayable", -1)


def _complete(side: Side) -> Callable[[Company, Doc, Record | None], None]:
    def complete(company: Company, document: Doc, before: Record | None) -> None:
        party = company.referred(document, side.party_ref, side.party_kind)
        if party is None:
            raise missing(side.party_ref)
        if document.get("TotalAmt") is None:
            raise business("You must set a transaction amount.", "TotalAmt")
        if document["TotalAmt"] < 0:
            raise fault("2290", "Negative amounts are not supported.", "TotalAmt")
        currency, places = company.settle_currency(document, party)
        total, document["TotalAmt"] = company.amount(document["TotalAmt"], places)
        _settle_account(company, document, side, currency)
        paid, credited = _settle_lines(company, document, side, party, places)
        unapplied = total - paid + credited
        if unapplied < 0 or (side is VENDORS_SIDE and unapplied):
            raise business("The amounts of the lines do not agree with the total of the payment.", "TotalAmt")
        if side is CUSTOMERS_SIDE:
            document["UnappliedAmt"] = number_of(unapplied, places)
        document.pop("LinkedTxn", None)
        if before is not None and (linked := links.links_of(company, side.name, before.id)):
            document["LinkedTxn"] = linked

    return complete


def _settle_account(company: Company, document: Doc, side: Side, currency: str) -> None:
    """The account the money goes to or comes from."""
    if side is CUSTOMERS_SIDE:
        account = company.referred(document, "DepositToAccountRef", "Account")
        if account is None:
            account = company.record("Account", chart.system_account(company, "UndepositedFunds"))
            assert account is not None, "system accounts exist"
            document["DepositToAccountRef"] = to(account)
        refuse_account(company, account, ("Bank", "Other Current Asset"), currency, "DepositToAccountRef")
        return
    if document.get("PayType") is None:
        raise missing("PayType")
    is_check = document["PayType"] == "Check"
    part, name = ("CheckPayment", "BankAccountRef") if is_check else ("CreditCardPayment", "CCAccountRef")
    account = company.referred(document.get(part, {}), name, "Account")
    if account is None:
        raise missing(f"{part}.{name}")
    refuse_account(company, account, ("Bank",) if is_check else ("Credit Card",), currency, name)


def _settle_lines(company: Company, document: Doc, side: Side, party: Record, places: int) -> tuple[int, int]:
    """Check what each line is applied to; the sums of debts paid and of credits used."""
    sums = {side.debt: 0, side.credit: 0}
    document["Line"] = document.get("Line", [])
    seen: set[tuple[str, str]] = set()
    for line in document["Line"]:
        line.pop("Id", None)
        if line.get("Amount") is None:
            raise missing("Amount")
        if line["Amount"] < 0:
            raise fault("2290", "Negative amounts are not supported on transaction lines.", "Amount")
        minor, line["Amount"] = company.amount(line["Amount"], places)
        if len(line.get("LinkedTxn", ())) != 1:
            raise missing("LinkedTxn")
        (link,) = line["LinkedTxn"]
        target = _target(company, link, side)
        if (target.kind, target.id) in seen:
            raise fault("2600", f"{target.kind} {target.id} is on two lines.", "LinkedTxn")
        seen.add((target.kind, target.id))
        _refuse_stranger(company, target, party, side)
        if minor > minor_of(target.document["Balance"], places):
            raise business(f"You can't apply more than the open balance of {target.kind} {target.id}.", "Amount")
        sums[target.kind] += minor
    return sums[side.debt], sums[side.credit]


def _target(company: Company, link: Doc, side: Side) -> Record:
    kind, identity = link.get("TxnType"), link.get("TxnId")
    if kind not in (side.debt, side.credit):
        raise fault("620", f"A transaction of type {kind} can't be linked to a {side.name}.", "LinkedTxn")
    target = company.record(kind, str(identity))
    if target is None:
        raise fault("2500", f"Invalid Reference Id : {kind} element id {identity} not found", "LinkedTxn")
    return target


def _refuse_stranger(company: Company, target: Record, party: Record, side: Side) -> None:
    theirs = company.record(side.party_kind, target.document[side.party_ref]["value"])
    assert theirs is not None, "parties are never deleted"
    same = theirs.id == party.id
    if not same and side is CUSTOMERS_SIDE:
        same = root_of(company, theirs).id == root_of(company, party).id
    if not same:
        raise business(f"{target.kind} {target.id} is of another {side.party_kind.lower()}.", "LinkedTxn")


def _targets(document: Doc, places: int) -> list[links.Target]:
    return [
        (line["LinkedTxn"][0]["TxnType"], line["LinkedTxn"][0]["TxnId"], minor_of(line["Amount"], places))
        for line in document["Line"]
        if line.get("LinkedTxn")
    ]


def _effect(company: Company, record: Record, _before: Record | None) -> None:
    links.apply(company, record, _targets(record.document, exponent(record.document["CurrencyRef"]["value"])))


def _postings(side: Side) -> Callable[[Company, Record], Sequence[Posting]]:
    def postings(company: Company, record: Record) -> Sequence[Posting]:
        document = record.document
        currency = document["CurrencyRef"]["value"]
        places = exponent(currency)
        total = minor_of(document["TotalAmt"], places)
        party = (side.party_kind, document[side.party_ref]["value"])
        control = chart.system_account(company, side.control, currency)
        note = document.get("PrivateNote", "")
        result = [Posting(_money_account(document, side), side.sign * total, note, party)]
        left = total
        for kind, identity, minor in _targets(document, places):
            signed = minor if kind == side.debt else -minor
            left -= signed
            home = _relieved(company, record, (kind, identity, minor), places)
            home = home if kind == side.debt else -home
            result.append(Posting(control, -side.sign * signed, note, party, home=-side.sign * home))
        result.append(Posting(control, -side.sign * left, note, party))
        return result

    return postings


def _money_account(document: Doc, side: Side) -> str:
    if side is CUSTOMERS_SIDE:
        reference = document["DepositToAccountRef"]
    elif document["PayType"] == "Check":
        reference = document["CheckPayment"]["BankAccountRef"]
    else:
        reference = document["CreditCardPayment"]["CCAccountRef"]
    return str(reference["value"])


def _relieved(company: Company, payment: Record, target: links.Target, places: int) -> int:
    """The home amount of a part of a debt at the debt's own rate, so that all parts add up to the whole."""
    kind, identity, minor = target
    record = company.record(kind, identity)
    assert record is not None, "links are to live transactions"
    own = next(
        (
            linked
            for to_kind, to_id, linked in links.targets_of(company, payment.kind, payment.id)
            if (to_kind, to_id) == (kind, identity)
        ),
        0,
    )
    earlier = links.applied_to(company, kind, identity) - own
    rate = Decimal(record.document.get("ExchangeRate", 1))
    home_places = exponent(company.home_currency)
    return converted(earlier + minor, places, rate, home_places) - converted(earlier, places, rate, home_places)


PAYMENTS = Kind(
    name="Payment",
    shape=PAYMENT,
    sequence="Transaction",
    complete=_complete(CUSTOMERS_SIDE),
    postings=_postings(CUSTOMERS_SIDE),
    effect=_effect,
    undo=links.release,
    guard=links.refuse_linked,
    is_transaction=True,
    deletable=True,
    voidable=True,
    loses_lines_when_void=True,
    queryable=STAMPS | {"TxnDate", "CustomerRef", "PaymentRefNum", "TotalAmt"},
)
BILL_PAYMENTS = Kind(
    name="BillPayment",
    shape=BILL_PAYMENT,
    sequence="Transaction",
    complete=_complete(VENDORS_SIDE),
    postings=_postings(VENDORS_SIDE),
    effect=_effect,
    undo=links.release,
    guard=links.refuse_linked,
    is_transaction=True,
    duplicate_warning=WARN_CHECK,
    deletable=True,
    voidable=True,
    loses_lines_when_void=True,
    queryable=STAMPS | {"DocNumber", "TxnDate", "VendorRef", "TotalAmt", "PayType"},
)
