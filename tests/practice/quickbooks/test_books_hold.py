"""Whatever is done in whatever order, the books hold together."""

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.practice.quickbooks.raw_client import Client, Shop, connected, key
from tieout.practice.quickbooks import PracticeQuickBooks

KINDS = ("Payment", "BillPayment", "Invoice", "CreditMemo", "SalesReceipt", "Bill", "VendorCredit", "JournalEntry")
STEPS = st.lists(
    st.tuples(st.sampled_from([*KINDS, "change", "delete"]), st.integers(1, 5000), st.integers(0, 50)),
    min_size=1,
    max_size=14,
)


def money(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


class Actor:
    """Does one step after another; a step that makes no sense is a refused request, which changes nothing."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.shop = Shop.opened(client)

    def open_of(self, kind: str, pick: int) -> dict[str, Any] | None:
        found = self.client.query(f"select * from {kind} where Balance > '0'").get(kind, [])
        return found[pick % len(found)] if found else None

    def body(self, kind: str, minor: int, pick: int) -> dict[str, Any]:
        shop, vendor = self.shop, {"VendorRef": {"value": self.shop.vendor["Id"]}}
        if kind == "JournalEntry":
            return self.client.simple_journal(amount=money(minor))
        if kind in ("Bill", "VendorCredit"):
            return {**vendor, "Line": [shop.cost(money(minor))]}
        if kind == "Payment":
            invoice = self.open_of("Invoice", pick)
            return shop.payment(money(minor), *([("Invoice", invoice, money(minor))] if invoice else []))
        if kind == "BillPayment":
            bill = self.open_of("Bill", pick) or {"Id": "0"}
            link = [{"Amount": money(minor), "LinkedTxn": [{"TxnId": bill["Id"], "TxnType": "Bill"}]}]
            check = {"BankAccountRef": self.client.account("Business Checking")}
            return {**vendor, "PayType": "Check", "CheckPayment": check, "TotalAmt": money(minor), "Line": link}
        return shop.sale(shop.sold(money(minor)))

    def step(self, what: str, minor: int, pick: int) -> bool:
        """Whether the step was accepted."""
        if what in KINDS:
            return self.client.post(what.lower(), self.body(what, minor, pick)).status_code == 200
        existing = [(kind, row) for kind in KINDS for row in self.client.query(f"select * from {kind}").get(kind, [])]
        if not existing:
            return False
        kind, entity = existing[pick % len(existing)]
        if what == "delete":
            return self.client.post(kind.lower(), key(entity), operation="delete").status_code == 200
        changed = {**self.body(kind, minor, pick), **key(entity)}
        return self.client.post(kind.lower(), changed).status_code == 200


def total(client: Client, kind: str, field: str) -> int:
    rows = client.query(f"select * from {kind} maxresults 1000").get(kind, [])
    return int(sum((Decimal(row[field]) for row in rows), Decimal(0)).scaleb(2))


@settings(max_examples=20, deadline=None)
@given(steps=STEPS)
def test_the_books_hold(steps: list[tuple[str, int, int]]) -> None:
    with PracticeQuickBooks(limits=False) as practice, connected(practice) as client:
        actor = Actor(client)
        for what, minor, pick in steps:
            before, writes = practice.ledger(), practice.write_requests()
            accepted = actor.step(what, minor, pick)
            assert practice.write_requests() == writes + accepted
            assert accepted or practice.ledger() == before
            ledger = practice.ledger()
            assert sum(ledger.values()) == 0
            owed = total(client, "Invoice", "Balance") - total(client, "CreditMemo", "Balance")
            assert ledger.get("Accounts Receivable (A/R)", 0) == owed - total(client, "Payment", "UnappliedAmt")
            payable = total(client, "Bill", "Balance") - total(client, "VendorCredit", "Balance")
            assert ledger.get("Accounts Payable (A/P)", 0) == -payable
        for kind in KINDS:  # payments first: they hold on to what they paid
            for entity in client.query(f"select * from {kind}").get(kind, []):
                fresh = client.read(f"{kind.lower()}/{entity['Id']}")
                client.ok(kind.lower(), key(fresh), operation="delete")
        assert practice.ledger() == {}


def test_undone_and_posted_again_the_books_are_the_same(client: Client, practice: PracticeQuickBooks) -> None:
    shop = Shop.opened(client)

    def post() -> list[tuple[str, dict[str, Any]]]:
        invoice = client.ok("invoice", shop.sale(shop.sold("19.99"), DocNumber="113-1"))
        payment = client.ok("payment", shop.payment("19.99", ("Invoice", invoice, "19.99")))
        entry = client.ok("journalentry", client.simple_journal(DocNumber="AMZ-1"))
        return [("payment", payment), ("invoice", invoice), ("journalentry", entry)]

    posted = post()
    first = practice.ledger()
    for kind, entity in posted:
        client.ok(kind, key(client.read(f"{kind}/{entity['Id']}")), operation="delete")
    assert practice.ledger() == {}
    post()
    assert practice.ledger() == first
