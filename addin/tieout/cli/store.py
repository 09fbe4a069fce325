"""`tieout backup`, `restore`, `log` and `rebuild`: a company's store, kept, put back, read and found again."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

from tieout.cli.settlement import AsJson
from tieout.cli.terminal import DONE, IN_PART, SIGN_IN, UNREADABLE, Terminal, exit_status, finding_json, refuse
from tieout.domain.activity import LoggedActivity
from tieout.domain.company import Company
from tieout.domain.finding import Finding, Severity


class Settings(Protocol):
    """What a company's store remembers by name."""

    def get(self, name: str, default: str = "") -> str:
        """The value of a name."""
        ...

    def put(self, name: str, value: str) -> None:
        """Give a name a value."""
        ...


OfCompany = Annotated[str, typer.Option("--company", help="The company; the one in use if not said.")]
_DAY = typer.Option(formats=["%Y-%m-%d"], help="As 2026-11-24.")


def backup(
    file: Annotated[Path | None, typer.Argument(help="Where the copy goes; a file of the day if not said.")] = None,
    company: OfCompany = "",
    as_json: AsJson = False,
) -> None:
    """Copy a company's store, whole, also while it is in use. Credentials are in the keyring, never in the copy."""
    from tieout.store.backup import backup as copy
    from tieout.store.home import database_path, home_folder

    terminal = Terminal(as_json=as_json)
    chosen = _company(terminal, company)
    to = file or Path(f"{chosen.slug}-{_today()}.sqlite3")
    finding = copy(database_path(home_folder(), chosen.slug), to)
    if finding is not None:
        refuse(terminal, finding)
    terminal.say(f"{chosen.name} is copied to {to}.", "bold")
    terminal.finish({"company": chosen.name, "file": str(to.resolve()), "bytes": to.stat().st_size})


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `tieout backup` made.")],
    company: OfCompany = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it over the present store, which is kept beside it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a copy in the place of a company's store. What was posted since is found by `tieout rebuild`."""
    from tieout.clock import SystemClock
    from tieout.file_lock import Locked, file_lock
    from tieout.limits import LEASE_WAIT_SECONDS_MAX
    from tieout.store.backup import restore as put_back
    from tieout.store.home import database_path, home_folder
    from tieout.store.lease import lock_of

    terminal = Terminal(as_json=as_json)
    chosen = _company(terminal, company)
    database = database_path(home_folder(), chosen.slug)
    try:
        with file_lock(lock_of(database), SystemClock(), LEASE_WAIT_SECONDS_MAX):
            finding = put_back(file, database, replace=replace)
    except Locked:
        refuse(terminal, in_use(chosen), IN_PART)
    if finding is not None:
        refuse(terminal, finding)
    terminal.say(f"{chosen.name} is as it was when {file.name} was made.", "bold")
    terminal.say("Now run `tieout rebuild`: it finds in QuickBooks what was posted since.")
    terminal.finish({"company": chosen.name, "file": str(file)})


def log(
    last: Annotated[int, typer.Option(min=1, help="How many entries, the last ones.")] = 50,
    about: Annotated[str, typer.Option(help="Only entries about this: part of a number, an id, a name.")] = "",
    company: OfCompany = "",
    as_json: AsJson = False,
) -> None:
    """Show who did what, when, and prove that no entry was changed since it was written."""
    from tieout.wiring import Refused, open_company

    terminal = Terminal(as_json=as_json)
    try:
        with open_company(company) as opened:
            broken = opened.store.activity.first_break()
            entries = list(_last(opened.store.activity.entries(), last, about))
            name = opened.company.name
    except Refused as refused:
        refuse(terminal, refused.finding)
    rows = [
        (
            each.activity.at.isoformat(" ", "seconds")[:19],
            each.activity.who,
            each.activity.what,
            each.activity.subject,
        )
        for each in entries
    ]
    terminal.table(f"What was done in {name} (times in UTC)", ("When", "Who", "What", "To what"), rows)
    findings = () if broken is None else (broken_log(broken),)
    terminal.findings(findings)
    terminal.finish(
        {
            "company": name,
            "whole": broken is None,
            "entries": [_entry_json(each) for each in entries],
            "errors": [finding_json(finding) for finding in findings],
        }
    )
    raise typer.Exit(exit_status(any_read=True, findings=findings))


