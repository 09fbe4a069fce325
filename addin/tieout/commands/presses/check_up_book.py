"""Check-up: this computer, the company, and the workbook itself; what is not good goes to Exceptions."""

from collections.abc import Callable, Iterable, Iterator

from tieout.commands.check_book import check_book
from tieout.commands.check_up import Check, Health, check_machine, worst
from tieout.commands.presses.choices import read_choices
from tieout.commands.presses.press import Outcome, Press, Result, counted
from tieout.commands.presses.showing import CHECK_UP, Found, Sheets, connection_cells
from tieout.domain.finding import Finding, Severity

# The checks of a press's company: its log, its connections to QuickBooks and to Amazon.
OfCompany = Callable[[Press], Iterable[Check]]


def check_up(press: Press, of_company: OfCompany) -> Outcome:
    """Make every check and say what to do about each that is not good."""
    choices = read_choices(press)
    checks = list(_checks(press, of_company))
    findings = tuple(finding for check in checks if (finding := _finding(check)) is not None)
    sheets = Sheets(press, choices)
    sheets.exceptions([Found(CHECK_UP, (*findings, *choices.findings))], {})
    bad = sum(check.health is Health.BAD for check in checks)
    look = sum(check.health is Health.LOOK for check in checks)
    told = f"{counted(len(checks), 'check')}: {len(checks) - bad - look} good"
    if look:
        told += f", {look} to look at"
    if bad:
        told += f", {bad} bad"
    first = next(check for check in checks if check.health is worst(checks))
    if first.health is not Health.GOOD:
        told += f". {first.name}: {first.seen.rstrip('.')}"
    return Outcome(
        result=Result.IN_PART if bad else Result.DONE,
        message=f"{told}.",
        findings=(*findings, *choices.findings),
        refreshes=tuple(sheets.refreshes),
        cells=connection_cells(press),
        count=len(checks),
    )


def _checks(press: Press, of_company: OfCompany) -> Iterator[Check]:
    yield from check_machine(press.folder.parents[1])
    yield from of_company(press)
    yield from check_book(press.book)


def _finding(check: Check) -> Finding | None:
    if check.health is Health.GOOD:
        return None
    if check.health is Health.BAD:
        return Finding(
            code="check-up-bad",
            severity=Severity.BLOCKED,
            what=f"{check.name}: {check.seen}",
            to_do=check.to_do or "Put it right.",
        )
    return Finding(
        code="check-up-look",
        severity=Severity.NOTICE,
        what=f"{check.name}: {check.seen}",
        to_do=check.to_do or "Nothing has to be done.",
    )
