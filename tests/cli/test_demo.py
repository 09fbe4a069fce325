"""`tieout demo` and `tieout practice serve`, as a new user runs them: as programs."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

TIEOUT = [sys.executable, "-c", "from tieout.cli import main; main()"]


def test_the_demo_ties_out_and_leaves_its_proof(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run = subprocess.run(
        [*TIEOUT, "demo", "--out", str(tmp_path / "out"), "--json"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, "TIEOUT_HOME": str(home)},
    )
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout.strip().splitlines()[-1])
    states = [settlement["state"] for settlement in said["settlements"]]
    assert states.count("Blocked") == 1
    assert states.count("Posted") == len(states) - 1
    for settlement in said["settlements"]:
        if settlement["state"] == "Posted":
            assert settlement["amazon_total"] == settlement["rows_total"] == settlement["quickbooks_total"]
            assert settlement["posted_total"] == settlement["amazon_total"]
            assert settlement["difference"] == "0.00"
        else:
            assert settlement["quickbooks_total"] is None
    totals = [settlement["amazon_total"] for settlement in said["settlements"]]
    assert any(total.startswith("-") for total in totals)
    assert "0.00" in totals
    assert any(len(settlement["journals"]) == 2 for settlement in said["settlements"])
    assert {"USD", "GBP", "EUR"} <= {settlement["currency"] for settlement in said["settlements"]}
    assert [error["code"] for error in said["errors"]] == ["fee-unmapped"]
    assert all(Path(path).is_file() for path in said["files"])
    book = openpyxl.load_workbook(tmp_path / "out" / "tied-out.xlsx", read_only=True)
    assert {"Home", "Settlements", "Settlement Lines", "Journal", "Reconciliation"} <= set(book.sheetnames)
    book.close()
    month = openpyxl.load_workbook(tmp_path / "out" / "Practice company.xlsm", read_only=True, data_only=True)
    rows = list(month["Settlements"].iter_rows(min_row=4, values_only=True))
    shown = [dict(zip(rows[0], row, strict=False)) for row in rows[1:] if row[1]]
    assert sorted(row["State"] for row in shown) == sorted(states)
    assert {row["Settlement ID"] for row in shown} == {each["settlement_id"] for each in said["settlements"]}
    assert [row[1] for row in month["Activity"].iter_rows(min_row=5, values_only=True) if row[1]][:2] == [
        "reconcile",
        "post-settlements",
    ]
    month.close()
    assert not home.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends a program at once on Windows")
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_practice_servers_print_one_line_and_stop_when_told(tmp_path: Path, stop: signal.Signals) -> None:
    with subprocess.Popen(
        [*TIEOUT, "practice", "serve", "--seed", "3", "--orders", "100", "--state", str(tmp_path), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        said = json.loads(server.stdout.readline())
        server.send_signal(stop)
        assert server.wait(timeout=20) == 0
    quickbooks = {"endpoint", "token_url", "discovery_url", "realm_id", "client_id", "client_secret"}
    assert quickbooks | {"refresh_token", "observer_refresh_token"} <= said["quickbooks"].keys()
    assert said["quickbooks"]["endpoint"].endswith("/v3/company/")
    amazon = {"endpoint", "lwa", "client_id", "client_secret", "refresh_token", "seller_id", "marketplaces"}
    assert amazon <= said["amazon"].keys()


def test_an_impossible_practice_world_is_refused() -> None:
    run = subprocess.run(
        [*TIEOUT, "practice", "serve", "--marketplaces", "Atlantis", "--json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 2
    said = json.loads(run.stdout.strip().splitlines()[-1])
    assert said["errors"][0]["code"] == "practice-world-unusable"
