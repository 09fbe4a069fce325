"""Builds the real things behind the ports: a company's store, its vault, its QuickBooks. Nothing else does."""

import getpass
import json
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Any

from tieout.clock import SystemClock
from tieout.commands.companies import PracticeConnection, new_company, read_practice_connection
from tieout.commands.post_settlements import Desk
from tieout.commands.practice_books import address_of, practice_books, practice_busy, uses_own_books
from tieout.domain.account import Chart
from tieout.domain.company import Company
from tieout.domain.finding import Finding, Severity
from tieout.file_lock import Locked
from tieout.ports import Books, Clock, StoreUnwritable
from tieout.quickbooks.documents import QuickBooksDocuments
from tieout.rules.charts import load_chart
from tieout.sale_ports import BooksDocuments
from tieout.secrets import Vault, vault_for
from tieout.store.companies import StoredCompanies, unknown_company
from tieout.store.company_store import CompanyStore, open_store
from tieout.store.home import company_folder, database_path, home_folder

# The name under which a company's store keeps what binds workbooks to it.
COMPANY_ID = "company_id"


# Runs a server of a practice company's own, out of its folder.
RunsOwn = Callable[[Path, Clock], AbstractContextManager[Mapping[str, Any]]]


class Refused(Exception):
    """What was asked for can't be had; `finding` says why and what to do. The front doors show it."""

    def __init__(self, finding: Finding, *, sign_in: bool = False) -> None:
        super().__init__(str(finding))
        self.finding = finding
        self.sign_in = sign_in


@dataclass(frozen=True, slots=True)
class OpenCompany:
    """A company with its store open. `books` is built on demand: reading files needs no connection. A practice
    company may have a QuickBooks of its own, which then runs for as long.
    """

    company: Company
    folder: Path
    store: CompanyStore
    chart: Chart
    clock: Clock

    @property
    def documents(self) -> BooksDocuments:
        """How documents for its QuickBooks are written and read; nothing is asked for it."""
        return QuickBooksDocuments()

    def vault(self) -> tuple[Vault, tuple[Finding, ...]]:
        """Where its credentials are, with what there is to say of it; Refused where there is no safe place."""
        vault, findings = vault_for(self.company, self.folder, self.clock)
        if vault is None:
            raise Refused(findings[0])
        return vault, findings

    def own(self, running: ExitStack, run: RunsOwn) -> Mapping[str, Any]:
        """Run a practice company's own QuickBooks or Amazon for as long as `running` lasts; gives its connection.

        Refused where another press runs it.
        """
        try:
            return running.enter_context(run(self.folder, self.clock))
        except Locked:
            raise Refused(practice_busy(self.company)) from None

    @contextmanager
    def books(self) -> Iterator[Books]:
        """Its QuickBooks; Refused where it was never connected."""
        address = self.company.quickbooks
        if address is None:
            raise Refused(_not_connected(self.company), sign_in=True)
        from tieout.quickbooks.opening import open_books  # a press that asks QuickBooks nothing does without

        vault, _ = self.vault()
        with ExitStack() as running:
            if uses_own_books(self.folder, address):
                connection = self.own(running, practice_books)
                address = address_of(connection)
                with vault.locked("quickbooks"):
                    vault.save("quickbooks", {name: connection[name] for name in ("client_secret", "refresh_token")})
            # A practice company may be made anew under the same id, and its reads are not metered: no list is kept.
            lists = None if self.company.practice else self.store.lists
            books = open_books(address, vault, self.clock, lists=lists, folder=self.folder)
            running.callback(books.close)
            yield books


def companies(home: Path | None = None, clock: Clock | None = None) -> StoredCompanies:
    """The registry of companies of this user, or of another home folder."""
    return StoredCompanies(home or home_folder(), clock or SystemClock())


def chosen_company(name: str = "", home: Path | None = None, clock: Clock | None = None) -> Company:
    """The company of a name, or the one in use, its store unopened; Refused where there is none."""
    registry = companies(home, clock).read()
    company = registry.company(name) if name else registry.in_use()
    if company is None:
        raise Refused(unknown_company(name, registry) if name else _no_company())
    return company


@contextmanager
def open_company(name: str = "", home: Path | None = None, clock: Clock | None = None) -> Iterator[OpenCompany]:
    """The company of a name, or the one in use; Refused where there is none or its store can't be opened."""
    ticking = clock or SystemClock()
    at_home = home or home_folder()
    company = chosen_company(name, at_home, ticking)
    with ExitStack() as opened:
        location = company.store_url or database_path(at_home, company.slug)
        store = _store_at(location, ticking)
        opened.callback(store.close)
        folder = company_folder(at_home, company.slug)
        yield OpenCompany(company, folder, store, load_chart(company.country), ticking)


