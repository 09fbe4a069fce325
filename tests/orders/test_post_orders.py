"""Orders into the books: what is posted, what is not and why, and the next try."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.orders.making import ORDER_ID, line, order
from tests.orders.sale_world import ALL, FIRST_OPEN_DAY, NONE, SaleWorld, sale_world
from tieout.commands.documents_check import Agreed
from tieout.commands.post_orders import OrderResult, OrdersReport, OrderState
from tieout.commands.posting_run import How
from tieout.domain.origin import Cell
from tieout.domain.posting import PostingState
from tieout.domain.posting_settings import FacilitatorTax, ItemPolicy, OrderDocument, PostingSettings
from tieout.domain.tax_rule import TaxPayer, TaxRule

TWO = "113-1234567-0000002"
CREATE = {"op": "create", "entity": "Invoice"}
BRITISH = (TaxRule("20.0% S", "GB", None, TaxPayer.SELLER), TaxRule("0.0% Z", "GB", None, TaxPayer.AMAZON))


def only(report: OrdersReport) -> OrderResult:
    (result,) = report.results
    return result


def codes(report: OrdersReport) -> set[str]:
    return {finding.code for finding in report.all_findings}


def test_a_posted_order_is_told_with_its_number_and_id(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        report = world.post(order(line()))
        result = only(report)
        (invoice,) = world.held("Invoice")
        assert (result.state, result.doc_number, result.quickbooks_id) == (OrderState.POSTED, ORDER_ID, invoice["Id"])
        assert (result.reason, result.to_do, result.code, result.where) == ("", "", "", None)
        assert result.posting is not None
        assert result.intuit_tid
        assert result.attempts == 1
        assert set(report.created) == {"customer Amazon US", "item MUG-1"}
        assert "tieout:" in invoice["PrivateNote"]


def test_nothing_is_made_unless_agreed_and_each_thing_missing_is_said(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        report = world.post(order(line(shipping_price="1.00")), agreed=NONE)
        assert codes(report) == {"customer-missing", "item-missing"}
        assert {finding.subject for finding in report.all_findings} == {
            "Amazon US",
            "MUG-1",
            "Amazon Shipping Income",
        }
        assert (world.held("Invoice"), world.held("Customer"), world.held("Item")) == ([], [], [])
        assert only(report).state is OrderState.ERROR
        repaired = world.post(order(line(shipping_price="1.00")))
        assert only(repaired).state is OrderState.POSTED


def test_items_that_are_there_are_used_by_sku_and_by_name(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        income = next(each["Id"] for each in world.held("Account") if each["Name"] == "Amazon Sales")
        made = [
            world.there.practice.create_as_person("Item", {**body, "IncomeAccountRef": {"value": income}})["Id"]
            for body in (
                {"Name": "Blue mug", "Sku": "MUG-1", "Type": "NonInventory"},
                {"Name": "cap-1", "Type": "Service"},
            )
        ]
        report = world.post(order(line("MUG-1"), line("CAP-1")))
        assert not any(each.startswith("item") for each in report.created)
        (invoice,) = world.held("Invoice")
        used = [each["SalesItemLineDetail"]["ItemRef"]["value"] for each in invoice["Line"][:2]]
        assert used == made


def test_one_sku_on_two_items_is_asked_about(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        income = next(each["Id"] for each in world.held("Account") if each["Name"] == "Amazon Sales")
        for name in ("Blue mug", "Red mug"):
            body = {"Name": name, "Sku": "MUG-1", "Type": "Service", "IncomeAccountRef": {"value": income}}
            world.there.practice.create_as_person("Item", body)
        assert codes(world.post(order(line()))) == {"item-ambiguous"}


def test_an_order_that_fails_keeps_no_other_back(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        report = world.post(order(line(), status="Pending"), order(line("CAP-1"), order_id=TWO))
        assert [result.state for result in report.results] == [OrderState.ERROR, OrderState.POSTED]
        assert report.results[0].code == "order-status-does-not-post"
        assert world.numbers("Invoice") == [TWO]
        assert report.count(OrderState.POSTED) == 1


def test_an_order_without_a_document_waits(tmp_path: Path) -> None:
    with sale_world(tmp_path, PostingSettings(order_document=OrderDocument.NONE)) as world:
        result = only(world.post(order(line())))
        assert (result.state, result.code) == (OrderState.WAITING, "order-needs-no-document")
        assert result.doc_number == ""
        assert world.there.practice.requests() == []


def test_what_quickbooks_refuses_is_said_with_its_id_and_tried_again(tmp_path: Path) -> None:
    with sale_world(tmp_path, faults=[{"match": CREATE, "do": "fault_in_200"}]) as world:
        result = only(world.post(order(line())))
        assert result.state is OrderState.ERROR
        assert result.code == "quickbooks-refused"
        assert result.intuit_tid
        assert result.intuit_tid in result.reason
        assert result.posting is not None
        assert result.posting.state is PostingState.REJECTED
        world.there.practice.clear_faults()
        again = only(world.post(order(line())))
        assert again.state is OrderState.POSTED
        assert world.numbers("Invoice") == [ORDER_ID]


def test_a_finding_about_a_setting_names_its_cell(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        result = only(world.post(order(line()), agreed=NONE, places={"customer": Cell("Settings", "D30")}))
        assert str(result.where) == "Settings!D30"


def test_the_same_order_twice_in_one_press_is_one(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        report = world.post(order(line()), order(line()))
        assert len(report.results) == 1
        assert world.numbers("Invoice") == [ORDER_ID]


def test_an_order_that_changed_after_it_was_posted_is_asked_about(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        world.post(order(line()))
        result = only(world.post(order(line(price="25.00"))))
        assert (result.state, result.code) == (OrderState.ERROR, "document-posted-otherwise")
        assert "USD 20.00" in result.reason
        assert "USD 25.00" in result.reason
        assert [str(each["TotalAmt"]) for each in world.held("Invoice")] == ["20.00"]


def test_an_order_that_a_summary_recorded_is_not_posted(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        result = only(world.post(order(line()), in_summary={ORDER_ID: "24288684721"}))
        assert (result.state, result.code) == (OrderState.ERROR, "order-recorded-in-summary")
        assert world.held("Invoice") == []


def test_sales_receipts_go_into_clearing(tmp_path: Path) -> None:
    with sale_world(tmp_path, PostingSettings(order_document=OrderDocument.SALES_RECEIPT)) as world:
        assert only(world.post(order(line()))).state is OrderState.POSTED
        assert world.there.practice.ledger() == {"Amazon Clearing": 2000, "Amazon Sales": -2000}


def test_a_free_order_is_kept(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        assert only(world.post(order(line(price="0.00")))).state is OrderState.POSTED
        assert [str(each["TotalAmt"]) for each in world.held("Invoice")] == ["0.00"]


def test_us_tax_of_the_seller_reaches_the_tax_account(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        taxed = order(line(item_tax="1.63", tax_responsible="Seller"), line("CAP-1", "5.00"))
        assert only(world.post(taxed)).state is OrderState.POSTED
        assert world.there.practice.ledger() == {
            "Accounts Receivable (A/R)": 2663,
            "Amazon Sales": -2500,
            "Sales Tax Payable": -163,
        }


def test_us_tax_that_amazon_pays_nets_to_zero(tmp_path: Path) -> None:
    with sale_world(tmp_path, PostingSettings(facilitator_tax=FacilitatorTax.NET)) as world:
        assert only(world.post(order(line(item_tax="1.63")))).state is OrderState.POSTED
        ledger = world.there.practice.ledger()
        assert ledger.get("Amazon Facilitator Tax", 0) == 0
        assert ledger["Amazon Sales"] == -2000


@pytest.mark.parametrize(
    ("told", "ledger"),
    [
        (  # tax told by Amazon, a penny away from what the rate would give
            {"price": "24.01", "item_tax": "4.01", "item_promotion": "2.40"},
            {"Amazon Sales": -2000, "Amazon Promotions": 200, "VAT Control": -361},
        ),
        ({"price": "23.99"}, {"Amazon Sales": -1999, "VAT Control": -400}),  # inside the price
        (
            {"price": "24.00", "item_tax": "4.00", "tax_responsible": "Amazon Services Europe"},
            {"Amazon Sales": -2000},
        ),
    ],
    ids=["on top", "inside", "amazon pays"],
)
def test_british_books_with_codes(tmp_path: Path, told: dict[str, str], ledger: dict[str, int]) -> None:
    with sale_world(
        tmp_path,
        PostingSettings(facilitator_tax=FacilitatorTax.NET),
        tax_rules=BRITISH,
        country="GB",
        home_currency="GBP",
    ) as world:
        given = order(line(currency="GBP", **told), country="GB")
        report = world.post(given)
        assert only(report).state is OrderState.POSTED, report.all_findings
        held = {name: balance for name, balance in world.there.practice.ledger().items() if balance}
        receivable = held.pop("Accounts Receivable (A/R)")
        assert held == ledger
        assert receivable == -sum(ledger.values())


def test_british_books_without_codes_keep_vat_in_its_own_account(tmp_path: Path) -> None:
    with sale_world(tmp_path, country="GB", home_currency="GBP") as world:
        given = order(line(price="24.00", item_tax="4.00", currency="GBP"), country="GB")
        assert only(world.post(given)).state is OrderState.POSTED
        assert world.there.practice.ledger() == {
            "Accounts Receivable (A/R)": 2400,
            "Amazon Sales": -2000,
            "VAT on Amazon Sales": -400,
        }


def test_class_and_location_are_found_by_name(tmp_path: Path) -> None:
    with sale_world(tmp_path, PostingSettings(class_name="Web", location="Online")) as world:
        assert codes(world.post(order(line()))) == {"class-unknown", "location-unknown"}
        klass = world.there.practice.create_as_person("Class", {"Name": "Web"})
        place = world.there.practice.create_as_person("Department", {"Name": "Online"})
        assert only(world.post(order(line()))).state is OrderState.POSTED
        (invoice,) = world.held("Invoice")
        assert invoice["DepartmentRef"]["value"] == place["Id"]
        assert invoice["Line"][0]["SalesItemLineDetail"]["ClassRef"]["value"] == klass["Id"]


def _number_themselves(world: SaleWorld) -> None:
    world.there.practice.set_preference("SalesFormsPrefs.CustomTxnNumbers", False)


def _no_tax(world: SaleWorld) -> None:
    world.there.practice.set_preference("TaxPrefs.UsingSalesTax", False)


def _close(world: SaleWorld) -> None:
    world.there.practice.close_books(date(2026, 1, 31))


def _euro_customer(world: SaleWorld) -> None:
    world.there.practice.create_as_person("Customer", {"DisplayName": "Amazon US", "CurrencyRef": {"value": "EUR"}})


def _no_clearing(world: SaleWorld) -> None:
    world.there.practice.inactivate_account("Amazon Clearing")


@pytest.mark.parametrize(
    ("change", "code", "settings"),
    [
        (_number_themselves, "numbers-assigned-by-quickbooks", PostingSettings()),
        (_no_tax, "sales-tax-off", PostingSettings()),
        (_close, "period-closed", PostingSettings()),
        (_euro_customer, "party-of-other-currency", PostingSettings()),
        (_no_clearing, "account-inactive", PostingSettings(order_document=OrderDocument.SALES_RECEIPT)),
    ],
)
def test_what_is_looked_at_before_anything_is_sent(
    tmp_path: Path, change: Callable[[SaleWorld], None], code: str, settings: PostingSettings
) -> None:
    with sale_world(tmp_path, settings) as world:
        change(world)
        result = only(world.post(order(line(item_tax="1.00", tax_responsible="Seller"))))
        assert (result.state, result.code) == (OrderState.ERROR, code)
        assert not any(seen.entity in {"Invoice", "SalesReceipt"} for seen in world.there.practice.requests())


def test_on_the_first_open_day_where_the_user_chose_it(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        world.there.practice.close_books(date(2026, 1, 31))
        assert only(world.post(order(line()), agreed=FIRST_OPEN_DAY)).state is OrderState.POSTED
        assert [each["TxnDate"] for each in world.held("Invoice")] == ["2026-02-01"]


def test_another_company_s_books_are_never_written(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        assert world.there.company.quickbooks is not None
        other = replace(world.there.company.quickbooks, realm_id="9130000000000001")
        world.there.company = replace(world.there.company, quickbooks=other)
        report = world.post(order(line()))
        assert codes(report) == {"wrong-company"}
        assert only(report).state is OrderState.ERROR
        assert only(report).code == "wrong-company"
        assert world.held("Invoice") == []


def test_somebody_else_s_invoice_of_our_number_is_not_touched(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        world.post(order(line(), order_id=TWO))
        (ours,) = world.held("Invoice")
        theirs = {name: ours[name] for name in ("CustomerRef", "Line")} | {"DocNumber": ORDER_ID}
        world.there.practice.create_as_person("Invoice", theirs)
        result = only(world.post(order(line())))
        assert result.code == "number-of-another-document"
        assert len(world.held("Invoice")) == 2


def test_a_sale_that_quickbooks_computes_otherwise_is_left_to_a_person(tmp_path: Path) -> None:
    """The document's total in the books is compared with the draft's, to the cent, and the difference is said."""

    def adds_a_penny(practice: Any) -> None:
        for invoice in practice.transactions("Invoice"):
            first = {**invoice["Line"][0], "Amount": invoice["Line"][0]["Amount"] + 1}
            first["SalesItemLineDetail"] = {"ItemRef": first["SalesItemLineDetail"]["ItemRef"]}
            practice.edit_as_person("Invoice", invoice["Id"], {"Line": [first]})

    fault = {"match": {"op": "read", "entity": "Invoice", "times": 0}, "do": adds_a_penny}
    with sale_world(tmp_path, faults=[fault]) as world:
        result = only(world.post(order(line())))
        assert result.code == "changed-in-quickbooks"
        assert "21.00" in result.reason
        assert result.posting is not None
        assert result.posting.state is PostingState.CONFLICT


def test_names_with_signs_that_queries_and_lists_don_t_take(tmp_path: Path) -> None:
    odd = 'SKU:1 "x"\\\'é'
    with sale_world(tmp_path) as world:
        assert only(world.post(order(line(odd)))).state is OrderState.POSTED
        assert only(world.post(order(line(odd), order_id=TWO))).state is OrderState.POSTED
        (item,) = world.held("Item")
        assert (item["Sku"], item["Name"]) == (odd, "SKU-1 'x'\\'é")


def test_one_item_for_everything(tmp_path: Path) -> None:
    with sale_world(tmp_path, PostingSettings(item_policy=ItemPolicy.ONE)) as world:
        world.post(order(line("A"), line("B")), agreed=Agreed(names=True))
        assert [each["Name"] for each in world.held("Item")] == ["Amazon Sales"]


def test_a_press_with_nothing_new_asks_nothing(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        world.post(order(line()))
        before = len(world.there.practice.requests())
        result = only(world.post(order(line())))
        assert result.posted is not None
        assert result.posted.how is How.ALREADY
        assert len(world.there.practice.requests()) == before


def test_agreed_is_nothing_by_default() -> None:
    assert Agreed() == NONE
    assert ALL != NONE
