"""Documents that were not posted, not simply posted, or not undone."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

from tests.errors.case import ErrorCase
from tests.faults.world import Effects, Killed, World, journal, two_settlements, world
from tieout.domain.company import Company
from tieout.domain.finding import Finding
from tieout.domain.journal import Journal
from tieout.practice.quickbooks import PracticeQuickBooks

CREATE = {"op": "create", "entity": "JournalEntry"}
SALE = {"Business Checking": 2500, "Amazon Sales": -2500}
Change = Callable[[World], object]


def _nothing(_: World) -> None:
    return None


def _post(
    *journals: Journal, before: Change = _nothing, create: bool = True, **practice: Any
) -> Callable[[Path], Iterable[Finding]]:
    """Post in a fresh company, after something was done there."""

    def provoke(folder: Path) -> Iterable[Finding]:
        with world(folder, **practice) as there:
            before(there)
            return there.post(list(journals) or two_settlements(), create_accounts=create).findings

    return provoke


def _post_twice(between: Change, again: list[Journal] | None = None) -> Callable[[Path], Iterable[Finding]]:
    """Post, with the answer to the first document lost; let something happen; post again."""

    def provoke(folder: Path) -> Iterable[Finding]:
        with world(folder) as there:
            try:
                there.post([journal("AMZ-444-1", SALE)], _Dies())
            except Killed:
                between(there)
            return there.post([journal("AMZ-444-1", SALE)]).findings

    return provoke


class _Dies(Effects):
    """Dies when the first document was sent and taken."""

    def around(self, what: str, effect: Callable[[], Any]) -> Any:
        result = super().around(what, effect)
        if what == "send journalentry":
            self.dead = True
            raise Killed(what)
        return result


def _undo(before: Change) -> Callable[[Path], Iterable[Finding]]:
    """Post, let something happen, undo."""

    def provoke(folder: Path) -> Iterable[Finding]:
        with world(folder) as there:
            there.post([journal("AMZ-444-1", SALE)])
            before(there)
            return there.undo(["444"]).findings

    return provoke


def _other_content(folder: Path) -> Iterable[Finding]:
    with world(folder) as there:
        there.post([journal("AMZ-444-1", SALE)])
        return there.post([journal("AMZ-444-1", {"Business Checking": 2600, "Amazon Sales": -2600})]).findings


def _only(there: World) -> dict[str, Any]:
    (entry,) = there.held()
    return entry


def _edit(there: World) -> None:
    entry = _only(there)
    for line in entry["Line"]:
        line["Amount"] += 1
    there.practice.edit_as_person("JournalEntry", entry["Id"], {"Line": entry["Line"]})


def _copy(there: World, *fields: str) -> None:
    entry = _only(there)
    there.practice.create_as_person("JournalEntry", {name: entry[name] for name in fields})


def _theirs(there: World) -> None:
    there.practice.create_as_person("JournalEntry", _two_lines("AMZ-222-1"))


def _two_lines(number: str) -> Mapping[str, Any]:
    sides = (("Debit", "1"), ("Credit", "9"))
    lines = [
        {
            "Amount": 5,
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": account}},
        }
        for side, account in sides
    ]
    return {"DocNumber": number, "TxnDate": "2026-01-05", "Line": lines}


def _deletes_everything(practice: PracticeQuickBooks) -> None:
    for entry in practice.transactions("JournalEntry"):
        practice.delete_as_person("JournalEntry", entry["Id"])


def _account(name: str, kind: str, detail: str, **fields: Any) -> Change:
    body = {"Name": name, "AccountType": kind, "AccountSubType": detail, **fields}
    return lambda there: there.practice.create_as_person("Account", body)


def _two_of_a_name(there: World) -> None:
    for parent in ("1", "9"):
        kind = {"1": ("Bank", "Checking"), "9": ("Income", "SalesOfProductIncome")}[parent]
        _account("Amazon Odd Fees", *kind, ParentRef={"value": parent}, SubAccount=True)(there)


def _forget_the_draft(there: World) -> None:
    with closing(sqlite3.connect(there.folder / "books.sqlite3")) as database:
        database.execute("DELETE FROM drafts")
        database.commit()
    there.practice.close_books(date(2026, 2, 28))


def _other_realm(folder: Path) -> Iterable[Finding]:
    with world(folder) as there:
        address = replace(there.address, realm_id="9130000000000001")
        there.company = Company("acme", "Acme", "US", "USD", practice=True, quickbooks=address)
        return there.post(two_settlements()).findings


def _another_writer(folder: Path) -> Iterable[Finding]:
    with (
        mock.patch("tieout.store.lease.platform.node", return_value="desk-3"),
        world(folder) as there,
        there.process() as other,
        other.store.outbox.writer("ben"),
    ):
        return there.post(two_settlements()).findings


def _too_long(folder: Path) -> Iterable[Finding]:
    with mock.patch("tieout.commands.preflight.QUICKBOOKS_JOURNAL_LINES_MAX", 1):
        return _post(journal("AMZ-444-1", SALE))(folder)


def _coded(tax_code: str = "", class_name: str = "") -> Journal:
    plain = journal("AMZ-444-1", SALE)
    lines = tuple(replace(line, tax_code=tax_code, class_name=class_name) for line in plain.lines)
    return replace(plain, lines=lines)


PREFLIGHT = [
    ErrorCase(
        "wrong-company",
        "The connection is to another company than the store",
        "A store and a workbook belong to one company in QuickBooks, for good. Nothing is ever sent to another one,"
        " even if the same person may sign in to both.",
        _other_realm,
    ),
    ErrorCase(
        "account-missing",
        "An account that QuickBooks lacks",
        "Accounts are made only when you agree. A typing error in a fee mapping would otherwise become an account.",
        _post(create=False),
    ),
    ErrorCase(
        "account-inactive",
        "An account that is inactive in QuickBooks",
        "QuickBooks takes no documents on inactive accounts, and another account of the same name is not made.",
        _post(before=lambda there: there.practice.inactivate_account("Business Checking")),
    ),
    ErrorCase(
        "account-ambiguous",
        "Several accounts of one name",
        "Accounts below others may share their last name. Which one is meant is not guessed.",
        _post(before=_two_of_a_name),
    ),
    ErrorCase(
        "account-needs-a-name",
        "Receivables or payables in a settlement",
        "QuickBooks wants a customer or vendor on each such line; a settlement names neither.",
        _post(
            journal("AMZ-444-1", {"Business Checking": 2500, "Debtors": -2500}),
            before=_account("Debtors", "Accounts Receivable", "AccountsReceivable"),
        ),
    ),
    ErrorCase(
        "account-of-other-type",
        "An account of an unexpected type",
        "The account is used as it is; its type decides whether the money stands in profit and loss or in the"
        " balance sheet.",
        _post(before=_account("Amazon Odd Fees", "Income", "OtherPrimaryIncome")),
    ),
    ErrorCase(
        "account-of-other-currency",
        "An account in a third currency",
        "A journal in QuickBooks may touch accounts in its own currency and in the home currency, and no others.",
        _post(
            journal("AMZ-444-1", {"Euro account": 2500, "Amazon Sales": -2500}),
            before=_account("Euro account", "Bank", "Checking", CurrencyRef={"value": "EUR"}),
        ),
    ),
    ErrorCase(
        "currency-not-on",
        "A settlement in a currency that the books don't have",
        "A company in QuickBooks has one currency until several are turned on, which can't be taken back.",
        _post(journal("AMZ-444-1", SALE, currency="EUR"), multicurrency=False),
    ),
    ErrorCase(
        "period-closed",
        "A journal in a closed period",
        "Nothing posts into a closed period. You choose: the first open day, or to move the closing date.",
        _post(before=lambda there: there.practice.close_books(date(2026, 1, 31))),
    ),
    ErrorCase(
        "number-not-usable",
        "A number that QuickBooks can't hold",
        "The number of a document is made from Amazon's settlement id, which has digits only.",
        _post(journal("AMZ-24288_x-1", SALE)),
    ),
    ErrorCase(
        "journal-too-long",
        "A journal with very many lines",
        "A request to QuickBooks has to be done in 120 seconds. A settlement by fee names has 20 to 60 lines.",
        _too_long,
    ),
    ErrorCase(
        "tax-code-unknown",
        "A tax code that QuickBooks lacks",
        "Tax codes are those of your company, by their names.",
        _post(_coded(tax_code="21% S"), country="GB", home_currency="USD"),
    ),
    ErrorCase(
        "tax-code-with-rate",
        "A tax code that would add tax",
        "Tax in a settlement is taken from Amazon's own rows and has its own lines; a code with a rate would need a"
        " tax amount on top of each line.",
        _post(_coded(tax_code="20.0% S"), country="GB", home_currency="USD"),
    ),
    ErrorCase(
        "class-unknown",
        "A class that QuickBooks lacks",
        "Classes are those of your company, by their whole names.",
        _post(_coded(class_name="Amazon US")),
    ),
]

POSTING = [
    ErrorCase(
        "another-writer",
        "Somebody else is posting",
        "One person posts for a company at a time, on all machines together, so that nothing is posted twice.",
        _another_writer,
    ),
    ErrorCase(
        "number-of-another-document",
        "Somebody else's document under our number",
        "Before anything is sent, QuickBooks is asked for the number. A document there that was not made from this"
        " draft is never touched.",
        _post(before=_theirs),
    ),
    ErrorCase(
        "number-shared",
        "Our document, and another of the same number",
        "Ours is in the books once, as it should be. The other one may confuse a reader.",
        _post_twice(lambda there: there.practice.create_as_person("JournalEntry", _two_lines("AMZ-444-1"))),
    ),
    ErrorCase(
        "posted-twice",
        "Our document more than once",
        "Somebody copied it, or two programs posted at once. Which one stays is a person's decision.",
        _post_twice(lambda there: _copy(there, "DocNumber", "TxnDate", "PrivateNote", "Line")),
    ),
    ErrorCase(
        "changed-in-quickbooks",
        "A document that was changed in QuickBooks",
        "What was posted is compared with what QuickBooks holds, line by line. A change somebody made there is"
        " neither overwritten nor deleted.",
        _undo(_edit),
    ),
    ErrorCase(
        "posting-vanished",
        "A document that QuickBooks takes and does not keep",
        "Each document is read back after it was posted. This one was gone each time.",
        _post(
            faults=[
                {"match": {"op": "read", "entity": "JournalEntry", "times": 0}, "do": _deletes_everything},
            ]
        ),
    ),
    ErrorCase(
        "earlier-part-not-posted",
        "A part that waits for an earlier one",
        "The journals of one settlement carry money forward to each other, so they are posted in order.",
        _post(faults=[{"match": CREATE, "do": "fault_in_200"}]),
    ),
    ErrorCase(
        "posted-with-other-content",
        "A settlement that was posted otherwise",
        "One settlement posts once. If a mapping or setting changes afterwards, what is in the books stays until you"
        " undo it.",
        _other_content,
    ),
]

UNDO = [
    ErrorCase(
        "nothing-to-undo",
        "Nothing is posted under a number",
        "Only what Tieout posted, and what is not undone yet, can be undone.",
        lambda folder: _undo_unknown(folder),
    ),
    ErrorCase(
        "deleted-in-quickbooks",
        "Somebody deleted it in QuickBooks",
        "It counts as undone.",
        _undo(lambda there: there.practice.delete_as_person("JournalEntry", _only(there)["Id"])),
    ),
    ErrorCase(
        "reversed-instead-of-deleted",
        "Undone by a reversing journal",
        "A document in a closed period can't be deleted; a journal on the first open day takes it back.",
        _undo(lambda there: there.practice.close_books(date(2026, 2, 28))),
    ),
    ErrorCase(
        "draft-missing",
        "A closed period, and no draft to reverse",
        "A reversing journal is made from the draft in the store. A store that was rebuilt from QuickBooks lacks it.",
        _undo(_forget_the_draft),
    ),
]


def _undo_unknown(folder: Path) -> Iterable[Finding]:
    with world(folder) as there:
        return there.undo(["24288684721"]).findings


CASES = [*PREFLIGHT, *POSTING, *UNDO]
