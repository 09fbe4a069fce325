"""Copies of a store, its log, and what is found in the books when it is rebuilt."""

from collections.abc import Callable, Iterable
from pathlib import Path

from tests.errors.case import ErrorCase
from tests.faults.world import World, journal, two_settlements, world
from tests.orders.sale_world import sale_world
from tests.orders.test_settled_orders import settled, two_orders
from tieout.cli.store import broken_log, in_use, not_bound, of_server
from tieout.commands.rebuild import rebuild
from tieout.domain.company import Company
from tieout.domain.finding import Finding
from tieout.domain.posting_settings import FeeDocument, PostingSettings

ACME = Company("acme", "Acme", "US", "USD", store_url="postgresql://localhost/acme")


def _rebuilt(disturb: Callable[[World], None], *, lose: bool = True) -> Callable[[Path], Iterable[Finding]]:
    """Post, let somebody disturb the books, lose the store, rebuild."""

    def provoke(folder: Path) -> Iterable[Finding]:
        with world(folder) as there:
            there.post(two_settlements())
            disturb(there)
            if lose:
                there.lose_store()
            return there.rebuild().findings

    return provoke


def _rebuilt_with_an_item(folder: Path) -> Iterable[Finding]:
    """An expense of ours to which somebody added a line for goods bought."""
    with sale_world(folder, PostingSettings(fee_document=FeeDocument.EXPENSE)) as sales:
        sales.post(*two_orders())
        sales.settle(settled())
        (expense, *_) = sales.held("Purchase")
        account = {"value": expense["Line"][0]["AccountBasedExpenseLineDetail"]["AccountRef"]["value"]}
        bought = {"Name": "Tape", "Type": "NonInventory", "ExpenseAccountRef": account}
        item = sales.there.practice.create_as_person("Item", bought)["Id"]
        goods = {
            "DetailType": "ItemBasedExpenseLineDetail",
            "Amount": 5,
            "ItemBasedExpenseLineDetail": {"ItemRef": {"value": item}, "Qty": 1, "UnitPrice": 5},
        }
        changes = {"PaymentType": expense["PaymentType"], "Line": [*expense["Line"], goods]}
        sales.there.practice.edit_as_person("Purchase", expense["Id"], changes)
        for file in sales.there.folder.glob("books.sqlite3*"):
            file.unlink()
        with sales.there.process() as process:
            return rebuild(
                books=process.books,
                outbox=process.store.outbox,
                clock=sales.there.clock,
                company=sales.there.company,
                who="anna",
            ).findings


def _copy(there: World) -> None:
    entry = there.held()[2]
    copied = {name: entry[name] for name in ("DocNumber", "TxnDate", "PrivateNote", "Line")}
    there.practice.create_as_person("JournalEntry", copied)


def _renumber(there: World) -> None:
    there.practice.edit_as_person("JournalEntry", "3", {"DocNumber": "January fees"})


def _delete(there: World) -> None:
    there.practice.delete_as_person("JournalEntry", "3")


def _post_otherwise(there: World) -> None:
    """Somebody else's Tieout posted the same number with other content after ours was deleted."""
    _delete(there)
    other = journal("AMZ-333-1", {"Amazon Clearing": -300, "Amazon Odd Fees": 300})
    there.post([other])
    entry = next(each for each in there.held() if each["DocNumber"] == "AMZ-333-1") if len(there.held()) > 2 else None
    if entry is None:
        first = there.held()[0]
        note = "Amazon settlement 333 [AMZ-333-1; tieout:0123456789abcdef]"
        body = {"DocNumber": "AMZ-333-1", "TxnDate": "2026-02-28", "PrivateNote": note, "Line": first["Line"]}
        there.practice.create_as_person("JournalEntry", body)


CASES = [
    ErrorCase(
        "found-twice",
        "A document stands in the books more than once",
        "Somebody copied a document of ours in QuickBooks, marker and all. Which one is meant, a person has to say.",
        _rebuilt(_copy),
    ),
    ErrorCase(
        "found-without-number",
        "A document of ours has lost its number",
        "The number is what a document is known by. Somebody gave this one another number in QuickBooks.",
        _rebuilt(_renumber),
    ),
    ErrorCase(
        "found-with-other-content",
        "QuickBooks holds something else than the store knows",
        "The store knows a document under this number with other content. Rebuilding never changes what is known.",
        _rebuilt(_post_otherwise, lose=False),
    ),
    ErrorCase(
        "found-not-restored",
        "A document holds what none of ours does",
        "What stands in QuickBooks takes the place of the bytes that were sent and lost, to compare with later."
        " Somebody added something to this document that our documents never have, so that this is not possible.",
        _rebuilt_with_an_item,
    ),
    ErrorCase(
        "posted-not-found",
        "A posted document is not in the books",
        "It was deleted in QuickBooks, or the private note with our marker was.",
        _rebuilt(_delete, lose=False),
    ),
    ErrorCase(
        "book-not-bound",
        "A workbook is not of this company's store",
        "A workbook belongs to one store. After the store was lost it can be bound to the one in its place, and to no"
        " other: what the workbook shows as posted would not be what this company posted.",
        lambda _: [not_bound(ACME, "beta-1a2b3c4d", "")],
    ),
    ErrorCase(
        "backup-of-server",
        "A store on a server is not a file",
        "A team's store is a PostgreSQL database, which is copied and put back by PostgreSQL's own tools.",
        lambda _: [of_server(ACME)],
    ),
    ErrorCase(
        "restore-while-posting",
        "Somebody is posting",
        "A store is not replaced under somebody's hands.",
        lambda _: [in_use(ACME)],
    ),
    ErrorCase(
        "activity-log-broken",
        "The activity log was changed",
        "Every entry of the log holds the hash of the one before, so that a changed or missing one is found.",
        lambda _: [broken_log(12)],
    ),
]
