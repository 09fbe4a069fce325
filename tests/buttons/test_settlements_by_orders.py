"""Settlements by orders from the workbook: previewed, posted, tied out, taken back, and what a person decides."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.buttons.desk import Desk
from tests.practice.quickbooks.raw_client import connected, exact
from tieout.buttons import press_closed
from tieout.cli.app import app
from tieout.commands.presses.run import STOP_FILE
from tieout.practice.amazon import PracticeAmazon
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.practice.shop import Shop, make_shop
from tieout.wiring import open_company

CLEARING = "Amazon Clearing"
KINDS = ("CreditMemo", "RefundReceipt", "Payment", "JournalEntry", "Transfer")


def shop() -> Shop:
    return make_shop(1, orders=24, marketplaces=("US",))


def ids(desk: Desk, table: str) -> dict[str, str]:
    """The orders on a sheet, with their state."""
    return {row.text("order_id"): row.text("state") for row in desk.table(table).rows if row.text("order_id")}


def ready(desk: Desk) -> list[str]:
    """The orders that the next Post takes."""
    return [one for one, state in ids(desk, "Orders").items() if state == "Ready"]


def invoices(books: PracticeQuickBooks) -> dict[str, Any]:
    return {one["DocNumber"]: one for one in books.transactions("Invoice")}


@dataclass
class At:
    """A desk with the practice books behind it."""

    desk: Desk
    books: PracticeQuickBooks

    def press(self, button: str, *rows: str, result: str = "Done") -> str:
        pressed = self.desk.press(button, rows=rows)
        assert str(pressed.outcome.result) == result, (pressed.outcome.message, pressed.outcome.findings)
        return pressed.outcome.message

    def exceptions(self, code: str) -> dict[str, tuple[str, str]]:
        """The severity and state of exceptions, by what they are about."""
        return {
            row.text("order_id") or row.text("settlement_id"): (row.text("severity"), row.text("state"))
            for row in self.desk.table("Exceptions").rows
            if row.text("code") == code
        }

    def decide(self, code: str, choice: str, about: str = "", reason: str = "") -> None:
        row = next(
            row
            for row in self.desk.table("Exceptions").rows
            if row.text("code") == code and about in {"", row.text("order_id"), row.text("settlement_id")}
        )
        self.desk.type("Exceptions", "decision", row, choice)
        if reason:
            self.desk.type("Exceptions", "decision_reason", row, reason)

    def balances(self) -> dict[str, Decimal]:
        """The accounts' balances, asked by another client; those of zero left out."""
        with connected(self.books, observer=True) as client:
            answer = client.call("GET", "query", params={"query": "select * from Account maxresults 1000"})
            rows = exact(answer)["QueryResponse"]["Account"]
        return {row["Name"]: Decimal(row["CurrentBalance"]) for row in rows if Decimal(row["CurrentBalance"])}

    def counts(self) -> dict[str, int]:
        return {kind: len(held) for kind in KINDS if (held := self.books.transactions(kind))}


def opened(folder: Path, books: PracticeQuickBooks, amazon: PracticeAmazon) -> At:
    """The desk of a folder, bound to both servers."""
    line = folder / "practice.json"
    line.write_text(json.dumps({"amazon": amazon.connection(), "quickbooks": books.connection()}))
    desk = Desk(folder / "Acme.xlsm", folder / "home", folder / "files")
    assert str(desk.press("connect-amazon", line).outcome.result) == "Done"
    return At(desk, books)


def quickbooks(state: Path) -> PracticeQuickBooks:
    return PracticeQuickBooks(country="US", home_currency="USD", limits=False, state=state)


@pytest.fixture(scope="module")
def amazon() -> Iterator[PracticeAmazon]:
    """The seller's Amazon."""
    with PracticeAmazon(shop(), limits=False) as running:
        yield running


