"""A settlement comes again: what is the same one, what is an alarm, and what the alarm says differs (rule 5)."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.parse.making import V1, V2, File, good, line, line_v1, read, summary
from tieout.cli.app import app
from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.reconcile.settlement_content import SettlementContent, content_differences
from tieout.store.company_store import CompanyStore
from tieout.store.schema import SETTLEMENTS

# Posted on the last evening of October in Seattle, which is November in UTC.
LATE = {"posted_date": "2026-11-01", "posted_date_time": "2026-11-01 05:10:00 UTC"}
PERIOD = {"settlement_end_date": "2026-11-04 14:28:39 UTC", "deposit_date": "2026-11-06 14:28:39 UTC"}
OTHER = "111-2222222-2222222"


def v2_file() -> File:
    return File(
        [
            summary("62.51", **PERIOD),
            line("49.90"),
            line("-7.49", ("Order", "ItemFees", "Commission")),
            line("20.10", order_id=OTHER, **LATE),
        ]
    )


V2_FILE = v2_file()


def record(store: CompanyStore, file: File | bytes, **options: str) -> Finding | None:
    content = file.content if isinstance(file, File) else file
    document = Document.of(f"{len(content)}.txt", content)
    settlement, _ = read(document.content, **options)
    assert settlement is not None
    store.documents.put(document)
    return store.settlements.record(replace(settlement, origin=replace(settlement.origin, sha256=document.sha256)))


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles", "Europe/Berlin"])
def test_another_clock_of_months_is_no_other_content(store: CompanyStore, zone: str) -> None:
    assert record(store, V2_FILE) is None
    assert record(store, V2_FILE, time_zone=zone) is None
    before, after = good(V2_FILE), good(V2_FILE, time_zone=zone)
    assert SettlementContent.of(before).hash == SettlementContent.of(after).hash
    assert content_differences(before, after) == ()


def test_days_without_a_time_are_the_same_days_on_every_clock() -> None:
    dated = File(
        [
            summary("49.90", settlement_start_date="10/07/2026", settlement_end_date="10/21/2026", deposit_date=""),
            line("49.90", posted_date="10/12/2026", posted_date_time=""),
        ]
    )
    hashes = {SettlementContent.of(good(dated, time_zone=zone)).hash for zone in ("UTC", "Asia/Tokyo", "US/Pacific")}
    assert len(hashes) == 1


def test_a_country_that_a_person_names_is_no_other_content(store: CompanyStore) -> None:
    assert record(store, V2_FILE) is None
    assert record(store, V2_FILE, country="CA") is None


def test_the_same_rows_saved_anew_are_the_same_settlement(store: CompanyStore) -> None:
    assert record(store, V2_FILE) is None
    turned = replace(V2_FILE, columns=tuple(reversed(V2)), separator=",", end="\r\n")
    assert record(store, turned) is None
    upside_down = V2_FILE.with_rows(V2_FILE.rows[0], *reversed(V2_FILE.rows[1:]))
    assert record(store, upside_down) is None


CHANGES = {
    "a description": (
        {2: {"amount-description": "Commission IN"}},
        ["Order / ItemFees / Commission of Amazon.com was 1 row of USD -7.49 and is not there"],
    ),
    "a day": (
        {1: {"posted-date": "2026-10-13", "posted-date-time": "2026-10-13 18:32:18 UTC"}},
        [
            "Order / ItemPrice / Principal of Amazon.com on 2026-10-12 was 1 row of USD 49.90 and is not there",
            "on 2026-10-13 was not there and is 1 row of USD 49.90",
        ],
    ),
    "an order": (
        {3: {"order-id": "111-3333333-3333333"}},
        [f"order {OTHER} was 1 row of USD 20.10 and is not there", "order 111-3333333-3333333 was not there"],
    ),
    "the period": (
        {0: {"settlement-start-date": "2026-10-06 14:28:38 UTC"}},
        ["the start was 2026-10-07 14:28:38 and is 2026-10-06 14:28:38"],
    ),
    "an amount": (
        {0: {"total-amount": "62.52"}, 3: {"amount": "20.11"}},
        ["the total was USD 62.51 and is USD 62.52", "was 2 rows of USD 70.00 and is 2 rows of USD 70.01"],
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_other_content_is_an_alarm_that_says_what_differs(store: CompanyStore, what: str) -> None:
    changes, told = CHANGES[what]
    rows = [{**row, **changes.get(number, {})} for number, row in enumerate(V2_FILE.rows)]
    assert record(store, V2_FILE) is None
    alarm = record(store, V2_FILE.with_rows(*rows))
    assert alarm is not None
    assert alarm.code == "settlement-content-changed"
    for words in told:
        assert words in alarm.what
    # The first one stays, and is no alarm itself.
    assert record(store, V2_FILE) is None


def test_every_difference_that_is_told_is_one() -> None:
    """A sentence "was X and is X" would send a person to look for nothing."""
    for changes, _ in CHANGES.values():
        rows = [{**row, **changes.get(number, {})} for number, row in enumerate(V2_FILE.rows)]
        other, _ = read(V2_FILE.with_rows(*rows))
        assert other is not None
        for sentence in content_differences(good(V2_FILE), other):
            before, after = sentence.split(" was ", 1)[1].split(" and is ", 1)
            assert before != after


def test_many_differences_are_counted() -> None:
    others = [{**row, "order-id": f"111-0000000-000000{n}"} for n, row in enumerate(V2_FILE.rows)]
    differences = content_differences(good(V2_FILE), good(V2_FILE.with_rows(V2_FILE.rows[0], *others[1:])))
    assert len(differences) == 4
    assert differences[-1] == "and 2 more"


def test_the_withdrawn_layout_of_a_settlement_is_the_same_settlement(store: CompanyStore) -> None:
    canada = {"currency": "CAD", **PERIOD}
    first, second = "701-1111111-1111111", "701-2222222-2222222"
    v1 = File(
        [
            summary("62.51", **canada),
            line_v1(
                "Order",
                price_type="Principal",
                price_amount="49.90",
                item_related_fee_type="Commission",
                item_related_fee_amount="-7.49",
            ),
            line_v1("Order", order_id=second, price_type="Principal", price_amount="20.10"),
        ],
        V1,
    )
    in_canada = {"marketplace_name": "Amazon.ca"}
    v2 = File(
        [
            summary("62.51", **canada),
            line("49.90", order_id=first, **in_canada),
            line("-7.49", ("Order", "ItemFees", "Commission"), order_id=first, **in_canada),
            line("20.10", order_id=second, **in_canada),
        ]
    )
    assert record(store, v1) is None
    assert record(store, v2) is None
    moved = v2.with_rows(*v2.rows[:3], {**v2.rows[3], "order-id": first})
    alarm = record(store, moved)
    assert alarm is not None
    assert f"order {second} was 1 row of CAD 20.10 and is not there" in alarm.what


def test_a_store_of_an_older_form_accepts_what_it_knows(store: CompanyStore) -> None:
    assert record(store, V2_FILE) is None

    def age() -> None:
        with store.database.writing() as connection:
            connection.execute(SETTLEMENTS.update().values(content_hash="0" * 64))

    def content_hash() -> str:
        (known,) = store.settlements.all()
        return known.content_hash

    new = content_hash()
    age()
    assert record(store, V2_FILE, time_zone="UTC") is None
    assert content_hash() == new
    age()
    assert record(store, replace(V2_FILE, separator=",")) is None
    assert content_hash() == new
    age()
    moved = {**V2_FILE.rows[3], "order-id": "111-3333333-3333333"}
    alarm = record(store, V2_FILE.with_rows(*V2_FILE.rows[:3], moved))
    assert alarm is not None
    assert content_hash() == "0" * 64


def test_a_known_settlement_whose_document_says_nothing_any_more_is_an_alarm(store: CompanyStore) -> None:
    lost = Document.of("lost.txt", b"not a settlement")
    store.documents.put(lost)
    known = good(V2_FILE)
    assert store.settlements.record(replace(known, origin=replace(known.origin, sha256=lost.sha256))) is None
    with store.database.writing() as connection:
        connection.execute(SETTLEMENTS.update().values(content_hash="0" * 64))
    alarm = record(store, V2_FILE)
    assert alarm is not None
    assert "can't be read any more" in alarm.what


def run(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, json.loads(result.stdout.strip().splitlines()[-1])


def test_a_user_may_change_the_clock_and_post_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    file = tmp_path / "settlement.txt"
    file.write_bytes(V2_FILE.with_rows(*V2_FILE.rows[:3], line("20.10", order_id=OTHER)).content)
    with PracticeQuickBooks(limits=False) as books:
        (tmp_path / "practice.json").write_text(json.dumps({"quickbooks": books.connection()}))
        run("company", "add", "Acme", "--practice", tmp_path / "practice.json")
        assert run("settlement", "post", file)[0] == 0
        posted = len(books.transactions("JournalEntry"))
        code, said = run("settlement", "post", file, "--clock", "UTC")
        assert code == 0, said["errors"]
        assert [one["code"] for one in said["errors"]] == []
        assert [one["state"] for one in said["settlements"]] == ["Posted"]
        assert (said["journals_created"], len(books.transactions("JournalEntry"))) == (0, posted)
        assert posted


def test_a_user_hears_which_description_was_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    first, second = tmp_path / "settlement.txt", tmp_path / "settlement 2.txt"
    first.write_bytes(V2_FILE.content)
    second.write_bytes(V2_FILE.content.replace(b"Commission", b"ShippingHB"))
    run("company", "add", "Acme")
    assert run("import", first)[0] == 0
    code, said = run("import", second)
    assert code == 1
    (error,) = [one for one in said["errors"] if one["code"] == "settlement-content-changed"]
    assert "Commission of Amazon.com was 1 row of USD -7.49 and is not there" in json.dumps(error)
