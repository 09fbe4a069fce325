"""Presses "Post to QuickBooks" in a process of its own, which can be killed for real: `press.py FOLDER ADDRESS`."""

import json
import sys
from pathlib import Path

from tests.faults.world import two_settlements
from tieout.clock import SystemClock
from tieout.commands.post_journals import post_journals
from tieout.domain.company import Company, QuickBooksAddress
from tieout.quickbooks.opening import open_books
from tieout.rules.charts import load_chart
from tieout.secrets import PracticeVault
from tieout.store.company_store import CompanyStore, open_store


def press(folder: Path, address: QuickBooksAddress) -> bool:
    """Post the two settlements; whether all of it is posted."""
    clock = SystemClock()
    store = open_store(folder / "books.sqlite3", clock)
    assert isinstance(store, CompanyStore)
    with store:
        books = open_books(address, PracticeVault(folder, clock), clock, folder=folder)
        report = post_journals(
            two_settlements(),
            books=books,
            outbox=store.outbox,
            chart=load_chart("US"),
            clock=clock,
            company=Company("acme", "Acme", "US", "USD", practice=True, quickbooks=address),
            who="ben",
            create_accounts=True,
        )
        books.close()
    return report.complete


if __name__ == "__main__":
    sys.exit(0 if press(Path(sys.argv[1]), QuickBooksAddress(**json.loads(sys.argv[2]))) else 1)
