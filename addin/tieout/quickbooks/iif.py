"""IIF files for QuickBooks Desktop: journals, bills and checks, only on accounts of an uploaded chart.

Desktop's import knows no undo, sees no duplicates, and makes an account of any name it does not know, of the wrong
type; so a file is written whole, or not at all. Tab separated, lines ended by CR LF, in Windows' code page 1252,
without quotes; debits are positive. A number in Desktop has 11 characters: a longer one is written shorter, and whole
in the memo. Sources: Intuit, "IIF reference: transactions"; samples in public repositories.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tieout.domain.desktop_chart import DesktopChart
from tieout.domain.draft import Draft, entity_of, is_empty, subject_of
from tieout.domain.expense import Expense, ExpenseKind
from tieout.domain.finding import Finding, Severity
from tieout.domain.journal import Journal
from tieout.domain.money import Money

ENCODING = "cp1252"
NUMBER_CHARACTERS_MAX = 11  # Desktop's RefNumber (Intuit, qbXML: JournalEntryAdd, BillAdd)
_COLUMNS = ("TRNSTYPE", "DATE", "ACCNT", "NAME", "CLASS", "AMOUNT", "DOCNUM", "MEMO")
_NUMBER = re.compile(r"[A-Z]{0,4}-?(\d+)-([0-9A-Z]+)\Z", re.ASCII)
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class _Line:
    account: str
    amount: Money
    memo: str
    name: str = ""
    class_name: str = ""


def iif_file(
    drafts: Sequence[Draft], chart: DesktopChart, home_currency: str
) -> tuple[bytes | None, tuple[Finding, ...]]:
    """The file of some drafts; None, and the findings, where one of them can't be written as it is."""
    written = [draft for draft in drafts if not is_empty(draft)]
    findings = tuple(
        dict.fromkeys(finding for draft in written for finding in _problems(draft, chart, home_currency))
    )
    if findings or not written:
        return None, findings
    head = ["\t".join((f"!{kind}", identity, *_COLUMNS)) for kind, identity in (("TRNS", "TRNSID"), ("SPL", "SPLID"))]
    lines = [*head, "!ENDTRNS", *(line for draft in written for line in _block(draft, chart))]
    return "".join(f"{line}\r\n" for line in lines).encode(ENCODING, errors="replace"), ()


def desktop_number(doc_number: str) -> str:
    """A number of at most 11 characters: as it is, the id in base 36 and its part, or the beginning of its hash."""
    if len(doc_number) <= NUMBER_CHARACTERS_MAX:
        return doc_number
    found = _NUMBER.match(doc_number)
    if found is not None:
        short = f"{_base36(int(found[1]))}-{found[2]}"
        if len(short) <= NUMBER_CHARACTERS_MAX:
            return short
    digest = hashlib.sha256(doc_number.encode("utf-8")).digest()
    return base64.b32encode(digest).decode("ascii")[:NUMBER_CHARACTERS_MAX]


def _block(draft: Draft, chart: DesktopChart) -> Iterator[str]:
    kind, lines = _lines(draft, chart)
    number, day = desktop_number(draft.doc_number), draft.day.strftime("%m/%d/%Y")
    for position, line in enumerate(lines):
        memo = f"{draft.doc_number} {line.memo}" if position == 0 else line.memo
        fields = (kind, day, line.account, line.name, line.class_name, line.amount.decimal, number, memo)
        yield "\t".join(("TRNS" if position == 0 else "SPL", "", *(_plain(field) for field in fields)))
    yield "ENDTRNS"


def _lines(draft: Draft, chart: DesktopChart) -> tuple[str, list[_Line]]:
    """Kind and lines of a draft, which add up to zero; the first is the transaction's own."""
    if isinstance(draft, Journal):
        lines = [
            _Line(
                _spelled(line.account, chart),
                Money(line.signed_minor, draft.currency),
                line.description,
                class_name=line.class_name,
            )
            for line in draft.posted_lines
        ]
        return "GENERAL JOURNAL", [_Line(lines[0].account, lines[0].amount, draft.memo, "", lines[0].class_name),
                                   *lines[1:]]  # fmt: skip
    assert isinstance(draft, Expense), "_problems refuses the other kinds"
    bill = draft.kind is ExpenseKind.BILL
    money = chart.payable() if bill else _spelled(draft.paid_from, chart)
    first = _Line(money or "", -draft.total, draft.memo, draft.vendor)
    costs = [
        _Line(_spelled(line.account, chart), line.amount, line.description, class_name=line.class_name)
        for line in draft.posted_lines
    ]
    return "BILL" if bill else "CHECK", [first, *costs]


def _problems(draft: Draft, chart: DesktopChart, home_currency: str) -> Iterator[Finding]:
    if not isinstance(draft, Journal | Expense):
        yield _other_kind(draft)
        return
    if draft.currency != home_currency:
        yield _foreign(draft, home_currency)
    accounts = {line.account for line in draft.posted_lines}
    if isinstance(draft, Expense) and draft.kind is not ExpenseKind.BILL:
        accounts.add(draft.paid_from)
    for name in sorted(accounts):
        spelled = chart.spelling(name)
        if spelled is None or not _encodable(spelled):
            yield _unknown_account(name)
    if isinstance(draft, Expense) and draft.kind is ExpenseKind.BILL and chart.payable() is None:
        yield _unknown_account("Accounts Payable")


def _spelled(name: str, chart: DesktopChart) -> str:
    spelled = chart.spelling(name)
    assert spelled is not None, "_problems refuses accounts that the chart lacks"
    return spelled


def _plain(text: str) -> str:
    """A field without tabs, line breaks and quotes, which have no escape in IIF."""
    return " ".join(text.split()).replace('"', "'")


def _encodable(text: str) -> bool:
    try:
        return _plain(text).encode(ENCODING) is not None and _plain(text) == text
    except UnicodeEncodeError:
        return False


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _other_kind(draft: Draft) -> Finding:
    return Finding(
        code="iif-kind-not-written",
        severity=Severity.BLOCKED,
        what=f"{entity_of(draft)} {draft.doc_number} can't go into an IIF file: journals, bills and checks can.",
        to_do="Choose the method Settlement summary for files to QuickBooks Desktop.",
        subject=subject_of(draft),
    )


def _foreign(draft: Draft, home_currency: str) -> Finding:
    return Finding(
        code="iif-currency-not-home",
        severity=Severity.BLOCKED,
        what=f"{draft.doc_number} is in {draft.currency}; IIF files carry amounts in {home_currency} only.",
        to_do="Enter it in QuickBooks Desktop by hand, with its rate.",
        subject=subject_of(draft),
    )


def _unknown_account(name: str) -> Finding:
    return Finding(
        code="iif-account-unknown",
        severity=Severity.BLOCKED,
        what=f"The uploaded chart of accounts has no account {name}, or not one that an IIF file can name.",
        to_do="Make the account in QuickBooks Desktop and upload the chart again, or choose another in Fee Mappings.",
        subject=name,
    )