def rebuild(
    since: Annotated[datetime | None, _DAY] = None,
    until: Annotated[datetime | None, _DAY] = None,
    book: Annotated[
        Path | None, typer.Option("--book", help="The company's workbook, to be bound to the new store.")
    ] = None,
    company: OfCompany = "",
    as_json: AsJson = False,
) -> None:
    """Find in QuickBooks what was posted from here, and restore what the store does not know of it.

    For a store that was lost or put back from a copy. Documents are found by the mark in their private notes.
    Amazon's files have to be imported again. With --since and --until only documents dated between are looked for.
    A workbook is bound to the store that was lost; --book binds it to the one in its place.
    """
    from tieout.commands.rebuild import rebuild as find_again
    from tieout.wiring import Refused, desk, open_company

    terminal = Terminal(as_json=as_json)
    company_id = _company_id(terminal, book) if book is not None else ""
    try:
        if company_id:
            with open_company(company) as opened:
                problem = bind(opened.store.settings, opened.company, company_id)
            if problem is not None:
                refuse(terminal, problem)
        with open_company(company) as opened, desk(opened) as at_desk, terminal.progress() as progressed:
            report = find_again(
                books=at_desk.books,
                outbox=at_desk.outbox,
                clock=at_desk.clock,
                company=at_desk.company,
                who=at_desk.who,
                since=_day(since),
                until=_day(until),
                progressed=progressed,
            )
    except Refused as refused:
        refuse(terminal, refused.finding, SIGN_IN if refused.sign_in else UNREADABLE)
    if report.restored:
        rows = [(kind, str(number)) for kind, number in report.restored.items()]
        terminal.table("Restored from QuickBooks", ("What", "How many"), rows, right=frozenset({1}))
    terminal.say(f"{sum(report.restored.values())} restored, {report.known} known already.", "bold")
    terminal.findings(report.findings)
    terminal.finish(
        {
            "restored": report.restored,
            "known": report.known,
            "errors": [finding_json(finding) for finding in report.findings],
        }
    )
    sign_in = any(finding.code == "quickbooks-sign-in" for finding in report.findings)
    raise typer.Exit(SIGN_IN if sign_in else DONE if report.complete else IN_PART)


def bind(settings: Settings, company: Company, company_id: str) -> Finding | None:
    """Bind a store that no workbook is bound to yet; the finding where it, or the workbook, is another company's."""
    from tieout.wiring import COMPANY_ID

    known = settings.get(COMPANY_ID)
    if known == company_id:
        return None
    if known or company_id.rpartition("-")[0] != company.slug:
        return not_bound(company, company_id, known)
    settings.put(COMPANY_ID, company_id)
    return None


def not_bound(company: Company, company_id: str, known: str) -> Finding:
    """That a workbook is not of a company's store, whose own id is `known`; empty where it has none."""
    why = f"its store is that of {known}" if known else f"this one is of {company_id.rpartition('-')[0] or 'none'}"
    return Finding(
        code="book-not-bound",
        severity=Severity.REFUSED,
        what=f"The workbook {company_id} can't be bound to {company.name}: {why}.",
        to_do="Choose the workbook's company with --company, or make a new workbook with `tieout new`.",
        subject=company.name,
    )


def _company_id(terminal: Terminal, book: Path) -> str:
    """What a workbook is bound by."""
    from tieout.sheets.opening import close_unsaved, open_closed
    from tieout.sheets.port import plain_text

    opened = open_closed(book)
    if isinstance(opened, Finding):
        refuse(terminal, opened)
    company_id = plain_text(opened.cell("CompanyId"))
    close_unsaved(book)
    return company_id


def _company(terminal: Terminal, name: str) -> Company:
    """The company of a name, or the one in use, without opening its store; only one whose store is a file."""
    from tieout.wiring import Refused, chosen_company

    try:
        chosen = chosen_company(name)
    except Refused as refused:
        refuse(terminal, refused.finding)
    if chosen.store_url:
        refuse(terminal, of_server(chosen))
    return chosen


def of_server(company: Company) -> Finding:
    """That a store is not a file."""
    return Finding(
        code="backup-of-server",
        severity=Severity.REFUSED,
        what=f"The store of {company.name} is a PostgreSQL database, which has tools of its own.",
        to_do="Use pg_dump and pg_restore, or what your provider offers.",
        subject=company.name,
    )


def in_use(company: Company) -> Finding:
    """That somebody is at work with the store."""
    return Finding(
        code="restore-while-posting",
        severity=Severity.BLOCKED,
        what=f"Somebody is posting for {company.name} right now. Nothing was changed.",
        to_do="Wait until that has ended, close the workbooks, and restore then.",
        subject=company.name,
    )


def broken_log(number: int) -> Finding:
    """That an entry of the log is not what was written."""
    return Finding(
        code="activity-log-broken",
        severity=Severity.BLOCKED,
        what=f"Entry {number} of the activity log was changed or removed after it was written.",
        to_do="Put back a backup with `tieout restore`, and find out who changed the database.",
    )


def _last(entries: Iterator[LoggedActivity], last: int, about: str) -> Iterator[LoggedActivity]:
    wanted = about.casefold()
    found = [
        entry
        for entry in entries
        if wanted in f"{entry.activity.subject} {entry.activity.what} {entry.activity.after}".casefold()
    ]
    return islice(found, max(0, len(found) - last), None)


def _entry_json(entry: LoggedActivity) -> dict[str, Any]:
    activity = entry.activity
    return {
        "number": entry.number,
        "at": activity.at.isoformat(),
        "who": activity.who,
        "what": activity.what,
        "subject": activity.subject,
        "before": activity.before,
        "after": activity.after,
        "hash": entry.hash,
    }


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None


def _today() -> str:
    return date.today().isoformat()  # noqa: DTZ011 - the user's own day names the file
