"""Check-up of a company's connections, the same from the terminal and from the button of the workbook."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from typer.testing import CliRunner

from tieout.buttons import press_closed
from tieout.cli.app import app
from tieout.cli.connect import SECRET_VARIABLE, TOKEN_VARIABLE
from tieout.practice.amazon import PracticeAmazon
from tieout.practice.amazon.seller import FINANCE, FULFILLMENT, INSIGHTS, LISTINGS, ORDERS, ROLES, TAX
from tieout.practice.quickbooks import PracticeQuickBooks, oauth
from tieout.practice.shop import Shop, make_shop
from tieout.sheets.opening import close_unsaved, open_closed
from tieout.sheets.port import ReadTable

# What a check-up says of each check that is not good: its name and the sentence.
Told = dict[str, list[str]]
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(2, orders=30, marketplaces=("UK",))


@contextmanager
def company(folder: Path, shop: Shop, roles: frozenset[str] = ROLES) -> Iterator[Path]:
    """A practice company with its servers running; where its workbook is to be."""
    with PracticeQuickBooks(limits=False) as quickbooks, PracticeAmazon(shop, roles=roles) as amazon:
        both = {"quickbooks": quickbooks.connection(), "amazon": amazon.connection()}
        (folder / "practice.json").write_text(json.dumps(both), encoding="utf-8")
        run("company", "add", "Acme", "--country", "GB", "--practice", folder / "practice.json")
        yield folder / "Acme.xlsm"


def run(*arguments: str | Path, env: dict[str, str] | None = None) -> dict[str, list[dict[str, str]]]:
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"], env=env)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    said: dict[str, list[dict[str, str]]] = json.loads(result.stdout.strip().splitlines()[-1])
    return said


def by_command(_: Path) -> Told:
    told: Told = {}
    for check in run("check-up")["checks"]:
        if check["health"] != "good":
            told.setdefault(check["name"], []).append(f"{check['seen']} {check['to_do']}")
    return told


def by_button(book: Path) -> Told:
    """Read where the user reads it: on the sheet Exceptions."""
    run("new", book, "--company", "Acme")
    press_closed("check-up", book)
    opened = open_closed(book)
    assert not hasattr(opened, "code"), opened
    table = opened.read("Exceptions")
    close_unsaved(book)
    assert isinstance(table, ReadTable)
    told: Told = {}
    for row in table.rows:
        name, _, seen = row.text("what").partition(": ")
        told.setdefault(name, []).append(f"{seen} {row.text('to_do')}")
    return told


DOORS = pytest.mark.parametrize("check_up", [by_command, by_button])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))


@DOORS
def test_where_all_is_well_nothing_is_said_of_the_connections(
    check_up: Callable[[Path], Told], tmp_path: Path, shop: Shop
) -> None:
    with company(tmp_path, shop) as book:
        told = check_up(book)
    assert not [name for name in told if name.startswith(("Amazon", "QuickBooks"))]


@pytest.mark.parametrize(
    ("check_up", "role", "what"),
    [
        (by_command, FINANCE, "settlements and deferred transactions"),
        (by_command, ORDERS, "orders"),
        (by_button, ORDERS, "orders"),
        (by_command, LISTINGS, "listings, prices and quantities"),
        (by_command, FULFILLMENT, "stock in Amazon's warehouses"),
    ],
)
def test_a_role_that_lacks_is_named_with_what_it_is_for(
    check_up: Callable[[Path], Told], role: str, what: str, tmp_path: Path, shop: Shop
) -> None:
    with company(tmp_path, shop, ROLES - {role}) as book:
        told = check_up(book)
    (sentence,) = told["Amazon roles"]
    assert f"lacks the role {role}, without which there are no {what}" in sentence
    assert "authorise the application again" in sentence


def test_nobody_has_to_have_the_role_that_opens_buyers_data(tmp_path: Path, shop: Shop) -> None:
    with company(tmp_path, shop, ROLES - {TAX}):
        checks = run("check-up")["checks"]
    (roles,) = [check for check in checks if check["name"] == "Amazon roles"]
    assert roles["health"] == "good"
    assert "Tax Invoicing (Restricted)" in roles["seen"]
    assert "tieout import" in roles["seen"]


@DOORS
def test_the_role_for_the_question_where_a_seller_takes_part_is_named_too(
    check_up: Callable[[Path], Told], tmp_path: Path, shop: Shop
) -> None:
    with company(tmp_path, shop, ROLES - {INSIGHTS}) as book:
        told = check_up(book)
    assert INSIGHTS in told["Amazon EU"][0]
    assert "Amazon roles" not in told


@DOORS
def test_a_permission_of_another_region_is_said_as_one(
    check_up: Callable[[Path], Told], tmp_path: Path, shop: Shop
) -> None:
    """Amazon answers every question of a region that the permission is not for with 403, and says no more."""
    with company(tmp_path, shop, frozenset()) as book:
        told = check_up(book)
    (sentence,) = told["Amazon EU"]
    assert "denies everything in the region EU: the refresh token is of another region" in sentence
    assert "tieout connect amazon --region" in sentence
    assert "Amazon roles" not in told


@pytest.mark.parametrize(
    ("check_up", "age", "said"),
    [
        (by_command, 10, ""),
        (by_command, 160, "It ends on"),
        (by_button, 176, "It ends on"),
        (by_command, 200, "It ended on"),
    ],
)
def test_the_end_of_the_client_secret_is_told(
    check_up: Callable[[Path], Told], age: int, said: str, tmp_path: Path, shop: Shop
) -> None:
    made = (datetime.now(UTC) - age * DAY).date()
    with company(tmp_path, shop) as book:
        there = json.loads((tmp_path / "practice.json").read_text(encoding="utf-8"))["amazon"]
        run(
            *("connect", "amazon", "--region", "EU", "--client-id", there["client_id"]),
            *("--seller-id", there["seller_id"], "--endpoint", there["endpoint"], "--lwa", there["lwa"]),
            *("--secret-made", made.isoformat()),
            env={SECRET_VARIABLE: there["client_secret"], TOKEN_VARIABLE: there["refresh_token"]},
        )
        told = check_up(book)
    if not said:
        assert "Amazon client secret" not in told
        return
    (sentence,) = told["Amazon client secret"]
    assert f"{said} {made + 180 * DAY}" in sentence
    assert "LWA credentials" in sentence


@DOORS
@pytest.mark.parametrize("which", ["REFRESH_SECONDS", "HARD_SECONDS"])
def test_the_end_of_the_connection_to_quickbooks_is_told(
    check_up: Callable[[Path], Told], which: str, tmp_path: Path, shop: Shop
) -> None:
    soon = 20 * 86_400 + 3_600
    with mock.patch.object(oauth, which, soon), company(tmp_path, shop) as book:
        told = check_up(book)
    (sentence,) = told["QuickBooks connection"]
    assert "20 days from now" in sentence
    assert (datetime.now(UTC) + 20 * DAY).date().isoformat() in sentence
