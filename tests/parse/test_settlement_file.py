"""Settlement files in every form that real ones have, and what each bad one is refused for."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from tests.parse.making import (
    SETTLEMENT_ID,
    V1,
    V2,
    Fields,
    File,
    codes,
    good,
    line,
    line_v1,
    other,
    read,
    refused,
    small_file,
    summary,
)
from tieout.domain.calendar import Month
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.domain.settlement import Kind, Settlement
from tieout.parse import settlement_kinds, settlement_rows
from tieout.parse.settlement_columns import SettlementLayout

NO_ORDERS: frozenset[str] = frozenset()
NO_KINDS: frozenset[Kind] = frozenset()


def row_of(finding: Finding) -> int | None:
    assert isinstance(finding.where, Origin)
    return finding.where.row


def amounts(settlement: Settlement) -> list[int]:
    return [line.amount.minor for line in settlement.lines.lines()]


def days(settlement: Settlement) -> list[date]:
    return [line.posted for line in settlement.lines.lines()]


def test_a_settlement_whole() -> None:
    settlement = good(small_file())
    assert settlement.settlement_id == SETTLEMENT_ID
    assert (settlement.marketplace, settlement.marketplace_names) == ("US", ("Amazon.com",))
    assert (settlement.currency, settlement.time_zone, settlement.layout) == ("USD", "America/Los_Angeles", "v2")
    assert settlement.start == datetime(2026, 10, 7, 14, 28, 38, tzinfo=UTC)
    assert settlement.end == datetime(2026, 10, 21, 14, 28, 39, tzinfo=UTC)
    assert settlement.deposit == datetime(2026, 10, 23, 14, 28, 39, tzinfo=UTC)
    assert (str(settlement.total), str(settlement.sum_of_rows), len(settlement.lines)) == (
        "USD 105.63",
        "USD 105.63",
        8,
    )
    assert settlement.origin.file == "settlement.txt"
    assert settlement.origin.row is None


def test_lines_whole() -> None:
    lines = list(good(small_file()).lines.lines())
    assert [line.row for line in lines] == list(range(3, 11))
    refund = lines[4]
    assert refund.kind == Kind("Refund", "ItemPrice", "Principal", "Amazon.com")
    assert (str(refund.amount), refund.order_id, refund.sku) == ("USD -12.10", "111-2222222-2222222", "CUP-RED")
    assert refund.posted == date(2026, 10, 12)
    assert [name for name, _ in refund.fields] == list(V2)
    assert dict(refund.fields)["amount"] == "-12.10"


@pytest.mark.parametrize("separator", ["\t", ",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_columns_in_any_order_named_in_any_way_and_more_of_them(separator: str, end: str) -> None:
    columns = [*reversed(V2), "note"]
    header = [name.replace("-", "_").upper() + " " if name != "sku" else '"SKU"' for name in columns]
    file = replace(small_file(), columns=columns, header=header, separator=separator, end=end)
    first = next(iter(good(file).lines.lines()))
    assert str(first.amount) == "USD 49.90"
    assert dict(first.fields)["note"] == ""


def test_rows_without_their_last_field() -> None:
    text = small_file().text.replace("\t1\t\n", "\t1\n")
    assert text != small_file().text
    assert str(good(text).difference) == "USD 0.00"


def test_rows_without_any_trailing_blanks() -> None:
    stripped = "\n".join(text.rstrip("\t") for text in small_file().text.split("\n"))
    assert amounts(good(stripped)) == amounts(good(small_file()))


def test_rows_with_a_separator_more() -> None:
    text = small_file().text
    assert amounts(good(text.replace("\t\n", "\t\t\n"))) == amounts(good(text))
    assert amounts(good(text.replace("\t1\t\n", "\t1\t\t\t\t\n", 1))) == amounts(good(text))


@pytest.mark.parametrize("sees", [True, False])
def test_rows_too_long_are_found_whatever_polars_makes_of_them(sees: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not sees:  # as its versions before 2 do: what stands beyond the header is dropped
        scan = settlement_rows._scan
        monkeypatch.setattr(settlement_rows, "_sees_beyond", lambda: False)
        monkeypatch.setattr(
            settlement_rows, "_scan", lambda *a: scan(*a).with_columns(**{settlement_rows._BEYOND: None})
        )
    assert refused(small_file().text.replace("CUP-RED\t1", "CUP\tRED\t1\tX", 1)).code == "settlement-row-too-long"
    assert good(small_file()).total.minor == 10563


def test_bounds_of_rows_and_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, bound, code in (
        (settlement_rows, "SETTLEMENT_ROWS_MAX", "settlement-too-many-rows"),
        (settlement_kinds, "SETTLEMENT_KINDS_MAX", "settlement-too-many-kinds"),
    ):
        with monkeypatch.context() as at_bound:
            reached = 9 if module is settlement_rows else 8
            at_bound.setattr(module, bound, reached)
            assert good(small_file()).total.minor == 10563
            at_bound.setattr(module, bound, reached - 1)
            assert refused(small_file()).code == code


def test_empty_lines_anywhere_keep_row_numbers() -> None:
    lines = small_file().text.splitlines()
    text = "\n".join(["", *lines[:4], "", "\t" * 23, "   ", *lines[4:], "", "", ""])
    settlement = good(text)
    assert [line.row for line in settlement.lines.lines()] == [4, 5, 9, 10, 11, 12, 13, 14]
    assert amounts(settlement) == amounts(good(small_file()))


def test_summary_row_anywhere() -> None:
    rows = list(small_file().rows)
    settlement = good(File([*rows[1:], rows[0]]))
    assert [line.row for line in settlement.lines.lines()] == list(range(2, 10))


def test_identical_rows_both_count() -> None:
    settlement = good(File([summary("10.00"), line("5.00"), line("5.00")]))
    assert amounts(settlement) == [500, 500]
    (total,) = settlement.lines.sums(NO_ORDERS, NO_KINDS)
    assert (total.rows, total.amount.minor, total.first_row) == (2, 1000, 3)


def test_formula_like_text_is_text() -> None:
    evil = '=cmd|"/c calc"!A1'
    words = ("@SUM(A1)", "+1+1", "-2+3")
    row = line("1.00", words, sku=evil, order_id="=1+1", marketplace_name="=A1")
    settlement, findings = read(File([summary("2.00"), line("1.00"), row]))
    assert settlement is not None
    assert findings == ()
    last = list(settlement.lines.lines())[-1]
    assert last.kind == Kind(*words, "=A1")
    assert (last.sku, last.order_id) == (evil, "=1+1")


@pytest.mark.parametrize(
    ("total", "texts"),
    [
        ("196,65", ["1.200,00", "-1.003,35"]),
        ("196,65", ["200", "-3,35"]),
        ("196.65", ["1,200.00", "(1,003.35)"]),
        ("196.65", ["200.00", "3.35-"]),
        ("196,65", ["1\u00a0200,00", "-1\u00a0003,35"]),
    ],
)
def test_decimal_styles(total: str, texts: list[str]) -> None:
    rows = [summary(total, currency="EUR"), *(line(text, marketplace_name="Amazon.de") for text in texts)]
    assert str(good(File(rows)).total) == "EUR 196.65"


def test_quoted_amounts_in_tab_text_and_csv() -> None:
    rows = [summary('"196,65"', currency="EUR")]
    rows += [line(text, marketplace_name="Amazon.de") for text in ('"1.200,00"', '"-1.003,35"')]
    assert amounts(good(File(rows))) == [120000, -100335]
    assert amounts(good(File(rows, separator=","))) == [120000, -100335]
    assert amounts(good(File(rows, separator=";"))) == [120000, -100335]


DATE_FORMS = [
    ("%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S UTC"),
    ("%d.%m.%Y %H:%M:%S UTC", "%d.%m.%Y", "%d.%m.%Y %H:%M:%S UTC"),
    ("%Y-%m-%dT%H:%M:%S+00:00", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S+00:00"),
    ("%Y-%m-%d %H:%M:%S UTC", "%m/%d/%y", "%Y-%m-%d %H:%M:%S UTC"),
    ("%Y/%m/%d %H:%M:%S UTC", "%Y/%m/%d", "%Y/%m/%d %H:%M:%S UTC"),
    ("%m/%d/%Y %H:%M", "%m/%d/%Y", "%m/%d/%Y %H:%M"),
    ("%d/%m/%Y %I:%M %p", "%d/%m/%Y", "%d/%m/%Y %I:%M %p"),
    ("%m/%d/%y", "%m/%d/%y", ""),
    ("%Y-%m-%d %H:%M:%S UTC", "%d/%m/%Y", ""),
]
PACIFIC = ZoneInfo("America/Los_Angeles")
POSTED = [datetime(2026, 10, 9, 3, 5, tzinfo=UTC), datetime(2026, 10, 21, 23, 50, tzinfo=UTC)]


@pytest.mark.parametrize(("header", "day", "moment"), DATE_FORMS)
def test_date_forms(header: str, day: str, moment: str) -> None:
    start, end = datetime(2026, 10, 8, 7, tzinfo=UTC), datetime(2026, 10, 22, 7, tzinfo=UTC)
    rows = [
        summary(
            "2.00",
            settlement_start_date=start.strftime(header),
            settlement_end_date=end.strftime(header),
            deposit_date="",
        ),
        *(line("1.00", posted_date=p.strftime(day), posted_date_time=p.strftime(moment)) for p in POSTED),
    ]
    settlement = good(File(rows))
    assert days(settlement) == [(p.astimezone(PACIFIC) if moment else p).date() for p in POSTED]
    assert settlement.deposit is None
    if "H" in header or "I" in header:
        assert (settlement.start, settlement.end) == (start, end)
    else:
        assert settlement.start == datetime(2026, 10, 8, tzinfo=PACIFIC)


def test_month_is_by_the_accounts_own_clock_or_the_one_asked_for() -> None:
    rows = [
        summary(
            "1.00",
            settlement_start_date="2026-10-25 00:00:00 UTC",
            settlement_end_date="2026-11-08 00:00:00 UTC",
        ),
        line("1.00", posted_date="2026-11-01", posted_date_time="2026-11-01 06:59:59 UTC"),
    ]
    for zone, month in (("", Month(2026, 10)), ("UTC", Month(2026, 11)), ("Europe/Berlin", Month(2026, 11))):
        settlement = good(File(rows), time_zone=zone)
        (only,) = settlement.lines.sums(NO_ORDERS, NO_KINDS)
        assert only.month == month
        assert settlement.time_zone == (zone or "America/Los_Angeles")
    with pytest.raises(ZoneInfoNotFoundError):
        read(File(rows), time_zone="Mars/Olympus")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        # Two zones in one column, as summer time ends.
        (["2026-10-31 23:59:59 PDT", "2026-11-01 23:59:59 PST"], [date(2026, 10, 31), date(2026, 11, 1)]),
        (["2026-10-31T23:59:59-07:00", "2026-11-01T23:59:59-08:00"], [date(2026, 10, 31), date(2026, 11, 1)]),
        # Fractions of a second, and hours of twelve.
        (["2026-11-01T06:59:59.999Z", "2026-11-01T07:00:00.000Z"], [date(2026, 10, 31), date(2026, 11, 1)]),
        (["11/01/2026 06:59:59 AM", "11/01/2026 07:00:00 PM"], [date(2026, 10, 31), date(2026, 11, 1)]),
        (["11/1/2026 6:59", "11/1/2026 19:00"], [date(2026, 10, 31), date(2026, 11, 1)]),
    ],
)
def test_times_in_unusual_width(texts: list[str], expected: list[date]) -> None:
    period = {"settlement_start_date": "2026-10-28 00:00:00 UTC", "settlement_end_date": "2026-11-11 00:00:00 UTC"}
    rows = [summary("2.00", **period), *(line("1.00", posted_date_time=text) for text in texts)]
    assert days(good(File(rows))) == expected


def test_days_where_midnight_is_at_half_past() -> None:
    """India: 18:30 UTC. Such a file is read to the minute."""
    texts = ["2026-10-12 18:29:59 UTC", "2026-10-12 18:30:00 UTC"]
    rows = [summary("2.00", currency="INR"), *(line("1.00", posted_date_time=t, marketplace_name="") for t in texts)]
    settlement = good(File(rows))
    assert (settlement.marketplace, settlement.time_zone) == ("IN", "Asia/Kolkata")
    assert days(settlement) == [date(2026, 10, 12), date(2026, 10, 13)]


def test_a_line_without_a_time_has_its_day() -> None:
    rows = [
        summary("3.00"),
        line("1.00", posted_date="2026-10-12", posted_date_time="2026-10-12 03:00:00 UTC"),
        line("1.00", posted_date="2026-10-12", posted_date_time=""),
        line("1.00", posted_date="2026-10-13", posted_date_time=""),
    ]
    assert days(good(File(rows))) == [date(2026, 10, 11), date(2026, 10, 12), date(2026, 10, 13)]


@pytest.mark.parametrize(
    ("country", "currency", "names", "marketplace"),
    [
        ("", "EUR", ["Amazon.de"], "DE"),
        ("", "EUR", ["", "Amazon.fr", "Amazon.it", "Amazon.fr"], "FR"),
        ("", "EUR", ["Amazon.it", "Amazon.fr"], "IT"),
        ("", "GBP", ["Non-Amazon UK", "", "amazon.co.uk"], "GB"),
        ("", "USD", ["Non-Amazon US"], "US"),
        ("", "MXN", [""], "MX"),
        ("", "EUR", ["Amazon.co.uk", "Amazon.co.uk", "Amazon.es"], "ES"),
        ("de", "EUR", ["Amazon.fr"], "DE"),
        ("UK", "GBP", [""], "GB"),
    ],
)
def test_account(country: str, currency: str, names: list[str], marketplace: str) -> None:
    rows = [summary(f"{len(names)}.00", currency=currency), *(line("1.00", marketplace_name=name) for name in names)]
    settlement = good(File(rows), country=country)
    assert settlement.marketplace == marketplace
    assert settlement.marketplace_names == tuple(dict.fromkeys(name for name in names if name))


def test_account_that_nothing_tells() -> None:
    file = File([summary("1.00", currency="EUR"), line("1.00", marketplace_name="Non-Amazon")])
    finding = refused(file)
    assert (finding.code, "--country" in finding.to_do) == ("settlement-marketplace-undecided", True)
    assert refused(file, country="Atlantis").code == "country-unknown"


def test_account_of_another_currency_is_shown_and_blocked() -> None:
    settlement, findings = read(small_file(), country="DE")
    assert settlement is not None
    assert settlement.marketplace == "DE"
    assert [(f.code, f.severity) for f in findings] == [("settlement-country-currency", Severity.BLOCKED)]


def test_total_that_differs_is_shown_and_blocked() -> None:
    rows = list(small_file().rows)
    settlement, (finding,) = read(File([rows[0], *rows[2:]]))
    assert settlement is not None
    assert str(settlement.difference) == "USD 49.90"
    assert (finding.code, finding.severity, finding.subject) == (
        "settlement-total-differs",
        Severity.BLOCKED,
        SETTLEMENT_ID,
    )
    for text in ("USD 55.73", "USD 105.63", "USD 49.90"):
        assert text in finding.what


def test_zero_and_negative_totals() -> None:
    assert good(File([summary("0.00"), line("5.00"), line("-5.00")])).total.minor == 0
    assert good(File([summary("-62.31"), line("-62.31")])).total.minor == -6231


def small_v1(**fields: str) -> File:
    """An order with its quantity row, a row of two amounts, a charge with padded text, and blank lines after it."""
    rows = [
        summary("283.69", currency="CAD", **DATES_V1),
        line_v1("Order", quantity_purchased="1"),
        line_v1("Order", price_type="Principal", price_amount="35.00"),
        line_v1("Order", item_related_fee_type="Commission", item_related_fee_amount="-5.25"),
        line_v1("Order", promotion_type="Shipping", promotion_amount="-6.99", promotion_id="Core Free Shipping"),
        line_v1(
            "ServiceFee",
            order_id="",
            marketplace_name="",
            item_related_fee_type="Cost of Advertising",
            item_related_fee_amount="-54.25",
            other_fee_amount="-6.51",
            other_fee_reason_description="TaxAmount",
        ),
        line_v1("Successful charge", order_id="", marketplace_name="", other_amount="321.69    "),
    ]
    return File([row | fields for row in rows], columns=V1)


DATES_V1 = {
    "settlement_start_date": "2026-10-07T14:28:38+00:00",
    "settlement_end_date": "2026-10-21T14:28:39+00:00",
    "deposit_date": "2026-10-23T14:28:39+00:00",
}


def test_v1_lines_are_its_amounts() -> None:
    settlement = good(small_v1().text + "\n\n")
    assert (settlement.layout, settlement.marketplace, str(settlement.total)) == ("v1", "CA", "CAD 283.69")
    found = [
        (line.row, line.kind.amount_type, line.kind.amount_description, line.amount.minor)
        for line in settlement.lines.lines()
    ]
    assert found == [
        (4, "ItemPrice", "Principal", 3500),
        (5, "ItemFees", "Commission", -525),
        (6, "Promotion", "Shipping", -699),
        (7, "Cost of Advertising", "TransactionTotalAmount", -5425),
        (7, "Cost of Advertising", "TaxAmount", -651),
        (8, "other-transaction", "Successful charge", 32169),
    ]
    assert len(settlement.lines) == 6


def test_v1_and_v2_of_the_same_facts_have_the_same_sums() -> None:
    rows: list[Fields] = [summary("283.69", currency="CAD")]
    for words, amount in [
        (("Order", "ItemPrice", "Principal"), "35.00"),
        (("Order", "ItemFees", "Commission"), "-5.25"),
        (("Order", "Promotion", "Shipping"), "-6.99"),
    ]:
        rows.append(line(amount, words, marketplace_name="Amazon.ca"))
    for words, amount in [
        (("ServiceFee", "Cost of Advertising", "TransactionTotalAmount"), "-54.25"),
        (("ServiceFee", "Cost of Advertising", "TaxAmount"), "-6.51"),
        (("other-transaction", "other-transaction", "Successful charge"), "321.69"),
    ]:
        rows.append(line(amount, words, marketplace_name="", order_id=""))
    of_v2 = good(File(rows)).lines.sums(NO_ORDERS, NO_KINDS)
    of_v1 = good(small_v1()).lines.sums(NO_ORDERS, NO_KINDS)
    assert {(s.kind, s.month, s.rows, s.amount) for s in of_v1} == {
        (s.kind, s.month, s.rows, s.amount) for s in of_v2
    }


def test_layouts_are_told_apart_by_their_columns() -> None:
    assert good(small_v1()).layout == SettlementLayout.V1.value
    both = replace(small_file(), columns=(*V2, "price-amount"))
    assert good(both).layout == SettlementLayout.V2.value


ROWS = list(small_file().rows)


def changed(at: int, **fields: str) -> File:
    """The small file with fields of one row changed; row 2 is the summary."""
    rows = [dict(row) for row in ROWS]
    rows[at - 2] |= {name.replace("_", "-"): value for name, value in fields.items()}
    return File(rows)


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        ("", "file-empty", None),
        ("hello\tworld\n1\t2\n", "settlement-not-recognised", 1),
        ("amazon-order-id\tsku\tquantity\n1\t2\t3\n", "settlement-not-recognised", 1),
        ("\t".join(V2) + "\n", "settlement-header-only", 1),
        ("\t".join(V2), "settlement-header-only", 1),
        ("\t".join(V2) + "\n\n\t\t\n", "settlement-header-only", 1),
        (File([summary("1.00")]), "settlement-without-lines", 2),
        (
            File([summary("0.00", currency="CAD", **DATES_V1), line_v1("Order")], columns=V1),
            "settlement-without-lines",
            2,
        ),
        (File(ROWS[1:]), "settlement-summary-missing", 2),
        (File([*ROWS, *ROWS]), "settlement-two-in-one-file", 11),
        (small_file().text + small_file().text, "settlement-two-in-one-file", 12),
        (changed(5, settlement_id="21000000002"), "settlement-two-in-one-file", 5),
        (changed(5, settlement_id=""), "settlement-id-missing", 5),
        (changed(5, settlement_id="settlement-id"), "settlement-two-in-one-file", 5),
        (changed(2, settlement_id=""), "settlement-id-damaged", 2),
        (File([row | {"settlement-id": "2.1E+10"} for row in ROWS]), "settlement-id-damaged", 2),
        (File([row | {"settlement-id": "2,15745E+10"} for row in ROWS]), "settlement-id-damaged", 2),
        (changed(2, currency="XYZ"), "settlement-currency-unknown", 2),
        (changed(2, currency=""), "settlement-currency-unknown", 2),
        (changed(6, currency="CAD"), "settlement-row-differs", 6),
        (changed(6, total_amount="105.64"), "settlement-row-differs", 6),
        (changed(4, amount=""), "settlement-amount-missing", 4),
        (changed(4, amount="  "), "settlement-amount-missing", 4),
        (changed(4, amount="3.4.9"), "settlement-amount-unreadable", 4),
        (changed(4, amount="=3.49"), "settlement-amount-unreadable", 4),
        (changed(4, amount="1E+10"), "settlement-amount-unreadable", 4),
        (changed(4, amount="99999999999.99"), "settlement-amount-unreadable", 4),
        (changed(4, amount="3.491"), "settlement-amount-places", 4),
        (changed(2, total_amount="105.635"), "settlement-amount-places", 2),
        (changed(2, total_amount="n/a"), "settlement-amount-unreadable", 2),
        (changed(4, amount="3,49"), "settlement-decimals-mixed", 4),
        (changed(2, total_amount="105,63"), "settlement-decimals-mixed", 2),
        (File([summary("1.234"), line("1.234")]), "settlement-decimals-ambiguous", 2),
        (changed(4, posted_date="", posted_date_time=""), "settlement-date-missing", 4),
        (changed(2, settlement_start_date=""), "settlement-date-missing", 2),
        (changed(4, posted_date_time="2026-10-32 18:32:18 UTC"), "settlement-date-impossible", 4),
        (changed(4, posted_date_time="2026-10-12 25:32:18 UTC"), "settlement-date-impossible", 4),
        (changed(4, posted_date_time="2026-10-12 18:32:61 UTC"), "settlement-date-impossible", 4),
        (changed(4, posted_date_time="2026-10-12 18:32:18 UT"), "settlement-date-unreadable", 4),
        (changed(4, posted_date_time="last week"), "settlement-date-unreadable", 4),
        (changed(2, deposit_date="2026-13-23 14:28:39 UTC"), "settlement-date-impossible", 2),
        (changed(4, posted_date_time="12.10.2026 18:32:18 UTC"), "settlement-dates-mixed", 4),
        (changed(4, posted_date_time="2026-10-12"), "settlement-dates-mixed", 4),
        (changed(2, deposit_date="2026-10-23"), "settlement-dates-mixed", 2),
        (changed(2, settlement_end_date="2026-10-01 14:28:39 UTC"), "settlement-period-reversed", 2),
        (small_file().text.replace("CUP-RED", "CUP\tRED\t\tX\tY", 1), "settlement-row-too-long", 3),
        (small_file().text.replace("CUP-RED\t1", "CUP\tRED\t1\tX", 1), "settlement-row-too-long", 3),
        (small_file().text[:-30], "settlement-cut-off", 10),
        (small_file().content[:700] + b"\0" + small_file().content[700:], "file-nul-bytes", 4),
        (replace(small_file(), columns=[c for c in V2 if c != "amount"]), "settlement-columns-missing", 1),
        (replace(small_file(), columns=[c for c in V2 if "posted" not in c]), "settlement-columns-missing", 1),
        (replace(small_file(), columns=[*V2, "amount"]), "settlement-column-repeated", 1),
        (replace(small_v1(), columns=[c for c in V1 if c != "other-amount"]), "settlement-columns-missing", 1),
    ],
)
def test_refused_with_the_row_and_what_to_do(content: str | bytes | File, code: str, row: int | None) -> None:
    finding = refused(content)
    assert (finding.code, row_of(finding)) == (code, row)
    assert finding.severity is Severity.REFUSED
    assert finding.what.endswith(".")
    assert finding.to_do.endswith(".")


def test_dates_that_nothing_decides() -> None:
    dates = {"settlement_start_date": "03/04/2026", "settlement_end_date": "04/04/2026", "deposit_date": ""}
    rows = [summary("1.00", **dates), line("1.00", posted_date="03/04/2026", posted_date_time="")]
    assert refused(File(rows)).code == "settlement-dates-ambiguous"
    # Another row decides.
    rows = [rows[0] | {"total-amount": "2.00"}, rows[1], line("1.00", posted_date="04/13/2026", posted_date_time="")]
    settlement, findings = read(File(rows))
    assert settlement is not None
    assert days(settlement) == [date(2026, 3, 4), date(2026, 4, 13)]
    assert codes(findings) == ["settlement-lines-outside-period"]


def test_dates_that_contradict() -> None:
    rows = [summary("2.00")]
    rows += [line("1.00", posted_date=text, posted_date_time="") for text in ("10/13/2026", "14/10/2026")]
    finding = refused(File(rows))
    assert (finding.code, row_of(finding)) == ("settlement-dates-contradict", 3)


def test_ids_that_a_spreadsheet_damaged() -> None:
    settlement, (finding,) = read(changed(4, order_item_code="1.12118E+14"))
    assert settlement is not None
    assert (finding.code, finding.severity, row_of(finding)) == ("settlement-ids-damaged", Severity.NOTICE, 4)
    settlement, (finding,) = read(changed(4, order_id="1,67824E+13"))
    assert settlement is not None
    assert (finding.code, finding.severity) == ("settlement-order-ids-damaged", Severity.BLOCKED)
    # Several columns are said once, at the first row.
    _, (finding,) = read(
        changed(4, order_item_code="1.12118E+14", merchant_order_item_id="1.1E+18", shipment_id="2.1E+17")
    )
    assert finding.code == "settlement-ids-damaged"
    assert all(name in finding.what for name in ("shipment-id", "order-item-code", "merchant-order-item-id"))
    # A SKU may look like anything.
    assert good(changed(4, sku="1E+3")).lines


def test_lines_outside_the_period_are_noticed() -> None:
    settlement, (finding,) = read(changed(4, posted_date="2026-09-12", posted_date_time="2026-09-12 18:32:18 UTC"))
    assert settlement is not None
    assert (finding.code, finding.severity, row_of(finding)) == (
        "settlement-lines-outside-period",
        Severity.NOTICE,
        4,
    )
    assert len(settlement.lines.sums(NO_ORDERS, NO_KINDS)) == 8


def test_a_currency_and_a_total_repeated_on_every_row_are_the_same_settlement() -> None:
    rows = [row | {"currency": "USD"} for row in ROWS]
    assert good(File(rows)).total.minor == 10563
    rows = [row | {"total-amount": "105.63"} for row in ROWS]
    assert good(File(rows)).total.minor == 10563


def test_reserves_count_like_any_row() -> None:
    rows = [
        summary("100.00"),
        other("150.00", "Previous Reserve Amount Balance", "2026-10-07 14:28:45 UTC"),
        other("-50.00", "Current Reserve Amount", "2026-10-21 14:28:46 UTC"),
    ]
    assert amounts(good(File(rows), country="US")) == [15000, -5000]


def test_same_document_same_findings() -> None:
    rows = [summary("1.00"), *(line(text) for text in ("x", "y", "1.234", "z"))]
    assert {str(refused(File(rows))) for _ in range(5)} == {str(refused(File(rows)))}
    assert row_of(refused(File(rows))) == 3
