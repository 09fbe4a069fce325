"""Tax codes from the sheet to the books: which code a line gets, and that each invoice's total is Amazon's."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.buttons.desk import Desk
from tests.buttons.orders_desk import AtDesk, ids, invoices
from tieout.cli.app import app
from tieout.practice.amazon import PracticeAmazon
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.practice.shop import make_shop
from tieout.sheets.port import ReadTable

COUNTRIES = {"GB": ("UK", "GBP"), "DE": ("DE", "EUR")}


@contextmanager
def _downloaded(folder: Path, country: str, patch: pytest.MonkeyPatch) -> Iterator[AtDesk]:
    """A company of a country whose orders are downloaded, with books of its own."""
    marketplace, currency = COUNTRIES[country]
    folder.mkdir()
    patch.setenv("TIEOUT_HOME", str(folder / "home"))
    book = folder / "Acme.xlsm"
    new = CliRunner().invoke(app, ["new", str(book), "--company", "Acme Ltd", "--country", country])
    assert new.exit_code == 0, new.output
    desk = Desk(book, folder / "home", folder)
    with (
        PracticeAmazon(make_shop(3, orders=16, marketplaces=(marketplace,)), limits=False) as amazon,
        PracticeQuickBooks(country=country, home_currency=currency, limits=False) as books,
    ):
        line = folder / "practice.json"
        line.write_text(json.dumps({"amazon": amazon.connection(), "quickbooks": books.connection()}))
        for button, files in (("connect-amazon", (line,)), ("download-orders", ()), ("refresh-lists", ())):
            assert str(desk.press(button, *files).outcome.result) == "Done"
        yield desk, books


@pytest.fixture(scope="module", params=sorted(COUNTRIES))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, AtDesk]]:
    folder = tmp_path_factory.mktemp(request.param) / "desk"
    with pytest.MonkeyPatch.context() as patch, _downloaded(folder, request.param, patch) as at:
        yield request.param, at


@pytest.fixture
def at(made: tuple[str, AtDesk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, AtDesk]]:
    """A copy of it, with books of its own."""
    country, (desk, _) = made
    shutil.copytree(desk.home.parent, tmp_path / "desk")
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "desk" / "home"))
    own = Desk(tmp_path / "desk" / "Acme.xlsm", tmp_path / "desk" / "home", tmp_path / "desk")
    with PracticeQuickBooks(country=country, home_currency=COUNTRIES[country][1], limits=False) as books:
        line = tmp_path / "practice.json"
        kept = json.loads((desk.files / "practice.json").read_text())
        line.write_text(json.dumps({**kept, "quickbooks": books.connection()}))
        own.press("connect-amazon", line)
        yield country, (own, books)


def rules(desk: Desk, *rows: dict[str, Any]) -> None:
    """Type rows of Tax Codes' right table."""
    with desk.opened() as book:
        found = book.read("TaxRules")
        assert isinstance(found, ReadTable)
        sheet = book.xlwings_table("TaxRules").parent
        for number, row in enumerate(rows, start=found.header_row + 1):
            for key, value in row.items():
                sheet.range(f"{found.columns[key]}{number}").value = value
        live = book.xlwings_table("TaxRules")
        live.resize(sheet.range((found.header_row, 8), (found.header_row + len(rows), 7 + len(found.columns))))


def standard(books: PracticeQuickBooks) -> str:
    [name] = [str(one["Name"]) for one in books.transactions("TaxCode") if one["Name"].endswith("% S")]
    return name


def amazons_totals(desk: Desk) -> dict[str, Decimal]:
    """What Amazon's rows come to, for each order that is ready."""
    return {
        row.text("order_id"): Decimal(str(row.values["total"])).quantize(Decimal("0.01"))
        for row in desk.table("Orders").rows
        if row.text("state") == "Ready"
    }


def of(document: dict[str, Any], name: str) -> Decimal:
    return Decimal(str(document[name])).quantize(Decimal("0.01"))


def test_tax_codes_are_listed_with_their_rates(at: tuple[str, AtDesk]) -> None:
    country, (desk, books) = at
    rates = {row.text("tax_code"): row.values["sales_rate"] for row in desk.table("TaxCodes").rows}
    assert rates[standard(books)] == pytest.approx(0.2 if country == "GB" else 0.19)
    assert rates["No VAT"] is None


