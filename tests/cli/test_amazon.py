"""`tieout connect amazon`, `import` and `check-up` against a practice Amazon."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tieout.cli.app import app
from tieout.cli.connect import SECRET_VARIABLE, TOKEN_VARIABLE
from tieout.practice.amazon import PracticeAmazon
from tieout.practice.amazon.seller import FINANCE, ROLES
from tieout.practice.shop import Shop, make_shop


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(2, orders=30, marketplaces=("UK",))


@pytest.fixture
def amazon(shop: Shop) -> Iterator[PracticeAmazon]:
    with PracticeAmazon(shop, roles=ROLES - {FINANCE}) as server:
        yield server


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def acme(home: Path, amazon: PracticeAmazon, tmp_path: Path) -> str:
    """A practice company: its credentials may lie in plain sight."""
    file = tmp_path / "practice.json"
    file.write_text(json.dumps({"amazon": amazon.connection()}), encoding="utf-8")
    result, _ = run("company", "add", "Acme", "--country", "GB", "--practice", file)
    assert result.exit_code == 0
    return "Acme"


def run(*arguments: str | Path, **options: Any) -> tuple[Result, dict[str, Any]]:
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"], **options)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result, json.loads(result.stdout.strip().splitlines()[-1])


def connect(amazon: PracticeAmazon, *more: str, **changes: str) -> tuple[Result, dict[str, Any]]:
    there = {**amazon.connection(), **changes}
    return run(
        *("connect", "amazon", "--region", "EU", "--client-id", there["client_id"]),
        *("--seller-id", there["seller_id"], "--endpoint", there["endpoint"], "--lwa", there["lwa"], *more),
        env={SECRET_VARIABLE: there["client_secret"], TOKEN_VARIABLE: there["refresh_token"]},
    )


def test_connecting_says_where_the_seller_takes_part(acme: str, amazon: PracticeAmazon) -> None:
    result, said = connect(amazon)
    assert result.exit_code == 0, said
    assert said["marketplaces"] == ["A1F83G8C2ARO7P"]
    there = amazon.connection()
    assert there["client_secret"] not in result.output
    assert there["refresh_token"] not in result.output


def test_what_is_refused_ends_in_words_and_changes_nothing(acme: str, amazon: PracticeAmazon, home: Path) -> None:
    before = (home / "companies.json").read_bytes()
    result, said = connect(amazon, client_id="amzn1.sp.solution.1")
    assert result.exit_code == 1
    assert [one["code"] for one in said["errors"]] == ["amazon-client-id-form"]
    result, said = connect(amazon, client_secret="amzn1.oa2-cs.v1." + "0" * 64)
    assert [one["code"] for one in said["errors"]] == ["amazon-secret-refused"]
    assert (home / "companies.json").read_bytes() == before


def test_a_region_in_which_the_seller_sells_nowhere_is_refused(acme: str, amazon: PracticeAmazon, home: Path) -> None:
    before = (home / "companies.json").read_bytes()
    result, said = connect(amazon, "--region", "FE")
    assert (result.exit_code, [one["code"] for one in said["errors"]]) == (1, ["amazon-wrong-region"])
    assert "--region EU" in said["errors"][0]["message"]
    assert (home / "companies.json").read_bytes() == before


def test_a_seller_that_was_connected_by_mistake_is_disconnected_alone(acme: str, amazon: PracticeAmazon) -> None:
    """The other seller, which is found by its place beside the first, stays connected."""
    right = amazon.connection()["seller_id"]
    result, _ = connect(amazon, seller_id="A1ABCDEFGHIJKL")
    assert result.exit_code == 0
    result, said = run("disconnect", "amazon")
    assert (result.exit_code, said["errors"][0]["code"]) == (1, "which-seller-to-disconnect")
    assert right in said["errors"][0]["message"]
    result, said = run("disconnect", "amazon", "--seller-id", "A1ABCDEFGHIJKL")
    assert (result.exit_code, said["seller_id"]) == (0, "A1ABCDEFGHIJKL")
    assert "disconnected from Amazon" in run("log")[0].stdout
    assert [one["name"] for one in run("check-up")[1]["checks"]].count("Amazon roles") == 1


def test_the_first_of_two_sellers_is_disconnected_and_the_other_goes_on(
    acme: str, amazon: PracticeAmazon, home: Path
) -> None:
    right = amazon.connection()
    connect(amazon, seller_id="A1ABCDEFGHIJKL")
    result, _ = run("disconnect", "amazon", "--seller-id", right["seller_id"])
    assert result.exit_code == 0
    roles = [one for one in run("check-up")[1]["checks"] if one["name"] == "Amazon roles"]
    assert [FINANCE in one["seen"] for one in roles] == [True]  # it was let in, with credentials of its own
    result, said = run("disconnect", "amazon")
    assert (result.exit_code, said["seller_id"]) == (0, "A1ABCDEFGHIJKL")
    kept = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    assert not [one for one in kept if right["refresh_token"].encode() in one]
    result, said = run("disconnect", "amazon")
    assert (result.exit_code, [one["code"] for one in said["notices"]]) == (0, ["no-seller-to-disconnect"])


def test_options_that_cannot_be_meant_are_refused(acme: str, amazon: PracticeAmazon) -> None:
    result, said = connect(amazon, "--secret-made", "tomorrow")
    assert (result.exit_code, said["errors"][0]["code"]) == (2, "secret-day-unusable")
    result, said = run("connect", "amazon", "--region", "ASIA")
    assert (result.exit_code, said["errors"][0]["code"]) == (2, "region-unknown")


def test_check_up_names_the_missing_role(acme: str) -> None:
    result, said = run("check-up")
    roles = [one for one in said["checks"] if one["name"] == "Amazon roles"]
    assert [one["health"] for one in roles] == ["bad"]
    assert FINANCE in roles[0]["seen"]
    assert result.exit_code == 1


def test_files_are_imported_with_no_connection(home: Path, shop: Shop, tmp_path: Path) -> None:
    run("company", "add", "Acme", "--country", "GB")
    folder = tmp_path / "files"
    folder.mkdir()
    for one in shop.settlements:
        (folder / one.file_name).write_bytes(one.flat_file_v2())
    (folder / "orders.txt").write_text("".join(shop.all_orders_report("GB")), encoding="utf-8")
    result, said = run("import", folder)
    assert result.exit_code == 0, said
    assert {one["state"] for one in said["imported"]} == {"new"}
    assert {one["kind"] for one in said["imported"]} == {"settlement", "orders"}
    result, said = run("import", folder)
    assert {one["state"] for one in said["imported"]} == {"known"}
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    result, said = run("import", tmp_path / "notes.csv")
    assert result.exit_code == 2
    assert [one["code"] for one in said["errors"]] == ["file-kind-unknown"]
    result, said = run("import", folder, tmp_path / "notes.csv")
    assert result.exit_code == 1
