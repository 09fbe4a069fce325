"""Files that can't be read as settlements, or that read as settlements with something wrong."""

from collections.abc import Callable, Iterable
from pathlib import Path
from unittest import mock

from tests.errors.case import ErrorCase
from tests.parse.making import (
    V2,
    File,
    document,
    gzipped,
    line,
    read,
    small_file,
    summary,
    zipped,
)
from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.parse import containers, settlement_kinds, settlement_rows
from tieout.parse.containers import unpack

Provoke = Callable[[Path], Iterable[Finding]]
ROWS = small_file().rows
AS_AMAZON_GAVE_IT = (
    "The file as Amazon gave it is always right; the way out is to import that one, not to mend a copy."
)


def _read(content: bytes | str | File, **options: str) -> Provoke:
    return lambda _: read(content, **options)[1]


def _unpack(content: bytes, name: str) -> Provoke:
    return lambda _: unpack(Document.of(name, content))[1]


def _changed(at: int, **fields: str) -> Provoke:
    """The small file with fields of one row changed; row 2 is the summary."""
    rows = [dict(row) for row in ROWS]
    rows[at - 2] |= {name.replace("_", "-"): value for name, value in fields.items()}
    return _read(File(rows))


def _every(**fields: str) -> Provoke:
    changed = {name.replace("_", "-"): value for name, value in fields.items()}
    return _read(File([row | changed for row in ROWS]))


def _without(column: str) -> Provoke:
    return _read(File(ROWS, columns=[name for name in V2 if name != column]))


def _dated(*texts: str) -> Provoke:
    """A period that says nothing of the order of day and month, and rows with these dates."""
    dates = {"settlement_start_date": "03/04/2026", "settlement_end_date": "04/04/2026", "deposit_date": ""}
    lines = [line("1.00", posted_date=text, posted_date_time="") for text in texts]
    return _read(File([summary(f"{len(texts)}.00", **dates), *lines]))


