"""IIF files for QuickBooks Desktop: exact bytes, on accounts of an uploaded chart alone."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.in_memory import Row, settlement
from tests.rules.settled_shapes import DAY, drafted, order_rows
from tieout.domain.account import Group
from tieout.domain.desktop_chart import DesktopAccount, DesktopChart
from tieout.domain.document import Document
from tieout.domain.draft import Draft
from tieout.domain.expense import Expense
from tieout.domain.finding import Finding
from tieout.domain.journal import Journal, JournalLine, Side
from tieout.domain.money import Money
from tieout.domain.posting_settings import FeeDocument, PostingSettings
from tieout.domain.settings import SettlementSettings
from tieout.parse.desktop_chart import read_desktop_chart
from tieout.quickbooks.iif import ENCODING, desktop_number, iif_file
from tieout.rules.charts import load_chart
from tieout.rules.draft_settlement import draft_settlement
from tieout.rules.mapping import Mapping

UPLOADED = (
    b"!HDR\tPROD\tVER\r\nHDR\tQuickBooks Pro\t33\r\n"
    b"!ACCNT\tNAME\tREFNUM\tACCNTTYPE\tDESC\r\n"
    b"ACCNT\tBusiness Checking\t1\tBANK\t\r\n"
    b'ACCNT\tAmazon:AMAZON SALES\t2\tINC\t"our sales"\r\n'
    b"ACCNT\tAmazon Sales\t3\tINC\t\r\n"
    b"ACCNT\tAccounts Payable\t4\tAP\t\r\n"
    b"ACCNT\tAmazon Storage Fees\t5\tEXP\t\r\nACCNT\tAmazon Clearing\t6\tBANK\t\r\n"
)


def chart(content: bytes = UPLOADED, name: str = "chart.iif") -> DesktopChart:
    found = read_desktop_chart(Document.of(name, content))
    assert isinstance(found, DesktopChart), found
    return found


def journal(*amounts: tuple[str, int], text: str = "sales") -> Journal:
    lines = tuple(
        JournalLine(
            Side.DEBIT if minor > 0 else Side.CREDIT,
            Money(abs(minor), "USD"),
            account,
            Group.SALES,
            text,
            class_name="Web" if minor < 0 else "",
        )
        for account, minor in amounts
    )
    return Journal("AMZ-24288684721-1", date(2026, 1, 31), "USD", "Amazon settlement", lines, "24288684721")


def written(*drafts: Draft, on: DesktopChart | None = None) -> bytes:
    content, findings = iif_file(drafts, on or chart(), "USD")
    assert content is not None, findings
    return content


def problems(*drafts: Draft, on: DesktopChart | None = None, home: str = "USD") -> list[str]:
    content, findings = iif_file(drafts, on or chart(), home)
    assert content is None
    return [finding.code for finding in findings]


def test_a_journal_is_these_bytes() -> None:
    content = written(journal(("business checking", 1500), ("Amazon Sales", -1500), ("Amazon Sales", 0)))
    assert content == (
        b"!TRNS\tTRNSID\tTRNSTYPE\tDATE\tACCNT\tNAME\tCLASS\tAMOUNT\tDOCNUM\tMEMO\r\n"
        b"!SPL\tSPLID\tTRNSTYPE\tDATE\tACCNT\tNAME\tCLASS\tAMOUNT\tDOCNUM\tMEMO\r\n"
        b"!ENDTRNS\r\n"
        b"TRNS\t\tGENERAL JOURNAL\t01/31/2026\tBusiness Checking\t\t\t15.00\tB5OUT2P-1\t"
        b"AMZ-24288684721-1 Amazon settlement\r\n"
        b"SPL\t\tGENERAL JOURNAL\t01/31/2026\tAmazon Sales\t\tWeb\t-15.00\tB5OUT2P-1\tsales\r\n"
        b"ENDTRNS\r\n"
    )


def test_a_bill_stands_in_payables_and_an_expense_in_its_account() -> None:
    given_settlement = settlement([Row(DAY, ("other-transaction", "other-transaction", "Storage Fee"), -1200)])
    for kind, first in (
        (FeeDocument.BILL, b"TRNS\t\tBILL\t01/31/2026\tAccounts Payable\tAmazon\t\t-12.00\t"),
        (FeeDocument.EXPENSE, b"TRNS\t\tCHECK\t01/31/2026\tAmazon Clearing\tAmazon\t\t-12.00\t"),
    ):
        draft = drafted(given_settlement, (), None, PostingSettings(fee_document=kind))
        (expense,) = (each for each in draft.documents if isinstance(each, Expense))
        content = written(replace(expense, day=date(2026, 1, 31)))
        assert first in content
        assert b"SPL\t\t" in content
        assert content.count(b"\t12.00\t") == 1


def test_signs_that_iif_has_no_escape_for_are_replaced() -> None:
    content = written(journal(("Business Checking", 100), ("Amazon Sales", -100), text='a\t"b"\r\nc € 日本'))
    assert "SPL\t\tGENERAL JOURNAL\t01/31/2026\tAmazon Sales\t\tWeb\t-1.00" in content.decode(ENCODING)
    assert content.decode(ENCODING).splitlines()[4].endswith("a 'b' c € ??")


def test_only_accounts_of_the_upload() -> None:
    assert problems(journal(("Business Checking", 100), ("Amazon Fees", -100))) == ["iif-account-unknown"]
    without_payables = DesktopChart((DesktopAccount("Amazon Storage Fees", "EXP"),))
    given_settlement = settlement([Row(DAY, ("other-transaction", "other-transaction", "Storage Fee"), -1200)])
    draft = drafted(given_settlement, (), None, PostingSettings(fee_document=FeeDocument.BILL))
    bills = [each for each in draft.documents if isinstance(each, Expense)]
    assert problems(*bills, on=without_payables) == ["iif-account-unknown"]


def test_an_account_that_the_code_page_lacks_is_refused() -> None:
    foreign = DesktopChart((DesktopAccount("銀行", "BANK"), DesktopAccount("Amazon Sales", "INC")))
    assert problems(journal(("銀行", 100), ("Amazon Sales", -100)), on=foreign) == ["iif-account-unknown"]


def test_other_currencies_and_other_kinds_are_refused() -> None:
    plain = journal(("Business Checking", 100), ("Amazon Sales", -100))
    assert problems(plain, home="EUR") == ["iif-currency-not-home"]
    draft = drafted(settlement(order_rows("113-1", -500, occasion="Refund")))
    assert set(problems(*draft.documents)) >= {"iif-kind-not-written"}


def test_nothing_to_write_is_no_file() -> None:
    assert iif_file([journal()], chart(), "USD") == (None, ())


def test_a_whole_settlement_adds_up_to_zero_in_the_file() -> None:
    us = load_chart("US")
    rows = [*order_rows("113-1", 2000, tax=160, withheld=-160, fee=-300), *order_rows("113-2", 700)]
    journals = draft_settlement(settlement(rows), Mapping(us), us, SettlementSettings()).journals
    desktop = DesktopChart(tuple(DesktopAccount(each.name, "") for each in us.accounts))
    lines = [line.split("\t") for line in written(*journals, on=desktop).decode(ENCODING).split("\r\n")]
    amounts = [Money.parse(line[7], "USD") for line in lines if line[0] in {"TRNS", "SPL"}]
    assert len(amounts) == sum(len(each.posted_lines) for each in journals)
    assert not Money.total(amounts, "USD")


@pytest.mark.parametrize(
    ("number", "told"),
    [("AMZ-1-1J", "AMZ-1-1J"), ("AMZ-24288684721-1J", "B5OUT2P-1J"), ("AMZ-HABCDEFGHIJ-12P", None)],
)
def test_numbers_of_desktop(number: str, told: str | None) -> None:
    assert told is None or desktop_number(number) == told
    assert re.fullmatch(r"[A-Z0-9-]{1,11}", desktop_number(number))


@given(st.integers(10**10, 10**11 - 1), st.integers(1, 9), st.integers(10**10, 10**11 - 1))
@settings(max_examples=60, deadline=None)
def test_numbers_of_desktop_don_t_meet(first: int, part: int, second: int) -> None:
    same = first == second
    assert (desktop_number(f"AMZ-{first}-{part}J") == desktop_number(f"AMZ-{second}-{part}J")) is same


def test_charts_as_tables() -> None:
    table = b"Account,Type,Balance Total\nBusiness Checking,Bank,1\nPayables,Accounts Payable,0\n,,\nOdd,Strange,0\n"
    found = chart(table, "accounts.csv")
    assert found.accounts == (
        DesktopAccount("Business Checking", "BANK"),
        DesktopAccount("Payables", "AP"),
        DesktopAccount("Odd", "STRANGE"),
    )
    assert found.payable() == "Payables"
    assert chart().spelling("amazon:amazon sales") == "Amazon:AMAZON SALES"
    assert chart().spelling("Nothing") is None


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"!ACCNT\tREFNUM\r\nACCNT\t1\r\n"])
def test_what_is_no_chart(content: bytes) -> None:
    found = read_desktop_chart(Document.of("chart.iif", content))
    assert isinstance(found, Finding)
    assert found.code in {"desktop-chart-unreadable", "file-empty"}
