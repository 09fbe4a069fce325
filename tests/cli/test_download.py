"""Deferred transactions, VAT reports and listings reach the store: by command, by the button, and as files."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tieout.buttons import press_closed
from tieout.cli.app import app
from tieout.domain.document import Document
from tieout.practice.amazon import PracticeAmazon, reports
from tieout.practice.amazon.seller import FINANCE, ROLES, TAX
from tieout.practice.shop import Shop, make_shop
from tieout.sheets.opening import close_unsaved, open_closed
from tieout.sheets.port import ReadTable
from tieout.wiring import open_company


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(2, orders=60, marketplaces=("UK",))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    for name in ("MADE_IN_S", "QUEUED_FOR_S"):  # this Amazon makes reports at once
        monkeypatch.setattr(reports, name, 0)


@pytest.fixture
def amazon(shop: Shop, tmp_path: Path) -> Iterator[PracticeAmazon]:
    with PracticeAmazon(shop, limits=False) as server:
        add(server, tmp_path)
        yield server


def add(server: PracticeAmazon, folder: Path) -> None:
    line = folder / "practice.json"
    line.write_text(json.dumps({"amazon": server.connection()}), encoding="utf-8")
    run("company", "add", "Acme", "--country", "GB", "--practice", line)


def run(*arguments: str | Path) -> tuple[Result, dict[str, Any]]:
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result, json.loads(result.stdout.strip().splitlines()[-1])


def by_what(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["what"]: one for one in said["downloads"]}


def test_one_command_downloads_all_there_is_once(amazon: PracticeAmazon) -> None:
    result, said = run("download")
    assert result.exit_code == 0, said
    came = by_what(said)
    assert list(came) == ["settlements", "orders", "deferred", "vat", "listings"]
    assert all(one["new"] and one["complete"] for one in came.values()), came
    result, said = run("download")
    assert result.exit_code == 0, said
    again = by_what(said)
    assert {what: (one["new"], one["updated"], one["gone"]) for what, one in again.items()} == dict.fromkeys(
        came, (0, 0, 0)
    )
    log = run("log")[1]
    done = [entry["what"] for entry in log["entries"] if entry["what"].startswith("downloaded")]
    assert done == [
        *("downloaded settlements", "downloaded orders", "downloaded deferred transactions"),
        *("downloaded VAT reports", "downloaded listings"),
    ]


def test_a_part_can_be_named(amazon: PracticeAmazon) -> None:
    _, said = run("download", "vat", "deferred")
    assert list(by_what(said)) == ["deferred", "vat"]


def test_a_role_that_lacks_stops_what_needs_it_and_no_more(shop: Shop, tmp_path: Path) -> None:
    with PracticeAmazon(shop, limits=False, roles=ROLES - {FINANCE}) as server:
        add(server, tmp_path)
        result, said = run("download")
    assert result.exit_code == 1
    came = by_what(said)
    assert [what for what, one in came.items() if not one["complete"]] == ["settlements", "deferred"]
    assert FINANCE in json.dumps(said["errors"])


def test_without_the_role_that_opens_buyers_data_vat_comes_as_a_file(shop: Shop, tmp_path: Path) -> None:
    with PracticeAmazon(shop, limits=False, roles=ROLES - {TAX}) as server:
        add(server, tmp_path)
        result, said = run("download", "vat")
        assert result.exit_code == 0, said
        (notice,) = said["notices"]
        assert notice["code"] == "vat-by-file"
        assert "tieout import" in notice["message"]


def test_without_a_seller_account_it_says_how_to_connect(tmp_path: Path) -> None:
    run("company", "add", "Acme", "--country", "GB")
    result, said = run("download")
    assert result.exit_code == 3
    assert [one["code"] for one in said["errors"]] == ["amazon-not-connected"]


def test_the_button_brings_deferred_transactions_and_vat_with_the_settlements(
    amazon: PracticeAmazon, tmp_path: Path
) -> None:
    book = tmp_path / "Acme.xlsm"
    run("new", book, "--company", "Acme")
    first = press_closed("download-settlements", book).outcome
    assert str(first.result) == "Done", first
    assert "Deferred transactions: " in first.message
    assert "VAT reports: 0 new, 0 known before, 3 asked for, which come with a later download." in first.message
    second = press_closed("download-settlements", book).outcome
    assert re.search(r"VAT reports: [1-3] new, 0 known before\.", second.message), second.message
    third = press_closed("download-settlements", book).outcome
    assert third.message.startswith("Nothing new")
    assert "VAT" not in third.message
    opened = open_closed(book)
    table = opened.read("Activity")  # type: ignore[union-attr]
    close_unsaved(book)
    assert isinstance(table, ReadTable)
    assert any("Deferred transactions: " in row.text("sentence") for row in table.rows)


VAT = (
    "UNIQUE_ACCOUNT_IDENTIFIER\tACTIVITY_PERIOD\tMARKETPLACE\tTRANSACTION_TYPE\tTRANSACTION_EVENT_ID\tARRIVAL_CITY\t"
    "ARRIVAL_POST_CODE\tSALE_ARRIVAL_COUNTRY\tTRANSACTION_CURRENCY_CODE\tBUYER_VAT_NUMBER_COUNTRY\tBUYER_VAT_NUMBER\t"
    "BUYER_NAME\tINVOICE_URL\tTAX_COLLECTION_RESPONSIBILITY\tDEPARTURE_CITY\n"
    "A1\t2026-SEP\tamazon.de\tSALE\t302-1\tMusterstadt\t12345\tDE\tEUR\tDE\tDE999999999\t"
    "Erika Mustermann GmbH\thttps://example.test/invoice/1\tSELLER\tLeipzig\n"
)


def test_a_vat_file_is_kept_without_its_buyers(tmp_path: Path) -> None:
    run("company", "add", "Acme", "--country", "DE")
    file = tmp_path / "vat.txt"
    file.write_text(VAT, encoding="utf-8")
    _, said = run("import", file)
    assert [(one["kind"], one["state"]) for one in said["imported"]] == [("VAT transactions", "new")]
    with open_company("Acme") as opened:
        (sha256,) = opened.store.documents.hashes()
        kept = opened.store.documents.get(sha256)
    assert isinstance(kept, Document)
    text = kept.content.decode()
    for personal in ("Musterstadt", "12345", "DE999999999", "Mustermann", "invoice/1"):
        assert personal not in text
    for needed in ("302-1", "Leipzig", "SELLER", "\tDE\tEUR\tDE\t"):
        assert needed in text
    _, said = run("import", file)
    assert [one["state"] for one in said["imported"]] == ["known"]


def test_the_button_imports_every_file_that_the_command_does(tmp_path: Path, shop: Shop) -> None:
    book = tmp_path / "Acme.xlsm"
    run("new", book, "--company", "Acme", "--country", "GB")
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "vat.txt").write_text(VAT, encoding="utf-8")
    (folder / "orders.txt").write_text("".join(shop.all_orders_report("GB")), encoding="utf-8")
    (folder / "settlement.txt").write_bytes(shop.settlements[0].flat_file_v2())
    first = press_closed("import-settlements", book, files=[folder]).outcome
    assert first.message.startswith("1 settlement imported"), first
    assert "vat.txt: VAT 2026-SEP, 1 record new or changed." in first.message
    assert "orders.txt: " in first.message
    opened = open_closed(book)
    orders, settlements = opened.read("Orders"), opened.read("Settlements")  # type: ignore[union-attr]
    close_unsaved(book)
    assert isinstance(orders, ReadTable)
    assert isinstance(settlements, ReadTable)
    assert len(orders.rows) > 10
    assert len(settlements.rows) == 1
    again = press_closed("import-settlements", book, files=[folder]).outcome
    assert again.message.count("known already") == 3
    only = press_closed("import-settlements", book, files=[folder / "vat.txt"]).outcome
    assert only.message == "vat.txt: VAT 2026-SEP, known already."
    assert str(only.result) == "Done"