def test_totals_are_amazons_with_codes_and_without(at: tuple[str, AtDesk]) -> None:
    _, (desk, books) = at
    wanted = amazons_totals(desk)
    assert wanted
    code = standard(books)
    rules(desk, {"code": code, "responsible": "Seller"}, {"code": "No VAT", "responsible": "Amazon"})
    pressed = desk.press("post-orders")
    assert ids(desk, "Errors") == {}, pressed.outcome.findings
    held = invoices(books)
    assert {number: of(one, "TotalAmt") for number, one in held.items()} == wanted
    codes = {one["Id"]: one["Name"] for one in books.transactions("TaxCode")}
    used = {
        codes[line["SalesItemLineDetail"]["TaxCodeRef"]["value"]]
        for one in held.values()
        for line in one["Line"]
        if "SalesItemLineDetail" in line
    }
    assert used <= {code, "No VAT"}
    assert code in used
    assert {one["GlobalTaxCalculation"] for one in held.values()} <= {"TaxExcluded", "TaxInclusive"}
    for one in held.values():
        lines = sum(
            (Decimal(str(line["Amount"])) for line in one["Line"] if "SalesItemLineDetail" in line), Decimal(0)
        )
        tax = Decimal(str(one["TxnTaxDetail"]["TotalTax"]))
        assert lines + tax == Decimal(str(one["TotalAmt"])), one["DocNumber"]


def test_without_codes_the_tax_has_its_own_line(at: tuple[str, AtDesk]) -> None:
    _, (desk, books) = at
    wanted = amazons_totals(desk)
    desk.press("post-orders")
    held = invoices(books)
    assert {number: of(one, "TotalAmt") for number, one in held.items()} == wanted
    assert {one["GlobalTaxCalculation"] for one in held.values()} == {"NotApplicable"}


def test_the_latest_rule_that_has_begun_holds(at: tuple[str, AtDesk]) -> None:
    country, (desk, books) = at
    code = standard(books)
    old = {"country": country, "code": "0.0% Z"}
    rules(desk, {**old, "from_date": "2020-01-01"}, {"country": country, "code": code, "from_date": "2021-01-01"})
    desk.press("post-orders")
    codes = {one["Id"]: one["Name"] for one in books.transactions("TaxCode")}
    lines = [line for one in invoices(books).values() for line in one["Line"] if "SalesItemLineDetail" in line]
    assert {codes[line["SalesItemLineDetail"]["TaxCodeRef"]["value"]] for line in lines} == {code}


@pytest.mark.parametrize("is_inactive", [False, True])
def test_a_code_that_is_not_there_is_told_at_its_cell(at: tuple[str, AtDesk], is_inactive: bool) -> None:
    _, (desk, books) = at
    code = "19.0% ?"
    if is_inactive:
        code = standard(books)
        books.inactivate_tax_code(code)
    rules(desk, {"code": code})
    pressed = desk.press("post-orders")
    assert str(pressed.outcome.result) == "Refused"
    assert invoices(books) == {}
    assert set(ids(desk, "Errors").values()) == {"tax-code-unknown"}
    assert {row.text("where") for row in desk.table("Errors").rows} == {"Tax Codes!L5"}
    assert not books.transactions("Customer"), "nothing is made for what can't post"
    if not is_inactive:
        told = [one for one in pressed.outcome.findings if one.code == "tax-code-not-listed"]
        assert [str(one.where) for one in told] == ["Tax Codes!L5"]


def test_rules_that_contradict_each_other_stop_before_quickbooks(at: tuple[str, AtDesk]) -> None:
    country, (desk, books) = at
    rules(desk, {"country": country, "code": standard(books)}, {"country": country, "code": "Exempt"})
    since = len(books.requests())
    pressed = desk.press("post-orders")
    [finding] = [one for one in pressed.outcome.findings if one.code == "tax-rules-contradict"]
    assert (finding.stops, str(finding.where)) == (True, "Tax Codes!L6")
    assert books.requests()[since:] == []


def test_an_order_without_a_code_for_all_its_lines_leads_to_tax_codes(at: tuple[str, AtDesk]) -> None:
    _, (desk, books) = at
    rules(desk, {"code": standard(books), "group": "Shipping"})
    pressed = desk.press("post-orders")
    failed = [row for row in desk.table("Errors").rows if row.text("code") == "tax-code-not-chosen"]
    assert failed, pressed.outcome.findings
    first = next(iter(desk.table("TaxRules").columns.values()))
    assert {row.text("where") for row in failed} == {f"Tax Codes!{first}5"}
    assert {row.text("where_link") for row in failed} == {"Go"}
    assert not {row.text("order_id") for row in failed} & set(invoices(books))
