"""`tieout settlement show`, as a user types it."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tieout.cli.app import app
from tieout.practice.shop import make_shop

HEAD = "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\t"
COLUMNS = HEAD + "transaction-type\torder-id\tmarketplace-name\tamount-type\tamount-description\tamount\tposted-date"


def settlement_text(total: str, *rows: tuple[str, str, str, str], settlement_id: str = "31000000001") -> str:
    """A small Flat File V2 made by hand; a row is transaction type, amount type, description, amount."""
    period = "2026-09-01 10:00:00 UTC\t2026-09-15 10:00:00 UTC\t2026-09-17 10:00:00 UTC"
    lines = [COLUMNS, f"{settlement_id}\t{period}\t{total}\tUSD" + "\t" * 7]
    for number, (transaction, amount_type, description, amount) in enumerate(rows):
        order = f"111-0000000-{number:07d}"
        lines.append(
            f"{settlement_id}\t\t\t\t\t\t{transaction}\t{order}\tAmazon.com\t{amount_type}\t{description}\t{amount}\t2026-09-10"
        )
    return "\n".join(lines) + "\n"


PLAIN = settlement_text(
    "85.00", ("Order", "ItemPrice", "Principal", "100.00"), ("Order", "ItemFees", "Commission", "-15.00")
)


def show(*arguments: str | Path) -> tuple[Result, dict[str, Any]]:
    result = CliRunner().invoke(app, ["settlement", "show", *map(str, arguments), "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result, json.loads(result.stdout.strip().splitlines()[-1])


def test_a_plain_file_is_drafted_and_ties(tmp_path: Path) -> None:
    path = tmp_path / "settlement.txt"
    path.write_text(PLAIN, encoding="utf-8")
    result, said = show(path)
    assert result.exit_code == 0
    [settlement] = said["settlements"]
    assert settlement["file"] == str(path)
    assert settlement["settlement_id"] == "31000000001"
    assert (settlement["marketplace"], settlement["currency"]) == ("US", "USD")
    assert (settlement["rows"], settlement["total"], settlement["sum_of_rows"]) == (2, "85.00", "85.00")
    assert settlement["difference"] == "0.00"
    assert settlement["deposit_date"] == "2026-09-17"
    assert settlement["start"] == "2026-09-01T10:00:00Z"
    [journal] = settlement["journals"]
    assert journal["doc_number"] == "AMZ-31000000001-1"
    assert journal["date"] == "2026-09-15"
    assert journal["debits"] == journal["credits"] == "100.00"
    bank = [line for line in journal["lines"] if line["group"] == "Bank"]
    assert [line["debit"] for line in bank] == ["85.00"]
    assert said["errors"] == []


def test_every_settlement_of_the_practice_seller_ties(tmp_path: Path) -> None:
    for settlement in make_shop(5).settlements:
        (tmp_path / settlement.file_name).write_bytes(settlement.flat_file_v2())
    result, said = show(tmp_path)
    assert result.exit_code == 0, said["errors"]
    assert len(said["settlements"]) == len(make_shop(5).settlements)
    for settlement in said["settlements"]:
        assert settlement["difference"] == "0.00"
        lines = [line for journal in settlement["journals"] for line in journal["lines"]]
        assert sum(line["rows"] for line in lines) == settlement["rows"]
        money = sum(Decimal(line["debit"]) - Decimal(line["credit"]) for line in lines)
        assert money == 0


@pytest.mark.real_files
def test_every_real_file_ties(real_settlements: list[Path]) -> None:
    result, said = show(*real_settlements)
    assert result.exit_code == 0, said["errors"]
    assert len(said["settlements"]) == len(real_settlements)
    assert {settlement["difference"] for settlement in said["settlements"]} == {"0.00"}
    assert all(journal["debits"] == journal["credits"] for s in said["settlements"] for journal in s["journals"])


def test_an_unknown_fee_blocks_and_comes_with_a_suggestion(tmp_path: Path) -> None:
    path = tmp_path / "unknown.txt"
    path.write_text(
        settlement_text(
            "5.00", ("Order", "ItemPrice", "Principal", "9.00"), ("Order", "ItemFees", "MoonFee", "-4.00")
        ),
        encoding="utf-8",
    )
    result, said = show(path)
    assert result.exit_code == 1
    [settlement] = said["settlements"]
    assert settlement["journals"] == []
    [unmapped] = settlement["unmapped"]
    assert unmapped["amount_description"] == "MoonFee"
    assert (unmapped["rows"], unmapped["amount"]) == (1, "-4.00")
    assert unmapped["suggested_group"]
    assert [error["code"] for error in said["errors"]] == ["fee-unmapped"]


def test_a_mapping_of_the_users_own_decides(tmp_path: Path) -> None:
    path = tmp_path / "unknown.txt"
    path.write_text(
        settlement_text(
            "5.00", ("Order", "ItemPrice", "Principal", "9.00"), ("Order", "ItemFees", "MoonFee", "-4.00")
        ),
        encoding="utf-8",
    )
    mappings = tmp_path / "mine.csv"
    mappings.write_text(
        "transaction_type,amount_type,amount_description,marketplace,group,account\n"
        "Order,ItemFees,MoonFee,,Selling fees,Amazon Selling Fees\n",
        encoding="utf-8",
    )
    result, said = show(path, "--mappings", mappings)
    assert result.exit_code == 0, said["errors"]
    [journal] = said["settlements"][0]["journals"]
    assert [line["account"] for line in journal["lines"] if line["debit"] == "4.00"] == ["Amazon Selling Fees"]


def test_nothing_is_drafted_by_mappings_with_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "settlement.txt"
    path.write_text(PLAIN, encoding="utf-8")
    mappings = tmp_path / "mine.csv"
    mappings.write_text(
        "transaction_type,amount_type,amount_description,marketplace,group,account\n"
        "Order,ItemFees,MoonFee,,Moonlight,Amazon Selling Fees\n",
        encoding="utf-8",
    )
    result, said = show(path, "--mappings", mappings)
    assert result.exit_code == 1
    assert said["settlements"][0]["journals"] == []
    assert "mine.csv" in said["errors"][0]["file"]
    assert said["errors"][0]["line"] == 2


def test_a_total_that_differs_is_named_and_nothing_is_drafted(tmp_path: Path) -> None:
    path = tmp_path / "off.txt"
    path.write_text(PLAIN.replace("85.00", "86.00"), encoding="utf-8")
    result, said = show(path)
    assert result.exit_code == 1
    [settlement] = said["settlements"]
    assert settlement["difference"] == "1.00"
    assert settlement["journals"] == []
    assert any("1.00" in error["message"] for error in said["errors"])


def test_what_is_not_a_settlement_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear accountant,\nplease find enclosed\n", encoding="utf-8")
    result, said = show(path)
    assert result.exit_code == 2
    assert said["settlements"] == []
    assert said["errors"][0]["file"] == str(path)


def test_a_good_file_beside_a_bad_one_is_done_in_part(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "bad.txt").write_text("nothing\n", encoding="utf-8")
    result, said = show(tmp_path)
    assert result.exit_code == 1
    assert [s["settlement_id"] for s in said["settlements"]] == ["31000000001"]


def test_the_same_file_twice_is_said_and_counted_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "b.txt").write_text(PLAIN, encoding="utf-8")
    result, said = show(tmp_path)
    assert result.exit_code == 0
    assert len(said["settlements"]) == 1
    assert len(said["notices"]) == 1


def test_two_files_of_one_id_with_other_content_are_an_alarm(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "b.txt").write_text(PLAIN.replace("100.00", "101.00").replace("85.00", "86.00"), encoding="utf-8")
    result, said = show(tmp_path)
    assert result.exit_code != 0
    assert said["settlements"] == []
    assert any("31000000001" in error["message"] for error in said["errors"])


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    result, said = show(tmp_path / "none.txt")
    assert result.exit_code == 2
    assert said["errors"][0]["code"] == "file-not-found"


def test_hostile_names_are_printed_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "unknown.txt"
    rows = (("Order", "ItemPrice", "Principal", "9.00"), ("Order", "ItemFees", "[bold red]=cmd()[/]", "-4.00"))
    path.write_text(settlement_text("5.00", *rows), encoding="utf-8")
    result = CliRunner().invoke(app, ["settlement", "show", str(path)])
    assert result.exit_code == 1
    assert "[bold red]=cmd()[/]" in result.output.replace("\n", "")


def test_the_group_setting_gives_fewer_lines(tmp_path: Path) -> None:
    shop = make_shop(3, marketplaces=("US",))
    path = tmp_path / "us.txt"
    settlement = max(shop.settlements, key=lambda each: each.rows)
    path.write_bytes(settlement.flat_file_v2())
    by_fee = show(path)[1]["settlements"][0]["journals"]
    by_group = show(path, "--detail", "group")[1]["settlements"][0]["journals"]
    assert sum(len(j["lines"]) for j in by_group) < sum(len(j["lines"]) for j in by_fee)

    def by_account(journals: list[dict[str, Any]]) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = {}
        for journal in journals:
            for line in journal["lines"]:
                amount = Decimal(line["debit"]) - Decimal(line["credit"])
                sums[line["account"]] = sums.get(line["account"], Decimal(0)) + amount
        return sums

    assert by_account(by_fee) == by_account(by_group)
