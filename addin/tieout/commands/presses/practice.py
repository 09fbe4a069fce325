"""Practice company, and Connect QuickBooks: bound to practice servers, or seen whether the connection works."""

from collections.abc import Callable
from dataclasses import replace

from tieout.commands.companies import PracticeConnection, read_practice_connection, read_practice_file
from tieout.commands.practice_books import make_practice_books, uses_own_books, write_practice_files
from tieout.commands.presses.press import Outcome, Press, Result, refused
from tieout.commands.presses.showing import connection_cells
from tieout.domain.company import Company
from tieout.domain.finding import Finding, Severity
from tieout.sheets.port import CellValue

# Binds the company of a press to a practice connection, credentials included; the company as it is then.
Bind = Callable[[PracticeConnection], Company | Finding]
_SERVICES = ("quickbooks", "amazon")


def practice_company(press: Press, bind: Bind) -> Outcome:
    """Bind the company to a made-up QuickBooks and a made-up seller at Amazon, so that all can be tried.

    A file stands for the line of `tieout practice serve`; without one both live in the company's folder, and the
    seller's settlement files are written beside the workbook too, for Import files.
    """
    bound = bound_to_practice(press, bind)
    if isinstance(bound, Finding):
        return refused(bound)
    path = press.book.path
    folder = path.with_name(f"{path.stem} - practice files") if path is not None else press.folder / "practice files"
    try:
        files = write_practice_files(folder)
    except OSError as error:
        return refused(_unwritable(folder.name, error))
    return Outcome(
        result=Result.DONE,
        message=(
            f"{bound.name} is a practice company with a made-up seller and made-up books. Press Download under Orders"
            f" and under Settlements, then Post; or Import files with those in {folder}."
        ),
        cells=_cells(press, bound),
        count=len(files),
        files=files,
    )


def connect_quickbooks(press: Press, bind: Bind) -> Outcome:
    """See that the company's connection works; a file binds it to practice servers (`tieout practice serve`).

    Signing in to a real company needs a browser and a terminal: `tieout connect quickbooks`.
    """
    company = press.company
    if press.files:
        bound = bound_to_practice(press, bind)
        if isinstance(bound, Finding):
            return refused(bound)
        company = bound
        return Outcome(
            result=Result.DONE,
            message=f"{company.name} is connected to the QuickBooks company {_realm(company)}.",
            cells=_cells(press, company),
        )
    if company.quickbooks is None:
        return replace(refused(_sign_in(company)), result=Result.SIGN_IN)
    with press.open_books() as books:
        name = books.company().name
    return Outcome(
        result=Result.DONE,
        message=f"{company.name} is connected to {name} and can be posted to.",
        cells={**connection_cells(press), "QuickBooksCompany": name},
    )


def bound_to_practice(press: Press, bind: Bind) -> Company | Finding:
    """The company as a practice company; the finding where it has real things in it."""
    company = press.company
    if press.files:
        connection = read_practice_file(press.files[0])
        return connection if isinstance(connection, Finding) else _free(press) or bind(connection)
    has_both = company.quickbooks is not None and company.amazon is not None
    if company.practice and (has_both or not _has_own_books(press)):
        return company
    taken = _free(press)
    if taken is not None:
        return taken
    made = make_practice_books(press.folder, company.country, press.clock)
    return bind(_connection(made))


def _connection(made: dict[str, dict[str, str]]) -> PracticeConnection:
    import json

    read = read_practice_connection(json.dumps(made), "the practice company")
    assert not isinstance(read, Finding), "it was made here"
    return read


def _has_own_books(press: Press) -> bool:
    """Whether its books are its own, or will be; older ones have no Amazon yet and get one."""
    address = press.company.quickbooks
    return address is None or uses_own_books(press.folder, address)


def _free(press: Press) -> Finding | None:
    """The finding if the company has anything real in it."""
    company = press.company
    if company.practice:
        return None
    used = (
        company.quickbooks is not None or bool(press.store.settlements.all()) or bool(press.store.outbox.realm_ids())
    )
    if not used:
        return None
    return Finding(
        code="company-not-for-practice",
        severity=Severity.REFUSED,
        what=f"{company.name} has settlements or a connection of its own, so nobody practises in it.",
        to_do="Make a workbook to practise in: `tieout new Practice.xlsm --company Practice`.",
        subject=company.name,
    )


def _cells(press: Press, company: Company) -> dict[str, CellValue]:
    return {**connection_cells(replace(press, company=company)), "QuickBooksCompany": _realm(company)}


def _realm(company: Company) -> str:
    return f"practice {company.quickbooks.realm_id}" if company.quickbooks is not None else ""


def _sign_in(company: Company) -> Finding:
    return Finding(
        code="sign-in-from-terminal",
        severity=Severity.REFUSED,
        what=f"{company.name} is not connected to QuickBooks yet.",
        to_do="Run `tieout connect quickbooks` in a terminal; or press Practice company to try everything.",
        subject=company.name,
    )


def _unwritable(folder: str, error: OSError) -> Finding:
    return Finding(
        code="practice-files-unwritable",
        severity=Severity.REFUSED,
        what=f"The folder {folder} can't be written: {error.strerror or type(error).__name__}.",
        to_do="Save the workbook in a folder that you may write to, and press the button again.",
    )
