"""A new workbook for a company, and an old one that is to find its Python again."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tieout.domain.company import Company
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.sheets.excel_settings import install_applescript, settings_file, trust_folder, write_interpreter

SUFFIX = ".xlsm"


@dataclass(frozen=True, slots=True)
class ExcelSetup:
    """What was set up so that Excel finds Python: the settings file (None: there is no Excel here), what else."""

    settings: Path | None
    applescript: Path | None = None
    trusted: str = ""
    findings: tuple[Finding, ...] = ()


def check_new_book(path: Path) -> Finding | None:
    """The finding if no workbook can be made at a path."""
    if path.suffix.lower() != SUFFIX:
        return Finding(
            code="book-suffix",
            severity=Severity.REFUSED,
            what=f"{path.name} does not end in {SUFFIX}, and only such workbooks can hold buttons.",
            to_do=f"Call it {path.stem}{SUFFIX}.",
            where=Origin(path.name),
        )
    if path.exists():
        return Finding(
            code="book-exists",
            severity=Severity.REFUSED,
            what=f"There is a file {path} already.",
            to_do="Choose another name; `tieout repair` brings an old workbook into order.",
            where=Origin(path.name),
        )
    if not path.parent.is_dir():
        return Finding(
            code="book-folder-missing",
            severity=Severity.REFUSED,
            what=f"There is no folder {path.parent}.",
            to_do="Make the folder first.",
            where=Origin(path.name),
        )
    return None


def set_up_excel(system: str, python: str, *, trust: Path | None = None) -> ExcelSetup:
    """Name this Python in xlwings' settings, put xlwings' script in its place on macOS, trust a folder if asked."""
    findings: list[Finding] = []
    file = settings_file(system)
    if file is not None:
        findings += _written(file, python, system)
    script = install_applescript() if system == "darwin" else None
    trusted = ""
    if trust is not None and system == "win32":
        trusted = trust_folder(trust.resolve())
    elif trust is not None:
        findings.append(_no_trust())
    return ExcelSetup(file, script, trusted, tuple(findings))


def _written(file: Path, python: str, system: str) -> Iterator[Finding]:
    try:
        write_interpreter(file, python, system)
    except (OSError, UnicodeEncodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "Visual Basic can't read the letters of its path"
        yield Finding(
            code="excel-settings-unwritable",
            severity=Severity.NOTICE,
            what=f"Excel was not told where Python is: {reason or type(error).__name__}.",
            to_do=f"Make {file} writable, or put Python in a folder with plain letters; then run `tieout repair`.",
            where=Origin(file.name),
        )


def _no_trust() -> Finding:
    return Finding(
        code="trust-on-windows-only",
        severity=Severity.NOTICE,
        what="Trusted locations are Excel's for Windows; on this system nothing was changed.",
        to_do="Allow macros when Excel asks on opening the workbook.",
    )


def other_country(known: Company, country: str) -> Finding:
    """That a company of the name has another country."""
    return Finding(
        code="company-of-other-country",
        severity=Severity.REFUSED,
        what=f"The company {known.name} is there already, with the country {known.country}, not {country}.",
        to_do="Leave --country out, or choose another name for the other company.",
    )


def unwritable(book: Path, error: OSError) -> Finding:
    """That a new workbook can't be written."""
    return Finding(
        code="new-book-unwritable",
        severity=Severity.REFUSED,
        what=f"{book.name} can't be written: {error.strerror or type(error).__name__}.",
        to_do="Choose a folder that you may write to.",
    )