def _encrypted() -> bytes:
    packed = bytearray(zipped({"settlement.txt": small_file().content}))
    packed[6] |= 1
    packed[packed.find(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def _too_many_members(_: Path) -> Iterable[Finding]:
    with mock.patch.object(containers, "ARCHIVE_MEMBERS_MAX", 1):
        return unpack(document(zipped({"a.txt": b"a", "b.txt": b"b"}), "settlements.zip"))[1]


def _too_many_rows(_: Path) -> Iterable[Finding]:
    with mock.patch.object(settlement_rows, "SETTLEMENT_ROWS_MAX", 3):
        return read(small_file())[1]


def _too_many_kinds(_: Path) -> Iterable[Finding]:
    with mock.patch.object(settlement_kinds, "SETTLEMENT_KINDS_MAX", 3):
        return read(small_file())[1]


_PACKED = [
    ErrorCase(
        "file-is-a-spreadsheet",
        "A workbook instead of a text file",
        "A settlement opened in a spreadsheet and saved as a workbook has lost digits of its ids and may have lost "
        "the form of its dates and amounts. The text file that Amazon gave has everything. If it is lost, save the "
        "sheet as CSV: what the spreadsheet damaged is then found and named, row by row.",
        _unpack(zipped({"xl/workbook.xml": b""}), "settlement.xlsx"),
    ),
    ErrorCase(
        "archive-damaged",
        "An archive that can't be unpacked",
        "A .gz or .zip file carries a checksum. One that was cut off while downloading does not match it, and "
        "nothing of that member is used.",
        _unpack(gzipped(small_file().content)[:100], "settlement.txt.gz"),
    ),
    ErrorCase(
        "archive-encrypted",
        "An archive with a password",
        "Tieout asks for no passwords of files. Unpack it yourself.",
        _unpack(_encrypted(), "settlements.zip"),
    ),
    ErrorCase(
        "archive-path",
        "An archive whose members have folders in their names",
        "A member called `../something` is how an archive writes outside the folder it is unpacked to. Nothing is "
        "written here, but such members, and any with a folder in the name, are refused on principle; the other "
        "members are read.",
        _unpack(zipped({"../settlement.txt": b"x"}), "settlements.zip"),
    ),
    ErrorCase(
        "archive-too-large",
        "An archive made to fill the memory",
        "A small file that unpacks to gigabytes is an old trick. Settlement text packs to about a thirteenth.",
        _unpack(gzipped(b"a" * 5_000_000), "settlement.txt.gz"),
    ),
    ErrorCase(
        "archive-too-many-members",
        "An archive of too many files",
        "A bound, so that a mistaken file (a whole disk, packed) ends in a sentence.",
        _too_many_members,
    ),
    ErrorCase(
        "archive-too-deep",
        "An archive in an archive in an archive",
        "Archives in an archive are opened once; deeper nesting is not how settlements are kept.",
        _unpack(zipped({"2026.zip": zipped({"october.txt.gz": gzipped(b"x")})}), "all.zip"),
    ),
    ErrorCase(
        "archive-empty",
        "An archive without files",
        "There is nothing in it to read.",
        _unpack(zipped({}), "settlements.zip"),
    ),
]

_CHARACTERS = [
    ErrorCase(
        "file-empty",
        "An empty file",
        "A download that failed often leaves a file of no bytes.",
        _read(b""),
    ),
    ErrorCase(
        "file-nul-bytes",
        "A file with zero bytes in it",
        "Text has none. A disk that filled up, or a program's own format, puts them there.",
        _read(small_file().content[:700] + b"\0\0" + small_file().content[700:]),
    ),
    ErrorCase(
        "file-encoding-unknown",
        "Characters that can't be read",
        "The file is read as UTF-8, UTF-16, the encoding its download named, Windows Latin (cp1252) or Japanese "
        "(cp932), strictly. If it is none of these, guessing on would change names and could change amounts.",
        _read(small_file().content.replace(b"CUP", b"\x81 ", 1)),
    ),
    ErrorCase(
        "file-quotes-broken",
        "Quotation marks that don't add up",
        "In a CSV file quotation marks hold fields together. Where one is missing, rows run into each other.",
        _read(File(ROWS, separator=",").text.replace("CUP-RED", '"CUP-RED', 1)),
    ),
]

_LAYOUT = [
    ErrorCase(
        "settlement-not-recognised",
        "Not a settlement file",
        "A settlement file is known by the names of its columns, in any order and with a tab, comma or semicolon "
        "between them. Other reports of Amazon (orders, payments by date range) are not settlements.",
        _read("date/time,settlement id,type,order id,sku,total\nOct 1 2026,1,Order,2,CUP,9.99\n"),
    ),
    ErrorCase(
        "settlement-columns-missing",
        "A settlement file that lacks columns",
        "Columns were deleted. " + AS_AMAZON_GAVE_IT,
        _without("amount-description"),
    ),
    ErrorCase(
        "settlement-column-repeated",
        "A column that is there twice",
        "Two columns of one name may differ, and then there are two totals.",
        _read(File(ROWS, columns=[*V2, "amount"])),
    ),
    ErrorCase(
        "settlement-header-only",
        "A header and no rows",
        "The header alone tells nothing. Amazon gives it while a settlement is being made.",
        _read("\t".join(V2) + "\n"),
    ),
    ErrorCase(
        "settlement-summary-missing",
        "No row with the settlement's total",
        "The row after the header holds id, dates, total and currency. Without the total nothing can be proved.",
        _read(File(ROWS[1:])),
    ),
    ErrorCase(
        "settlement-without-lines",
        "A settlement without lines",
        "There is nothing to post, and if the total is not zero, the rows are missing.",
        _read(File(ROWS[:1])),
    ),
    ErrorCase(
        "settlement-two-in-one-file",
        "Two settlements in one file",
        "A settlement is known by its id and proved by its total, so each is read from a file of its own. Files "
        "pasted together can't be told apart safely.",
        _read(small_file().text + small_file().text.replace("21000000001", "21000000002")),
    ),
    ErrorCase(
        "settlement-cut-off",
        "A file that ends in the middle of a row",
        "The download was cut off. What is there would give a smaller total.",
        _read(small_file().text[:-40]),
    ),
    ErrorCase(
        "settlement-row-too-long",
        "A row with more fields than the header",
        "A text in the row holds the separator, so the fields after it stand in the wrong columns.",
        _read(small_file().text.replace("CUP-RED\t1", "CUP\tRED\t1\tX", 1)),
    ),
    ErrorCase(
        "settlement-too-many-rows",
        "More rows than a settlement has",
        "A bound, so that a mistaken file ends in a sentence.",
        _too_many_rows,
    ),
    ErrorCase(
        "settlement-too-many-kinds",
        "More kinds of rows than a settlement has",
        "Real settlements have dozens of kinds. Thousands mean that a column holds something else.",
        _too_many_kinds,
    ),
]

_IDENTITY = [
    ErrorCase(
        "settlement-id-missing",
        "A row without a settlement id",
        "Every row of a settlement repeats its id. " + AS_AMAZON_GAVE_IT,
        _changed(5, settlement_id=""),
    ),
    ErrorCase(
        "settlement-id-damaged",
        "A settlement id that a spreadsheet damaged",
        "2.1E+10 is what a spreadsheet makes of a long id. The settlement could not be known again, and would be "
        "posted twice.",
        _every(settlement_id="2.1E+10"),
    ),
    ErrorCase(
        "settlement-order-ids-damaged",
        "Order ids that a spreadsheet damaged",
        "Tax that Amazon withheld is proved order by order, which damaged ids don't allow. The settlement is shown "
        "and does not post.",
        _changed(4, order_id="1.67824E+13"),
    ),
    ErrorCase(
        "settlement-ids-damaged",
        "Other ids that a spreadsheet damaged",
        "A file that went through a spreadsheet has lost digits of its long ids (order-item-code and the like). No "
        "amount depends on them, so this stops nothing, but the proof shows them as they are.",
        _changed(4, order_item_code="1.12118E+14"),
    ),
    ErrorCase(
        "settlement-row-differs",
        "A row that contradicts the summary row",
        "A settlement has one currency and one total.",
        _changed(6, currency="CAD"),
    ),
    ErrorCase(
        "settlement-currency-unknown",
        "A currency we don't know",
        "How many decimal places a currency has decides what its amounts are worth, so it is never guessed.",
        _every(currency="XYZ"),
    ),
    ErrorCase(
        "settlement-marketplace-undecided",
        "An account whose country nothing tells",
        "Accounts of many countries are settled in euros, and the lines of a settlement of fees alone name none. "
        "The country decides the chart of accounts and the clock that months follow.",
        _read(File([summary("1.00", currency="EUR"), line("1.00", marketplace_name="")])),
    ),
    ErrorCase(
        "country-unknown",
        "A country code that is no marketplace's",
        "Use the two letters of the country: US, CA, MX, GB (or UK), DE, FR, IT, ES, NL, SE, PL, BE and others.",
        _read(small_file(), country="Atlantis"),
    ),
    ErrorCase(
        "settlement-country-currency",
        "A country that is settled in another currency",
        "The country you gave and the settlement's currency contradict each other. It is shown and does not post.",
        _read(small_file(), country="DE"),
    ),
]

_MONEY = [
    ErrorCase(
        "settlement-total-differs",
        "Rows that don't add up to the total",
        "The rows of every settlement that Amazon made add up to its total, to the cent. If they don't, rows are "
        "missing, doubled or changed, and nothing is drafted.",
        _read(File([ROWS[0], *ROWS[2:]])),
    ),
    ErrorCase(
        "settlement-amount-missing",
        "A row without an amount",
        "Each row of the V2 layout has one. " + AS_AMAZON_GAVE_IT,
        _changed(4, amount=""),
    ),
    ErrorCase(
        "settlement-amount-unreadable",
        "An amount that is none",
        "Amounts are read exactly or not at all: digits, a decimal mark, thousands marks, a minus or brackets.",
        _changed(4, amount="3.4.9"),
    ),
    ErrorCase(
        "settlement-amount-places",
        "An amount with too many decimal places",
        "Cutting the extra digits off would lose money, a little on every row.",
        _changed(4, amount="3.491"),
    ),
    ErrorCase(
        "settlement-decimals-mixed",
        "Decimal points and commas in one file",
        "Amazon writes 1977.17 for some marketplaces and 196,65 for others, one way in a file. Two ways mean that a "
        "program changed part of it, and 1,234 could be either.",
        _changed(4, amount="3,49"),
    ),
    ErrorCase(
        "settlement-decimals-ambiguous",
        "Amounts that could be a thousand times as much",
        "1.234 alone is one or one thousand. Two decimals on any amount of the file decide it.",
        _read(File([summary("1.234"), line("1.234")])),
    ),
]

_DATES = [
    ErrorCase(
        "settlement-date-missing",
        "A row without a date",
        "The date decides the month in which the row's money is posted.",
        _changed(4, posted_date="", posted_date_time=""),
    ),
    ErrorCase(
        "settlement-date-unreadable",
        "A date in a form that is not known",
        "Every form that Amazon uses is read, and those of spreadsheets. " + AS_AMAZON_GAVE_IT,
        _changed(4, posted_date_time="last Monday"),
    ),
    ErrorCase(
        "settlement-date-impossible",
        "A date that does not exist",
        "30 February, an hour 25: the file is damaged, or day and month are mixed up.",
        _changed(4, posted_date_time="2026-02-30 18:32:18 UTC"),
    ),
    ErrorCase(
        "settlement-dates-mixed",
        "Dates in two forms",
        "A spreadsheet turns the dates it understands into its own form and leaves the rest. Those it changed may "
        "have day and month exchanged.",
        _changed(4, posted_date_time="12.10.2026 18:32:18 UTC"),
    ),
    ErrorCase(
        "settlement-dates-contradict",
        "Day first here, month first there",
        "One file writes its dates in one order.",
        _dated("13/04/2026", "04/14/2026"),
    ),
    ErrorCase(
        "settlement-dates-ambiguous",
        "Dates that have two meanings",
        "03/04/2026 is 3 April or 4 March. Another date of the file with a day above 12 decides, or the settlement's "
        "period does; here neither can.",
        _dated("03/04/2026"),
    ),
    ErrorCase(
        "settlement-period-reversed",
        "A settlement that ends before it starts",
        "One of the two dates was changed or misread.",
        _changed(2, settlement_end_date="2026-10-01 14:28:39 UTC"),
    ),
    ErrorCase(
        "settlement-lines-outside-period",
        "Lines posted outside the settlement's period",
        "Each line belongs to the month of its own date. In real files that date lies within the period, so this is "
        "worth a look; it stops nothing.",
        _changed(4, posted_date="2026-08-12", posted_date_time="2026-08-12 18:32:18 UTC"),
    ),
]

CASES = [*_PACKED, *_CHARACTERS, *_LAYOUT, *_IDENTITY, *_MONEY, *_DATES]
