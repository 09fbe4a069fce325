"""Settlements by orders from the command line, beside the summary that is its default."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tests.parse.making import small_file
from tieout.cli.app import app
from tieout.commands.practice_servers import PracticeWorld, practice_servers
from tieout.practice.shop import Shop, make_shop


def invoke(*words: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(app, [*words, "--json"])
    assert result.exit_code < 2, result.output
    return result.exit_code, json.loads(result.stdout.splitlines()[-1])


def test_show_drafts_by_orders_what_nobody_downloaded(tmp_path: Path) -> None:
    path = tmp_path / "settlement.txt"
    path.write_bytes(small_file().content)
    _, by_summary = invoke("settlement", "show", str(path))
    code, by_orders = invoke("settlement", "show", str(path), "--method", "orders")
    assert code == 0, by_orders
    assert [notice["code"] for notice in by_orders["notices"]][:1] == ["settled-orders-in-summary"]
    [one], [other] = by_summary["settlements"], by_orders["settlements"]
    assert {name: one[name] for name in one if name != "journals"} == {
        name: other[name] for name in other if name != "journals"
    }
    assert [journal["doc_number"][-2:] for journal in other["journals"]] == ["1J", "1C", "1T"]
    moved = other["journals"][-1]
    assert moved["debits"] == moved["credits"] == one["total"]
    by_account = [
        {line["account"]: line["credit"] for line in shown["journals"][0]["lines"] if line["group"] == "Sales"}
        for shown in (one, other)
    ]
    assert by_account[0] == by_account[1]


def files_of(shop: Shop, folder: Path) -> str:
    folder.mkdir()
    for settlement in shop.settlements:
        (folder / settlement.file_name).write_bytes(settlement.flat_file_v2())
    return str(folder)


def test_post_goes_by_orders_ties_out_and_is_not_posted_by_summary_as_well(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    shop = make_shop(1, orders=12, marketplaces=("US",))
    files = files_of(shop, tmp_path / "files")
    with practice_servers(PracticeWorld(orders=12, marketplaces=("US",)), shop) as connection:
        line = tmp_path / "practice.json"
        line.write_text(json.dumps(connection))
        invoke("company", "add", "Acme Ltd", "--country", "US", "--practice", str(line))
        code, posted = invoke("settlement", "post", files, "--method", "orders")
        assert code == 0, posted["errors"]
        assert {each["state"] for each in posted["settlements"]} == {"Posted"}
        assert {each["difference"] for each in posted["settlements"]} == {"0.00"}
        assert all(each["quickbooks_total"] == each["amazon_total"] for each in posted["settlements"])
        _, again = invoke("settlement", "post", files, "--method", "orders")
        assert (again["journals_created"], again["journals_posted_before"]) == (0, posted["journals_created"])
        code, other = invoke("settlement", "post", files)
        assert (code, other["journals_created"]) == (1, 0)
        assert {error["code"] for error in other["errors"]} == {"posted-with-other-content"}