@pytest.fixture(scope="module")
def made(amazon: PracticeAmazon, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company whose orders are downloaded and whose settlements are imported; nothing is posted."""
    folder = tmp_path_factory.mktemp("made") / "desk"
    (folder / "files").mkdir(parents=True)
    for settlement in shop().settlements:
        (folder / "files" / settlement.file_name).write_bytes(settlement.flat_file_v2())
    with (
        pytest.MonkeyPatch.context() as patch,
        quickbooks(folder / "books.sqlite3") as books,
    ):
        patch.setenv("TIEOUT_HOME", str(folder / "home"))
        new = CliRunner().invoke(app, ["new", str(folder / "Acme.xlsm"), "--company", "Acme Ltd", "--country", "US"])
        assert new.exit_code == 0, new.output
        at = opened(folder, books, amazon)
        at.press("download-orders")
        pressed = at.desk.press("import-settlements", at.desk.files)
        assert str(pressed.outcome.result) == "Done in part", pressed.outcome
    return folder


@pytest.fixture(scope="module")
def made_invoiced(made: Path, amazon: PracticeAmazon, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with the orders posted."""
    folder = tmp_path_factory.mktemp("invoiced") / "desk"
    shutil.copytree(made, folder)
    with pytest.MonkeyPatch.context() as patch, quickbooks(folder / "books.sqlite3") as books:
        patch.setenv("TIEOUT_HOME", str(folder / "home"))
        opened(folder, books, amazon).press("post-orders")
    return folder


def _copied(made: Path, to: Path, patch: pytest.MonkeyPatch, amazon: PracticeAmazon) -> Iterator[At]:
    shutil.copytree(made, to)
    patch.setenv("TIEOUT_HOME", str(to / "home"))
    with quickbooks(to / "books.sqlite3") as books:
        yield opened(to, books, amazon)


@pytest.fixture
def at(made: Path, amazon: PracticeAmazon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[At]:
    """Orders downloaded, settlements imported."""
    yield from _copied(made, tmp_path / "desk", monkeypatch, amazon)


@pytest.fixture
def invoiced(
    made_invoiced: Path, amazon: PracticeAmazon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[At]:
    """Orders posted, settlements imported."""
    yield from _copied(made_invoiced, tmp_path / "desk", monkeypatch, amazon)


def test_a_month_by_orders_ties_out_and_leaves_clearing_at_zero(invoiced: At) -> None:
    desk = invoiced.desk
    owed = sum(Decimal(one["Balance"]) for one in invoices(invoiced.books).values())
    message = invoiced.press("preview-settlements")
    assert "9 settlements in 24 documents" in message
    kinds = {row.text("document") for row in desk.table("JournalPreview").rows}
    assert kinds == {"Journal Entry", "Credit Memo", "Payment", "Transfer"}
    assert set(desk.states().values()) == {"Ready"}

    message = invoiced.press("post-settlements")
    assert "9 settlements posted, 24 documents created" in message
    assert "all tie out" in message
    for row in desk.table("Settlements").rows:
        assert (row.text("state"), row.text("tie_out")) == ("Posted", "Ties out")
        assert row.text("method") == "Orders and settlement"
        totals = {row.values[key] for key in ("amazon_total", "rows_total", "posted_total", "quickbooks_total")}
        assert len(totals) == 1, row.values
        assert row.text("doc_numbers").startswith(f"AMZ-{row.text('settlement_id')}-1J")

    balances = invoiced.balances()
    assert CLEARING not in balances
    banked = sum(Decimal(str(one["Amount"])) for one in invoiced.books.transactions("Transfer"))
    assert balances["Business Checking"] >= banked  # what is in another currency moves by journal
    still_open = sum(Decimal(one["Balance"]) for one in invoices(invoiced.books).values())
    assert 0 < still_open < owed  # ordered in the month, settled after it
    with connected(invoiced.books, observer=True) as client:
        report = exact(client.call("GET", "reports/TrialBalance"))
    named = [row["ColData"][0]["value"] for row in report["Rows"]["Row"] if "ColData" in row]
    assert CLEARING not in named

    before = desk.contents()
    assert desk.press("post-settlements").changed == {}
    assert desk.contents() == before
    assert invoiced.press("reconcile").startswith("All of 9 posted settlements tie out.")


def test_every_line_says_where_it_went(invoiced: At) -> None:
    invoiced.press("post-settlements")
    numbers = set(invoices(invoiced.books)) | {
        row.text("doc_number") for row in invoiced.desk.table("JournalPreview").rows
    }
    lines = [row for row in invoiced.desk.table("SettlementLines").rows if row.text("settlement_id")]
    assert lines
    assert all(row.text("group") and row.text("account") for row in lines)
    assert {row.text("doc_number") for row in lines} <= numbers
    # A line with money in it is in some document.
    assert [row.values for row in lines if row.values["amount"] and not row.text("doc_number")] == []


def test_taken_back_and_posted_again_the_books_are_the_same(invoiced: At) -> None:
    desk = invoiced.desk
    orders_alone = invoiced.balances()
    invoiced.press("post-settlements")
    posted, made = invoiced.balances(), invoiced.counts()
    [paid, *_] = sorted(one for one, held in invoices(invoiced.books).items() if not Decimal(held["Balance"]))
    message = invoiced.press("undo-orders", paid, result="Refused")
    assert "is paid by settlement" in message

    settlements = tuple(desk.states())
    assert "24 documents deleted" in invoiced.press("undo-settlements", *settlements)
    assert set(desk.states().values()) == {"Undone"}
    assert (invoiced.counts(), invoiced.balances()) == ({}, orders_alone)
    invoiced.press("post-settlements")
    assert (invoiced.counts(), invoiced.balances()) == (made, posted)

    invoiced.press("undo-settlements", *settlements)
    invoiced.press("undo-orders", *invoices(invoiced.books))
    assert invoiced.balances() == {}


def test_settlements_wait_for_the_orders_that_are_ready_and_for_no_other(at: At) -> None:
    waiting = {about for about, found in at.exceptions("settled-orders-not-posted").items() if found[1] == "Open"}
    assert waiting
    blocked = {one for one, state in at.desk.states().items() if state == "Blocked"}
    assert blocked == waiting
    at.press("post-settlements", result="Done in part")
    assert {one for one, state in at.desk.states().items() if state == "Posted"} == set(at.desk.states()) - waiting
    why = at.desk.row("Settlements", "settlement_id", min(waiting)).text("why")
    assert "Press Post to QuickBooks for the orders first" in why
    at.press("post-orders")
    at.press("post-settlements")
    assert set(at.desk.states().values()) == {"Posted"}
    assert {found[1] for found in at.exceptions("settled-orders-not-posted").values()} == {"Closed"}
    assert CLEARING not in at.balances()


def test_what_a_person_sends_to_the_summary_gets_no_invoice_while_it_stands(at: At) -> None:
    chosen = min(at.exceptions("settled-orders-not-posted"))
    at.decide("settled-orders-not-posted", "Post in the summary", chosen)
    before = set(ready(at.desk))
    at.press("post-settlements", chosen)
    assert at.desk.states()[chosen] == "Posted"
    assert at.exceptions("settled-orders-not-posted")[chosen] == ("Notice", "Decided")

    message = at.press("post-orders")
    posted = set(invoices(at.books))
    recorded = before - posted
    assert recorded, message
    for row in at.desk.table("Orders").rows:
        if row.text("order_id") in recorded:
            assert row.text("state") == "Held"
            assert f"summary of settlement {chosen}" in row.text("why")
    assert at.press("post-orders", min(recorded), result="Refused")
    assert min(recorded) not in invoices(at.books)

    at.press("undo-settlements", chosen)
    at.press("post-orders", *recorded)
    assert recorded <= set(invoices(at.books))


def test_where_settings_say_ask_each_order_without_a_document_is_an_exception(at: At) -> None:
    """Here they were put away; nothing but a person says what becomes of each."""
    desk = at.desk
    lines = [row for row in desk.table("SettlementLines").rows if row.text("transaction_type") == "Order"]
    paid = {row.text("order_id"): row.text("settlement_id") for row in lines if row.text("order_id") in ready(desk)}
    settlement_id = next(of for of in paid.values() if list(paid.values()).count(of) > 1)
    first, second = [one for one, of in paid.items() if of == settlement_id][:2]
    at.press("archive-orders", first, second)
    desk.setting("orders_not_downloaded", "Ask")
    at.press("post-orders")
    at.press("post-settlements", settlement_id, result="Done in part")
    asked = at.exceptions("settled-order-not-posted")
    assert {one: asked[one] for one in (first, second)} == dict.fromkeys((first, second), ("Blocked", "Open"))
    row = desk.row("Exceptions", "order_id", first)
    assert (row.text("settlement_id"), row.text("marketplace")) == (settlement_id, "US")

    at.decide("settled-order-not-posted", "Post in the summary", first)
    at.decide("settled-order-not-posted", "Ignore", second)
    at.press("post-settlements", settlement_id, result="Done in part")  # ignoring needs a reason
    at.decide("settled-order-not-posted", "Ignore", second, reason="sold at the counter")
    at.press("post-settlements", settlement_id)
    assert desk.states()[settlement_id] == "Posted"
    decided = at.exceptions("settled-order-not-posted")
    assert {decided[first], decided[second]} == {("Notice", "Decided")}
    shown = desk.row("Settlements", "settlement_id", settlement_id)
    assert (shown.text("state"), "has changed" in shown.text("why")) == ("Posted", False)
    assert {first, second}.isdisjoint(invoices(at.books))


def test_one_press_posts_marketplaces_by_different_methods(at: At) -> None:
    desk = at.desk
    row = next(row for row in desk.table("MarketplaceSettings").rows if row.text("marketplace") == "CA")
    desk.type("MarketplaceSettings", "method", row, "Settlement summary")
    at.press("post-orders")
    at.press("post-settlements")
    shown = {row.text("settlement_id"): row for row in desk.table("Settlements").rows}
    methods = {(row.text("marketplace"), row.text("method")) for row in shown.values()}
    assert ("CA", "Settlement summary") in methods
    assert ("US", "Orders and settlement") in methods
    assert {row.text("tie_out") for row in shown.values()} == {"Ties out"}
    assert {one["CustomerRef"]["name"] for one in invoices(at.books).values()} == {"Amazon US"}
    # What stands stays as it was posted when the setting changes.
    desk.setting("method", "Settlement summary")
    assert at.press("post-settlements") == "Nothing to post."
    assert {row.text("method") for row in desk.table("Settlements").rows} == {one for _, one in methods}
    assert at.press("reconcile").startswith("All of 9 posted settlements tie out.")
    at.press("undo-settlements", *shown)
    assert at.counts() == {}
    # In summary they would record again what the invoices of their orders do.
    assert "Blocked" in set(desk.states().values())
    assert at.exceptions("orders-recorded-already")


def test_orders_that_were_never_downloaded_are_recorded_and_stay_so(
    made: Path, amazon: PracticeAmazon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files alone post before anything is downloaded, and a later download makes no second revenue of them."""
    folder = tmp_path / "desk"
    shutil.copytree(made / "files", folder / "files")
    monkeypatch.setenv("TIEOUT_HOME", str(folder / "home"))
    new = CliRunner().invoke(app, ["new", str(folder / "Acme.xlsm"), "--company", "Acme Ltd", "--country", "US"])
    assert new.exit_code == 0, new.output
    with quickbooks(folder / "books.sqlite3") as books:
        at = opened(folder, books, amazon)
        imported = at.desk.press("import-settlements", at.desk.files)
        assert str(imported.outcome.result) == "Done", imported.outcome.findings
        assert {found[0] for found in at.exceptions("settled-orders-in-summary").values()} == {"Notice"}
        at.press("post-settlements")
        assert {row.text("tie_out") for row in at.desk.table("Settlements").rows} == {"Ties out"}
        balances = at.balances()
        assert CLEARING not in balances

        at.press("download-orders")
        recorded = {one for one, state in ids(at.desk, "Orders").items() if state == "Held"}
        assert recorded
        at.press("post-orders")
        assert recorded.isdisjoint(invoices(books))
        assert at.press("post-settlements") == "Nothing to post."
        assert set(at.desk.states().values()) == {"Posted"}


def test_a_changed_mapping_after_posting_is_replaced_on_request(invoiced: At) -> None:
    desk = invoiced.desk
    invoiced.press("post-settlements")
    lines = desk.table("SettlementLines").rows
    chosen = next(one.text("settlement_id") for one in lines if one.text("amount_description") == "Commission")
    row = next(row for row in desk.table("FeeMappings").rows if row.text("amount_description") == "Commission")
    desk.type("FeeMappings", "account", row, "Commission paid")
    assert invoiced.press("post-settlements") == "Nothing to post."
    assert "its draft has changed since" in desk.row("Settlements", "settlement_id", chosen).text("why")
    invoiced.press("post-settlements", chosen, result="Refused")
    invoiced.decide("document-posted-otherwise", "Replace the posting", chosen)
    invoiced.press("post-settlements", chosen)
    shown = desk.row("Settlements", "settlement_id", chosen)
    assert (shown.text("state"), shown.text("tie_out"), shown.text("why")) == ("Posted", "Ties out", "")
    assert Decimal(invoiced.books.ledger()["Commission paid"]) > 0
    assert CLEARING not in invoiced.balances()


def test_in_a_closed_period_a_settlement_goes_to_the_first_open_day_and_is_taken_back_there(invoiced: At) -> None:
    desk = invoiced.desk
    invoiced.books.close_books(date(2026, 9, 12))
    invoiced.press("post-settlements", result="Done in part")
    asked = invoiced.exceptions("period-closed")
    assert asked
    for about in asked:
        invoiced.decide("period-closed", "Post on the first open date", about)
    invoiced.press("post-settlements")
    posted = invoiced.balances()
    assert CLEARING not in posted

    invoiced.books.close_books(date(2026, 9, 30))
    desk.setting("closed_period", "Use the first open date")
    assert "reversed on the first open day" in invoiced.press("undo-settlements", *desk.states())
    assert CLEARING not in invoiced.balances()
    assert set(desk.states().values()) == {"Undone"}
    invoiced.press("post-settlements")
    assert invoiced.balances() == posted
    assert {row.text("tie_out") for row in desk.table("Settlements").rows} == {"Ties out"}


def test_a_press_that_is_stopped_between_a_settlement_s_documents_is_gone_on_with(invoiced: At) -> None:
    desk = invoiced.desk
    [company] = desk.home.glob("companies/*")

    stages: list[str] = []

    def tell(what: str, done: int, of: int | None) -> None:
        stages.extend([what] if what == "Posting to QuickBooks" else [])
        if len(stages) == 2:  # what payments are for has been sent, and they have not
            (company / STOP_FILE).touch()

    pressed = press_closed("post-settlements", desk.book, progressed=tell)
    assert str(pressed.outcome.result) == "Stopped"
    assert 0 < sum(invoiced.counts().values()) < 24
    assert "Posting" in set(desk.states().values())
    invoiced.press("post-settlements")
    assert set(desk.states().values()) == {"Posted"}
    assert sum(invoiced.counts().values()) == 24
    assert invoiced.press("reconcile").startswith("All of 9 posted settlements tie out.")
    assert CLEARING not in invoiced.balances()


@pytest.mark.parametrize("seed", [3])
def test_sellers_of_three_marketplaces_and_five_currencies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Of all that is settled clearing holds nothing; in the home currency's rounding, a cent a settlement at most."""
    folder = tmp_path / "desk"
    (folder / "files").mkdir(parents=True)
    seller = make_shop(seed, orders=40)
    for settlement in seller.settlements:
        (folder / "files" / settlement.file_name).write_bytes(settlement.flat_file_v2())
    monkeypatch.setenv("TIEOUT_HOME", str(folder / "home"))
    new = CliRunner().invoke(app, ["new", str(folder / "Acme.xlsm"), "--company", "Acme Ltd", "--country", "US"])
    assert new.exit_code == 0, new.output
    with PracticeAmazon(seller, limits=False) as amazon, quickbooks(folder / "books.sqlite3") as books:
        at = opened(folder, books, amazon)
        at.press("download-orders")
        at.press("post-orders")
        assert str(at.desk.press("import-settlements", at.desk.files).outcome.result) == "Done"
        assert "all tie out" in at.press("post-settlements")
        rows = at.desk.table("Settlements").rows
        assert {row.text("currency") for row in rows} == {"USD", "CAD", "MXN", "GBP", "EUR"}
        assert any(Decimal(row.text("amazon_total")) < 0 for row in rows)
        assert any(row.text("amazon_total") == "0" for row in rows)
        foreign = sum(row.text("currency") != "USD" for row in rows)
        balances = at.balances()
        assert abs(balances.get(CLEARING, Decimal(0))) <= Decimal("0.01") * foreign
        still_open = {one for one, held in invoices(books).items() if Decimal(held["Balance"])}
        settled = {row.text("order_id") for row in at.desk.table("SettlementLines").rows}
        owed = {one for one, held in invoices(books).items() if Decimal(held["TotalAmt"])}
        assert still_open == owed - settled


def test_names_that_the_store_lost_are_learned_again_from_quickbooks(invoiced: At) -> None:
    """As after a rebuild: what was posted is not taken for changed because a customer's name is not known here."""
    invoiced.press("post-settlements")
    with open_company("Acme Ltd", invoiced.desk.home) as opened_company:
        opened_company.store.settings.put("known-books", "")
    invoiced.press("preview-settlements")
    whys = {row.text("why") for row in invoiced.desk.table("Settlements").rows}
    assert any("has changed since" in why for why in whys)
    assert invoiced.press("reconcile").startswith("All of 9 posted settlements tie out.")
    assert {row.text("why") for row in invoiced.desk.table("Settlements").rows} == {""}
