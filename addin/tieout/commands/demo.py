"""The demo: a practice seller's month, made by pressing the workbook's buttons, and proved in another workbook.

The month comes from practice Amazon by its API, orders and settlements, and goes to practice QuickBooks. Two things
are planted, because they happen: two items in QuickBooks with one SKU, which somebody puts right on the way, and a
fee that nobody knows, which stays a question.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tieout.commands.demo_trouble import two_items_of_one_sku
from tieout.commands.post_settlements import POSTED, PostedSettlements
from tieout.commands.practice_servers import PracticeServers, PracticeWorld, run_practice_servers
from tieout.commands.presses.press import Outcome, PressStore
from tieout.commands.presses.run import Opened, Pressed
from tieout.commands.progress import Progressed, silent
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.practice.shop import shop_for_demo
from tieout.sheets.build import build_workbook
from tieout.sheets.opening import close_unsaved, open_closed
from tieout.sheets.port import ReadTable

COMPANY = "Practice company"
BOOK, WORKBOOK = f"{COMPANY}.xlsm", "tied-out.xlsx"
# What an accountant presses once the orders of a month are posted.
SETTLEMENTS = (
    "download-settlements",
    "preview-settlements",
    "post-settlements",
    "reconcile",
    "export-reconciliation",
)

# Makes the demo's company at a connection, in a home folder of its own, and opens it.
MakeCompany = Callable[[str, Mapping[str, Any], Path], AbstractContextManager[Opened]]
# Presses a button on a closed workbook of a home folder, with the rows that would be selected.
PressIn = Callable[[Path, str, Path, Sequence[str]], Pressed]


@dataclass(frozen=True, slots=True)
class DemoOrders:
    """What became of the orders: how many were downloaded, posted at last, and put right on the way.

    `errors` are those that are on Errors at the end; `repaired` is what was put right, `why` what Errors said of it.
    """

    downloaded: int
    posted: int
    errors: int
    failed_at_first: int
    why: str
    repaired: str


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo did: orders, the settlements' posting, every finding that stands, and the files it left."""

    orders: DemoOrders
    posted: PostedSettlements
    findings: tuple[Finding, ...]
    files: tuple[Path, ...]

    @property
    def as_it_should(self) -> bool:
        """Whether everything tied out, but for the settlement whose fee nobody knows: it must not post."""
        settlements = self.posted.settlements
        planted = [each for each in settlements if each.review.draft.unmapped]
        went_through = self.orders.posted > self.orders.failed_at_first > self.orders.errors == 0
        return (
            went_through
            and len(planted) == 1
            and all((each.state == POSTED) is not bool(each.review.draft.unmapped) for each in settlements)
            and all(each.tie.ties for each in settlements if each.state == POSTED)
        )


def run_demo(
    out: Path, seed: int, make_company: MakeCompany, press_in: PressIn, progressed: Progressed = silent
) -> Demo:
    """Make the seller and the servers, press the month's buttons in a new workbook in `out`.

    The company's store lives in a temporary folder: a demo leaves nothing among the user's own companies, and the
    workbook is to look at. OSError where `out` can't be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    progressed("Making the practice seller", 0, None)
    book = out / BOOK
    world = PracticeWorld(seed=seed, is_generous=True)
    with (
        tempfile.TemporaryDirectory(prefix="tieout-demo-", ignore_cleanup_errors=True) as home,
        run_practice_servers(world, shop_for_demo(seed)) as servers,
        make_company(COMPANY, servers.connection(), Path(home)) as opened,
    ):
        company = opened.company
        build_workbook(book, company=company.name, country=company.country, company_id=company.slug)

        def press(button: str, rows: Sequence[str] = ()) -> Outcome:
            return press_in(Path(home), button, book, rows).outcome

        orders, findings = _orders(press, book, servers)
        pressed = {button: press(button) for button in SETTLEMENTS}
        files = write_settlements(opened.store, out / "settlements")
        exports = write_proof(pressed["export-reconciliation"].files, out)
    posted = pressed["post-settlements"].posted
    assert posted is not None, "posting was pressed in a company that is connected"
    of_settlements = (finding for outcome in pressed.values() for finding in outcome.findings)
    findings = tuple(dict.fromkeys((*findings, *of_settlements)))
    return Demo(orders, posted, findings, (*files, book, *exports))


def _orders(
    press: Callable[..., Outcome], book: Path, servers: PracticeServers
) -> tuple[DemoOrders, tuple[Finding, ...]]:
    """Download and post the orders; put right what a few of them fail for, and post those again."""
    trouble = two_items_of_one_sku(servers.amazon.shop, servers.quickbooks)
    downloaded = press("download-orders")
    first = press("post-orders")
    failed = _on_errors(book)
    trouble.put_right()
    again = press("post-orders", tuple(failed))
    orders = DemoOrders(
        downloaded=downloaded.count or 0,
        posted=(first.count or 0) + (again.count or 0),
        errors=len(_on_errors(book)),
        failed_at_first=len(failed),
        why=next(iter(failed.values()), ""),
        repaired=trouble.repair,
    )
    # What was said of the orders that failed is past once they are posted.
    return orders, (*downloaded.findings, *again.findings)


def _on_errors(book: Path) -> dict[str, str]:
    """The orders on the sheet Errors, and what it says of each."""
    opened = open_closed(book)
    assert not isinstance(opened, Finding), "the demo made it"
    try:
        table = opened.read("Errors")
    finally:
        close_unsaved(book)
    assert isinstance(table, ReadTable), "the demo made it"
    return {row.text("order_id"): row.text("reason") for row in table.rows if row.text("order_id")}


def write_settlements(store: PressStore, folder: Path) -> tuple[Path, ...]:
    """The settlement files as Amazon gave them, out of the company's store."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for known in store.settlements.all():
        document = store.documents.get(known.document_sha256)
        assert document is not None, "what was downloaded is kept"
        path = folder / f"settlement-{known.marketplace.lower()}-{known.settlement_id}.txt"
        path.write_bytes(document.content)
        paths.append(path)
    return tuple(paths)


def write_proof(exported: Sequence[Path], out: Path) -> tuple[Path, ...]:
    """The workbook that Export wrote, a second time in `out` itself, where it is seen; and all that Export wrote."""
    proof = out / WORKBOOK
    for workbook in (path for path in exported if path.suffix == ".xlsx"):
        proof.write_bytes(workbook.read_bytes())
    return (proof, *exported) if exported else ()


def unwritable(out: Path, error: OSError) -> Finding:
    """That the folder for the demo's files can't be written."""
    return Finding(
        code="folder-unwritable",
        severity=Severity.REFUSED,
        what=f"The folder {out} can't be written: {error.strerror or type(error).__name__}.",
        to_do="Close its files in other programs, or choose another folder with --out.",
        where=Origin(str(out)),
    )
