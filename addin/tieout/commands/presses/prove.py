"""Export and Proof pack: what ties out, in files as they are filed, beside the workbook."""

from collections.abc import Sequence
from pathlib import Path

from tieout.commands.presses.choices import Choices, read_choices
from tieout.commands.presses.last_book import note_book
from tieout.commands.presses.press import Outcome, Press, Result, counted, refused
from tieout.commands.presses.receivables import open_receivables
from tieout.commands.presses.reconcile import ReadBack, read_back
from tieout.commands.presses.showing import REVIEW, Found, Sheets, connection_cells, marketplaces_of
from tieout.commands.presses.targets import chosen_settlements, unknown_settlement
from tieout.domain.finding import Finding, Severity, any_stops
from tieout.domain.origin import Origin
from tieout.sheets.exports.csv_exports import write_csv_exports
from tieout.sheets.exports.workbook import write_proof_workbook
from tieout.sheets.settlement_rows import ShownSettlement

RECONCILIATION = "reconciliation.xlsx"


def export_reconciliation(press: Press, into: Path | None = None) -> Outcome:
    """One workbook and CSV files of everything that is shown, read back now; `into` a folder other than its own."""
    choices = read_choices(press)
    if into is None:
        note_book(press)
    read = read_back(press, choices)
    if not read.shown:
        return refused(_nothing_to_prove())
    folder = into or exports_folder(press)
    press.tell("Writing the reconciliation", 0, None)
    findings = (*choices.findings, *read.gathered.findings, *read.findings)
    proofs = [one.proof() for one in read.shown]
    path = folder / RECONCILIATION
    try:
        owed = open_receivables(press, choices)
        title = "Amazon settlements, tied out"
        write_proof_workbook(path, proofs, findings, title=title, made_for=_made_for(press), owed=owed)
        files = (path, *write_csv_exports(folder, proofs, findings, owed))
    except OSError as error:
        return refused(unwritable(folder, error))
    ties = sum(one.tie is not None and one.tie.ties for one in read.shown)
    tied = f"{ties or 'none'} tie out"
    message = f"The reconciliation of {counted(len(proofs), 'settlement')}, of which {tied}, is in {folder}."
    return _outcome(press, choices, read, message, files)


def proof_pack(press: Press) -> Outcome:
    """One workbook a settlement: the ticked ones, else the selected ones, else all that are posted."""
    choices = read_choices(press)
    note_book(press)
    targets = chosen_settlements(press, choices)
    read = read_back(press, choices)
    wanted = [one for one in read.shown if one.settlement_id in targets.ids or (not targets.how and one.posted)]
    unknown = [unknown_settlement(one) for one in targets.ids if one not in {each.settlement_id for each in wanted}]
    if not wanted:
        return refused(_nothing_to_prove(), *targets.findings, *unknown)
    folder = exports_folder(press)
    files: list[Path] = []
    for number, one in enumerate(wanted):
        press.tell("Writing proof packs", number, len(wanted))
        path = folder / f"proof {_plain(one)}.xlsx"
        try:
            write_proof_workbook(
                path,
                [one.proof()],
                [finding for finding in read.findings if finding.subject == one.settlement_id],
                title=f"Amazon settlement {one.settlement_id}, proved",
                made_for=_made_for(press),
            )
        except OSError as error:
            return refused(unwritable(folder, error))
        files.append(path)
    chosen = f" ({targets.how})" if targets.how else ""
    message = f"{counted(len(files), 'proof pack')} written{chosen}, in {folder}."
    return _outcome(press, choices, read, message, files, (*targets.findings, *unknown))


def exports_folder(press: Press) -> Path:
    """The folder beside the workbook; in the company's own where the workbook has no folder on this computer."""
    path = press.book.path
    if path is None:
        return press.folder / "exports"
    return path.with_name(f"{path.stem} - reconciliation")


def unwritable(folder: Path, error: OSError) -> Finding:
    """That the files can't be written."""
    return Finding(
        code="exports-unwritable",
        severity=Severity.REFUSED,
        what=f"The folder {folder.name} can't be written: {error.strerror or type(error).__name__}.",
        to_do="Close its files in other programs, or free the disk, and press the button again.",
        where=Origin(folder.name),
    )


def _outcome(
    press: Press,
    choices: Choices,
    read: ReadBack,
    message: str,
    files: Sequence[Path],
    more: Sequence[Finding] = (),
) -> Outcome:
    """The sheets learn what was read back; Exceptions what differs."""
    sheets = Sheets(press, choices)
    sheets.settlements(read.gathered, read.shown)
    found = [Found(REVIEW, (*choices.findings, *read.gathered.findings))]
    sheets.exceptions(found, marketplaces_of(read.gathered))
    findings = tuple(dict.fromkeys((*more, *choices.findings, *read.findings)))
    return Outcome(
        result=Result.IN_PART if any_stops(list(findings)) else Result.DONE,
        message=message,
        findings=findings,
        refreshes=tuple(sheets.refreshes),
        cells=connection_cells(press),
        count=len(read.shown),
        files=tuple(files),
    )


def _made_for(press: Press) -> str:
    return press.company.name


def _plain(one: ShownSettlement) -> str:
    """A settlement's id as part of a file's name: Amazon's ids are digits; whatever else it is, is left out."""
    return "".join(sign for sign in one.settlement_id if sign.isalnum() or sign == "-")[:40] or "settlement"


def _nothing_to_prove() -> Finding:
    return Finding(
        code="nothing-to-prove",
        severity=Severity.REFUSED,
        what="There is no settlement to write a proof of.",
        to_do="Import settlements first; a proof pack is written of posted ones, or of those that you tick.",
    )
