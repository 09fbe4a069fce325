"""The demo: a practice seller's month, made by pressing the workbook's buttons, and proved in another workbook."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tieout.commands.post_settlements import POSTED, Desk, PostedSettlements
from tieout.commands.practice_servers import PracticeWorld, practice_servers
from tieout.commands.presses.run import Pressed
from tieout.commands.progress import Progressed, silent
from tieout.domain.account import Chart
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.practice.shop import Shop, shop_for_demo
from tieout.sheets.build import build_workbook
from tieout.sheets.exports.csv_exports import write_csv_exports
from tieout.sheets.exports.proof import SettlementProof
from tieout.sheets.exports.workbook import write_proof_workbook

COMPANY = "Practice company"
BOOK, WORKBOOK = f"{COMPANY}.xlsm", "tied-out.xlsx"
# What an accountant presses to close a month whose files are here.
MONTH = ("import-settlements", "preview-settlements", "post-settlements", "reconcile")

# Opens the demo's company at a connection, in a home folder of its own.
OpenDesk = Callable[[str, Mapping[str, Any], Path], AbstractContextManager[tuple[Desk, Chart]]]
# Presses a button on a closed workbook of a home folder, with the files that a dialog would give.
PressIn = Callable[[Path, str, Path, Sequence[Path]], Pressed]


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo did: the posting's result, every finding, and the files it left."""

    posted: PostedSettlements
    findings: tuple[Finding, ...]
    files: tuple[Path, ...]

    @property
    def as_it_should(self) -> bool:
        """Whether everything tied out, but for the settlement whose fee nobody knows: it must not post."""
        settlements = self.posted.settlements
        planted = [each for each in settlements if each.review.draft.unmapped]
        return len(planted) == 1 and all(
            (each.state == POSTED) is not bool(each.review.draft.unmapped) for each in settlements
        )


def run_demo(out: Path, seed: int, open_desk: OpenDesk, press_in: PressIn, progressed: Progressed = silent) -> Demo:
    """Make the seller and practice QuickBooks, press the month's buttons in a new workbook, write the proof to `out`.

    The company's store lives in a temporary folder: a demo leaves nothing among the user's own companies, and the
    workbook is to look at. OSError where `out` can't be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    progressed("Making the practice seller", 0, None)
    shop = shop_for_demo(seed)
    files = write_settlements(shop, out / "settlements")
    with (
        tempfile.TemporaryDirectory(prefix="tieout-demo-", ignore_cleanup_errors=True) as home,
        practice_servers(PracticeWorld(seed=seed), shop) as connection,
    ):
        with open_desk(COMPANY, connection, Path(home)) as (desk, _):
            company = desk.company
        book = out / BOOK
        build_workbook(book, company=company.name, country=company.country, company_id=company.slug)
        pressed = {button: press_in(Path(home), button, book, files).outcome for button in MONTH}
    posted = pressed["post-settlements"].posted
    assert posted is not None, "posting was pressed in a company that is connected"
    findings = tuple(dict.fromkeys(finding for outcome in pressed.values() for finding in outcome.findings))
    progressed("Writing the proof", 0, None)
    return Demo(posted, findings, (*files, book, *write_proof(out, posted, findings, COMPANY)))


def write_settlements(shop: Shop, folder: Path) -> tuple[Path, ...]:
    """The seller's settlement files, as Amazon would give them."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for settlement in shop.settlements:
        path = folder / settlement.file_name
        path.write_bytes(settlement.flat_file_v2())
        paths.append(path)
    return tuple(paths)


def write_proof(out: Path, posted: PostedSettlements, findings: Sequence[Finding], made_for: str) -> tuple[Path, ...]:
    """The workbook that proves what tied out, and its tables as CSV."""
    proofs = [
        SettlementProof(
            settlement=each.review.settlement,
            draft=each.draft,
            tie=each.tie,
            state=each.state,
            quickbooks_ids=each.quickbooks_ids,
        )
        for each in posted.settlements
    ]
    workbook = out / WORKBOOK
    write_proof_workbook(workbook, proofs, findings, title="Amazon settlements, tied out", made_for=made_for)
    return (workbook, *write_csv_exports(out, proofs, findings))


def unwritable(out: Path, error: OSError) -> Finding:
    """That the folder for the demo's files can't be written."""
    return Finding(
        code="folder-unwritable",
        severity=Severity.REFUSED,
        what=f"The folder {out} can't be written: {error.strerror or type(error).__name__}.",
        to_do="Close its files in other programs, or choose another folder with --out.",
        where=Origin(str(out)),
    )
