"""Exact bytes out, exact amounts in."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faults.world import journal
from tieout.domain.account import Account, Group
from tieout.domain.books import differences
from tieout.domain.journal import Journal, JournalLine, Side
from tieout.domain.money import InexactAmount, Money
from tieout.parse.exact_json import read_json
from tieout.ports import JournalNames
from tieout.quickbooks import decode, encode
from tieout.quickbooks.exact_json import amount, write_json

NAMES = JournalNames({"Business Checking": "35", "Amazon Sales": "79"}, {"0.0% Z": "4"}, {"Amazon US": "8"})
SALE = journal("AMZ-24288684721-1", {"Business Checking": 197717, "Amazon Sales": -197717})


def test_a_journal_is_these_bytes_and_no_others() -> None:
    body = encode.journal_entry(SALE, SALE.day, "note", NAMES, multicurrency=False)
    assert body.decode() == (
        '{"DocNumber":"AMZ-24288684721-1","TxnDate":"2026-01-31","PrivateNote":"note","Line":['
        '{"Amount":1977.17,"Description":"Business Checking of AMZ-24288684721-1",'
        '"DetailType":"JournalEntryLineDetail",'
        '"JournalEntryLineDetail":{"PostingType":"Debit","AccountRef":{"value":"35"}}},'
        '{"Amount":1977.17,"Description":"Amazon Sales of AMZ-24288684721-1",'
        '"DetailType":"JournalEntryLineDetail",'
        '"JournalEntryLineDetail":{"PostingType":"Credit","AccountRef":{"value":"79"}}}]}'
    )


def test_the_currency_stands_only_where_there_are_several() -> None:
    body = encode.journal_entry(SALE, SALE.day, "note", NAMES, multicurrency=True)
    assert b'"CurrencyRef":{"value":"USD"}' in body
    assert b"ExchangeRate" not in body


def test_a_tax_code_and_a_class_stand_where_the_line_states_them() -> None:
    first, second = SALE.lines
    stated = replace(first, tax_code="0.0% Z", class_name="Amazon US", group=Group.SALES)
    body = encode.journal_entry(replace(SALE, lines=(stated, second)), SALE.day, "", NAMES, multicurrency=False)
    detail = read_json(body)["Line"][0]["JournalEntryLineDetail"]
    assert detail["ClassRef"] == {"value": "8"}
    assert (detail["TaxCodeRef"], detail["TaxApplicableOn"], detail["TaxAmount"]) == ({"value": "4"}, "Sales", 0)
    assert "TaxCodeRef" not in read_json(body)["Line"][1]["JournalEntryLineDetail"]


def test_yen_have_no_places_and_lines_of_zero_are_not_sent() -> None:
    lines = (
        JournalLine(Side.DEBIT, Money(1500, "JPY"), "Business Checking", Group.BANK, "deposit"),
        JournalLine(Side.CREDIT, Money(1500, "JPY"), "Amazon Sales", Group.SALES, "sales"),
        JournalLine(Side.CREDIT, Money(0, "JPY"), "Amazon Sales", Group.SALES, "a fee and its reversal"),
    )
    body = encode.journal_entry(Journal("A-1", SALE.day, "JPY", "", lines, "1"), SALE.day, "", NAMES, True)
    assert body.count(b'"Amount":1500,') == 2
    assert b"reversal" not in body


def test_an_account_is_made_with_what_the_chart_says() -> None:
    made = read_json(encode.account(Account("sales", "Amazon Sales", "Income", "SalesOfProductIncome")))
    assert made == {"Name": "Amazon Sales", "AccountType": "Income", "AccountSubType": "SalesOfProductIncome"}


def test_a_float_is_never_written() -> None:
    with pytest.raises(TypeError):
        write_json({"Amount": 1.1})


@given(st.lists(st.integers(1, 10**11), min_size=1, max_size=8), st.sampled_from(["USD", "GBP", "JPY"]))
@settings(max_examples=60)
def test_what_is_sent_is_what_is_read(minors: list[int], currency: str) -> None:
    lines = [
        JournalLine(Side.DEBIT, Money(m, currency), "Business Checking", Group.BANK, "é\n\u2003“x”") for m in minors
    ]
    lines.append(JournalLine(Side.CREDIT, Money(sum(minors), currency), "Amazon Sales", Group.SALES, "sum"))
    sent = Journal("A-1", SALE.day, currency, "", tuple(lines), "1")
    body = encode.journal_entry(sent, SALE.day, "note", NAMES, multicurrency=True)
    read = decode.journal_entry(read_json(body), "USD")
    assert [line.amount for line in read.lines] == [line.amount for line in sent.lines]
    assert read.total == sent.debits
    assert differences(read, read, {}) == ()


@pytest.mark.parametrize(
    ("text", "minor"),
    [("12.5", 1250), ("12", 1200), ("1E+2", 10000), ("0.10", 10), ("1234567890.12", 123456789012), ("-3.00", -300)],
)
def test_amounts_are_read_exactly(text: str, minor: int) -> None:
    assert amount(Decimal(text), "USD") == Money(minor, "USD")


def test_an_amount_with_too_many_places_is_no_amount() -> None:
    with pytest.raises(InexactAmount):
        amount(Decimal("1.005"), "USD")


def test_a_line_of_words_only_is_not_a_line_of_money() -> None:
    found = {
        "TxnDate": "2026-01-31",
        "Line": [{"Description": "please note", "DetailType": "DescriptionOnly"}],
    }
    assert decode.journal_entry(found, "USD").lines == ()


def test_a_document_without_a_date_is_unreadable() -> None:
    with pytest.raises(decode.UnreadableAnswer):
        decode.journal_entry({"Id": "7", "Line": []}, "USD")


def test_differences_are_told_line_by_line() -> None:
    sent = decode.journal_entry(read_json(encode.journal_entry(SALE, SALE.day, "note", NAMES, False)), "USD")
    bank, sales = sent.lines
    held = replace(
        sent, day=date(2026, 2, 1), lines=(replace(bank, amount=Money(1, "USD")), replace(sales, account_id="5"))
    )
    assert differences(sent, held, {"35": "Business Checking", "79": "Amazon Sales", "5": "Other Income"}) == (
        "its date is 2026-02-01 instead of 2026-01-31",
        "Debit USD 0.01 to Business Checking (Business Checking of AMZ-24288684721-1) instead of Debit USD 1977.17",
        "missing: Credit USD 1977.17 to Amazon Sales (Amazon Sales of AMZ-24288684721-1)",
        "not ours: Credit USD 1977.17 to Other Income (Amazon Sales of AMZ-24288684721-1)",
    )


def test_a_tax_code_that_the_books_add_is_a_difference_once_somebody_touched_the_document() -> None:
    sent = decode.journal_entry(read_json(encode.journal_entry(SALE, SALE.day, "note", NAMES, False)), "USD")
    coded = replace(sent, lines=tuple(replace(line, tax_code_id="4") for line in sent.lines))
    assert differences(sent, coded, {}, untouched=True) == ()
    assert len(differences(sent, coded, {})) == 2
    assert len(differences(coded, sent, {}, untouched=True)) == 2


def test_space_and_order_are_no_differences() -> None:
    sent = decode.journal_entry(read_json(encode.journal_entry(SALE, SALE.day, "a  note", NAMES, False)), "USD")
    assert differences(sent, replace(sent, note="a note ", lines=sent.lines[::-1]), {}) == ()
