"""Damaged files: the exact total with all rows, or a finding. Never a traceback, never another total unsaid.

Every damage is made from a seed, so a failure can be made again. Real files are damaged too, where they are present.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.parse.making import V1 as V1_COLUMNS
from tests.parse.making import File, document, gzipped, line, line_v1, summary, zipped
from tieout.domain.document import Document
from tieout.domain.finding import any_stops
from tieout.domain.money import Money
from tieout.domain.settlement import Settlement
from tieout.parse.containers import unpack
from tieout.parse.settlement_file import read_settlement

Counted = Callable[[str, object], None]
FUZZED = "fuzzed inputs"


@dataclass(frozen=True)
class Truth:
    """What an undamaged file says: its total, and its lines' amounts, but for those of nothing.

    A blank that becomes a 0 in one of V1's nine amount columns is a line more, of no money.
    """

    total: Money
    amounts: tuple[int, ...]

    @classmethod
    def of(cls, content: bytes) -> "Truth":
        settlement, findings = read_settlement(document(content))
        assert settlement is not None
        assert not any_stops(findings)
        return cls(settlement.total, amounts_of(settlement))


def amounts_of(settlement: Settlement) -> tuple[int, ...]:
    return tuple(sorted(line.amount.minor for line in settlement.lines.lines() if line.amount))


def holds(truth: Truth, content: bytes, note: str) -> bool:
    """Whether it was read; asserts that it was read right, or that something was said."""
    documents, findings = unpack(Document.of("damaged.txt", content))
    said = list(findings)
    read = []
    for each in documents:
        settlement, findings = read_settlement(each)
        said.extend(findings)
        read.append(settlement)
        assert settlement is not None or any_stops(findings), note
    if any_stops(said):
        return False
    (settlement,) = read
    assert settlement is not None, note
    assert settlement.total == truth.total == settlement.sum_of_rows, note
    assert amounts_of(settlement) == truth.amounts, note
    return True


def all_hold(content: bytes, damaged: Iterable[bytes], counted: Counted) -> int:
    """How many of the damaged files were read; counts them all."""
    truth = Truth.of(content)
    results = [holds(truth, damage, f"damage {number}") for number, damage in enumerate(damaged)]
    counted(FUZZED, len(results))
    return sum(results)


def tiny_v2() -> File:
    rows = [
        summary("35.94"),
        line("49.90", sku='5" NAIL'),
        line("-7.49", ("Order", "ItemFees", "Commission")),
        line("-0.01", ("Order", "ItemFees", "DigitalServicesFee"), promotion_id=""),
        line("-6.46", ("Refund", "ItemPrice", "Principal"), order_id="111-2222222-2222222", promotion_id="SALE"),
    ]
    return File(rows)


def tiny_de() -> File:
    """Dates with points, decimal commas."""
    dates = {
        "settlement_start_date": "07.10.2026 08:59:52 UTC",
        "settlement_end_date": "21.10.2026 08:59:51 UTC",
        "deposit_date": "23.10.2026 08:59:51 UTC",
    }
    day = {
        "posted_date": "12.10.2026",
        "posted_date_time": "12.10.2026 18:32:18 UTC",
        "marketplace_name": "Amazon.de",
    }
    rows = [summary("1.242,40", currency="EUR", **dates), line("1.249,90", **day), line("-7,50", **day)]
    return File(rows)


def tiny_v1() -> File:
    dates = {
        "settlement_start_date": "2026-10-07T14:28:38+00:00",
        "settlement_end_date": "2026-10-21T14:28:39+00:00",
        "deposit_date": "2026-10-23T14:28:39+00:00",
    }
    rows = [
        summary("-31.01", currency="CAD", **dates),
        line_v1("Order", price_type="Principal", price_amount="35.00"),
        line_v1("Order", quantity_purchased="1"),
        line_v1(
            "ServiceFee",
            item_related_fee_type="Cost of Advertising",
            item_related_fee_amount="-60.00",
            other_fee_amount="-6.51",
            other_fee_reason_description="TaxAmount",
        ),
        line_v1("Successful charge", other_amount="0.50"),
    ]
    return File(rows, columns=V1_COLUMNS)


def as_csv(file: File) -> bytes:
    """As a spreadsheet saves it: commas, everything in quotes."""
    rows = [{name: '"' + value.replace('"', '""') + '"' for name, value in row.items()} for row in file.rows]
    return replace(file, rows=rows, separator=",", end="\r\n").content


FILES = {
    "v2": tiny_v2().content,
    "v2 with commas": tiny_de().content,
    "v1": tiny_v1().content,
    "csv": as_csv(tiny_v2()),
    "csv with commas": as_csv(tiny_de()),
    "utf-16": tiny_v2().text.encode("utf-16"),
}
each_file = pytest.mark.parametrize("content", FILES.values(), ids=FILES.keys())


@pytest.mark.parametrize("name", ["v2", "v1", "csv"])
def test_cut_at_every_byte(name: str, record_property: Counted) -> None:
    content = FILES[name]
    read = all_hold(content, (content[:cut] for cut in range(len(content))), record_property)
    # Only a cut within the blanks or the free text at the very end loses nothing.
    assert read < 20


def test_cut_archives_at_every_byte(record_property: Counted) -> None:
    for packed in (gzipped(FILES["v2"]), zipped({"settlement.txt": FILES["v2"]})):
        truth = Truth.of(FILES["v2"])
        for cut in range(len(packed)):
            holds(truth, packed[:cut], f"cut at {cut}")
        record_property(FUZZED, len(packed))
        assert holds(truth, packed, "whole")


def flips(content: bytes, count: int, seed: int) -> Iterator[bytes]:
    """One byte changed, mostly into one that means something in a file of amounts."""
    dice = random.Random(seed)
    likely = b"0123456789.,-\t\n\r\"' ;\x00\xff"
    for _ in range(count):
        damaged = bytearray(content)
        damaged[dice.randrange(len(damaged))] = dice.choice([*likely, dice.randrange(256)])
        yield bytes(damaged)


@each_file
def test_bytes_flipped(content: bytes, record_property: Counted) -> None:
    all_hold(content, flips(content, 250, seed=7), record_property)


@each_file
def test_bytes_lost_and_put_in(content: bytes, record_property: Counted) -> None:
    dice = random.Random(11)

    def damages() -> Iterator[bytes]:
        for _ in range(100):
            at, length = dice.randrange(len(content)), dice.choice([1, 2, 3, 8, 60])
            yield content[:at] + content[at + length :]
            yield content[:at] + dice.choice([b"\t", b"\n", b",", b'"', b"\0", b"\r\n", b" ", b"9"]) + content[at:]

    all_hold(content, damages(), record_property)


def lines_of(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


PLAIN = ["v2", "v2 with commas", "v1", "csv"]


@pytest.mark.parametrize("name", PLAIN)
def test_rows_lost_doubled_and_torn(name: str, record_property: Counted) -> None:
    content = FILES[name]
    lines = lines_of(content)

    def damages() -> Iterator[bytes]:
        for at in range(len(lines)):
            yield b"".join([*lines[:at], *lines[at + 1 :]])
            yield b"".join([*lines[:at], lines[at], *lines[at:]])
            yield b"".join([*lines[:at], b"\n", *lines[at:]])
            yield b"".join([*lines[:at], lines[at][: len(lines[at]) // 2], *lines[at + 1 :]])
            yield b"".join([*lines, *lines[at:]])
        yield content + content
        yield b"".join(lines[1:])

    all_hold(content, damages(), record_property)


@pytest.mark.parametrize("file", [tiny_v2(), tiny_de(), tiny_v1()], ids=["v2", "v2 with commas", "v1"])
def test_no_row_of_money_is_lost_or_doubled_unsaid(file: File, record_property: Counted) -> None:
    truth = Truth.of(file.content)
    with_money = [at for at, row in enumerate(file.rows) if any(name.endswith("amount") for name in row)]
    for at in with_money:
        lost = replace(file, rows=[*file.rows[:at], *file.rows[at + 1 :]])
        doubled = replace(file, rows=[*file.rows[: at + 1], *file.rows[at:]])
        assert not holds(truth, lost.content, f"row {at} lost")
        assert not holds(truth, doubled.content, f"row {at} doubled")
    record_property(FUZZED, 2 * len(with_money))


@pytest.mark.parametrize("name", PLAIN)
def test_rows_in_any_order_are_the_same_settlement(name: str, record_property: Counted) -> None:
    content = FILES[name]
    header, *rows = lines_of(content)
    dice = random.Random(3)
    shuffled = [b"".join([header, *dice.sample(rows, len(rows))]) for _ in range(20)]
    assert all_hold(content, shuffled, record_property) == len(shuffled)


@pytest.mark.parametrize("file", [tiny_v2(), tiny_de(), tiny_v1()], ids=["v2", "v2 with commas", "v1"])
def test_columns_lost_doubled_and_moved(file: File, record_property: Counted) -> None:
    dice = random.Random(5)

    def damages() -> Iterator[bytes]:
        columns = list(file.columns)
        for at in range(len(columns)):
            yield replace(file, columns=[*columns[:at], *columns[at + 1 :]]).content
            yield replace(file, columns=[*columns, columns[at]]).content
            yield replace(file, header=[*columns[:at], "", *columns[at + 1 :]]).content
        for _ in range(20):
            yield replace(file, columns=dice.sample(columns, len(columns))).content
            yield replace(file, header=dice.sample(columns, len(columns))).content

    all_hold(file.content, damages(), record_property)


def swap_marks(text: str) -> str:
    return text.translate({ord("."): ",", ord(","): "."})


@pytest.mark.parametrize("file", [tiny_v2(), tiny_de()], ids=["v2", "v2 with commas"])
def test_decimal_marks_swapped(file: File, record_property: Counted) -> None:
    truth = Truth.of(file.content)

    def swapped(places: Iterable[int]) -> bytes:
        names = ("amount", "total-amount")
        rows = [
            {n: swap_marks(v) if at in places and n in names else v for n, v in row.items()}
            for at, row in enumerate(file.rows)
        ]
        return replace(file, rows=rows).content

    everywhere = range(len(file.rows))
    assert holds(truth, swapped(everywhere), "all")
    for at in everywhere:
        assert not holds(truth, swapped([at]), f"row {at}")
        assert not holds(truth, swapped([other for other in everywhere if other != at]), f"all but row {at}")
    record_property(FUZZED, 1 + 2 * len(everywhere))


def test_marks_and_encodings(record_property: Counted) -> None:
    text = tiny_v2().text.replace("NAIL", "NÄGEL")
    encoded = [
        text.encode(e) for e in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1")
    ]
    assert all_hold(FILES["v2"], encoded, record_property) == len(encoded)
    odd = [b"\xff\xfe" + text.encode(), b"\xef\xbb\xbf\xef\xbb\xbf" + text.encode(), text.encode("utf-16")[1:]]
    odd += [text.encode("utf-32"), text.encode("utf-16")[:-1], text.encode("utf-7"), text.encode("cp500")]
    all_hold(FILES["v2"], odd, record_property)


def test_settlements_that_are_not_files_of_amazon(record_property: Counted) -> None:
    dice = random.Random(13)
    noise = [dice.randbytes(dice.randrange(600)) for _ in range(200)]
    noise += [b"settlement-id\ttotal-amount\tcurrency\n" + dice.randbytes(50) for _ in range(50)]
    headers = lines_of(FILES["v2"])[0] + lines_of(FILES["v2"])[1]
    noise += [headers + dice.randbytes(dice.randrange(200)) for _ in range(150)]
    for number, content in enumerate(noise):
        settlement, findings = read_settlement(document(content))
        assert settlement is None or any_stops(findings), number
    record_property(FUZZED, len(noise))


@pytest.mark.real_files
def test_real_files_damaged(real_settlements: list[Path], record_property: Counted) -> None:
    for seed, path in enumerate(real_settlements):
        content = path.read_bytes()
        dice = random.Random(seed)
        cuts = sorted(dice.sample(range(len(content)), 40)) + list(range(len(content) - 40, len(content)))
        lines = lines_of(content)
        doubled = [b"".join([*lines[:at], lines[at], *lines[at:]]) for at in dice.sample(range(1, len(lines)), 12)]
        all_hold(content, [content[:cut] for cut in cuts], record_property)
        all_hold_or_doubled_nothing(content, doubled, record_property)
        all_hold(content, flips(content, 60, seed), record_property)


def all_hold_or_doubled_nothing(content: bytes, doubled: list[bytes], counted: Counted) -> None:
    """A doubled row of no money is legal, and counts: identical rows do occur."""
    truth = Truth.of(content)
    for damage in doubled:
        settlement, findings = read_settlement(document(damage))
        assert any_stops(findings) or (settlement is not None and settlement.sum_of_rows == truth.total)
    counted(FUZZED, len(doubled))