def _store_at(location: Path | str, clock: Clock) -> CompanyStore:
    try:
        store = open_store(location, clock)
    except StoreUnwritable as unwritable:
        raise Refused(unwritable.finding) from None
    if isinstance(store, Finding):
        raise Refused(store)
    return store


@contextmanager
def open_company_of(company_id: str, home: Path | None = None, clock: Clock | None = None) -> Iterator[OpenCompany]:
    """The company that a workbook is bound to by `company_id`; Refused where its store is not on this computer."""
    registry = companies(home, clock).read()
    likely = sorted(registry.companies, key=lambda each: not company_id.startswith(each.slug))
    for company in likely:
        with ExitStack() as opened:
            try:
                found = opened.enter_context(open_company(company.slug, home, clock))
            except Refused:
                continue
            if company_id == found.store.settings.get(COMPANY_ID, company.slug):
                yield found
                return
    raise Refused(_not_here(company_id))


def company_id_of(opened: OpenCompany) -> str:
    """What binds workbooks to this company's store, wherever it is restored to; made once."""
    known = opened.store.settings.get(COMPANY_ID)
    if not known:
        known = f"{opened.company.slug}-{token_hex(4)}"
        opened.store.settings.put(COMPANY_ID, known)
    return known


@contextmanager
def desk(opened: OpenCompany) -> Iterator[Desk]:
    """What posting for a company needs; Refused where it was never connected."""
    with opened.books() as books:
        yield Desk(
            company=opened.company,
            books=books,
            documents=opened.store.documents,
            settlements=opened.store.settlements,
            outbox=opened.store.outbox,
            clock=opened.clock,
            who=who_am_i(),
        )


@contextmanager
def practice_company(name: str, connection: Mapping[str, Any], home: Path) -> Iterator[OpenCompany]:
    """A new practice company of its own home folder, bound to running practice servers."""
    read = read_practice_connection(json.dumps(dict(connection)), "the practice servers")
    company = read if isinstance(read, Finding) else new_company(name, "US", read)
    added = company if isinstance(company, Finding) else companies(home).add(company)
    if isinstance(added, Finding):
        raise Refused(added)
    assert not isinstance(read, Finding), "a finding was refused above"
    keep_credentials(added, read.secrets, home)
    with open_company(added.name, home) as opened:
        yield opened


@contextmanager
def practice_desk(name: str, connection: Mapping[str, Any], home: Path) -> Iterator[tuple[Desk, Chart]]:
    """What posting for a new practice company needs, and its chart."""
    with practice_company(name, connection, home) as opened, desk(opened) as at_desk:
        yield at_desk, opened.chart


def bind_to_practice(company: Company, connection: PracticeConnection, home: Path | None = None) -> Company | Finding:
    """Make a company a practice company at a connection, credentials included; the finding where it must not be."""
    practising = replace(company, practice=True, quickbooks=connection.quickbooks, amazon=connection.amazon)
    problem = companies(home).update(practising)
    if problem is not None:
        return problem
    keep_credentials(practising, connection.secrets, home)
    return practising


def keep_credentials(company: Company, secrets: Mapping[str, Mapping[str, str]], home: Path | None = None) -> None:
    """Keep a company's credentials, by service, in its vault; Refused where there is no safe place."""
    clock = SystemClock()
    vault, findings = vault_for(company, company_folder(home or home_folder(), company.slug), clock)
    if vault is None:
        raise Refused(findings[0])
    for service, values in secrets.items():
        with vault.locked(service):
            vault.save(service, values)


def who_am_i() -> str:
    """The person and process that acts, for the activity log and the writer's lease: "anna@desk-3, process 4711"."""
    try:
        person = getpass.getuser()
    except (KeyError, OSError):
        person = "somebody"
    return f"{person}@{socket.gethostname()}, process {os.getpid()}"


def _not_here(company_id: str) -> Finding:
    return Finding(
        code="book-company-not-here",
        severity=Severity.REFUSED,
        what=f"This workbook belongs to the company {company_id}, whose store is not on this computer.",
        to_do="Bring its store here with `tieout restore`, or set TIEOUT_HOME to where it is. Until then: only read.",
        subject=company_id,
    )


def _no_company() -> Finding:
    return Finding(
        code="no-company",
        severity=Severity.REFUSED,
        what="There is no company yet.",
        to_do="Add one with `tieout company add NAME --country US`.",
    )


def _not_connected(company: Company) -> Finding:
    return Finding(
        code="quickbooks-not-connected",
        severity=Severity.REFUSED,
        what=f"{company.name} is not connected to QuickBooks.",
        to_do="Connect it with `tieout connect quickbooks`, or practise with `tieout practice serve` first.",
        subject=company.name,
    )
