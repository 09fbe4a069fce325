"""Builds the real things behind the ports: a company's store, its vault, its QuickBooks. Nothing else does."""

import getpass
import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tieout.clock import SystemClock
from tieout.commands.companies import new_company, read_practice_connection
from tieout.commands.post_settlements import Desk
from tieout.domain.account import Chart
from tieout.domain.company import Company
from tieout.domain.finding import Finding, Severity
from tieout.ports import Books, Clock
from tieout.quickbooks.books import open_books
from tieout.rules.charts import load_chart
from tieout.secrets import Vault, vault_for
from tieout.store.companies import StoredCompanies, unknown_company
from tieout.store.company_store import CompanyStore, open_store
from tieout.store.home import company_folder, database_path, home_folder


class Refused(Exception):
    """What was asked for can't be had; `finding` says why and what to do. The front doors show it."""

    def __init__(self, finding: Finding, *, sign_in: bool = False) -> None:
        super().__init__(str(finding))
        self.finding = finding
        self.sign_in = sign_in


@dataclass(frozen=True, slots=True)
class OpenCompany:
    """A company with its store open. `books` is built on demand: reading files needs no connection."""

    company: Company
    folder: Path
    store: CompanyStore
    chart: Chart
    clock: Clock

    def vault(self) -> tuple[Vault, tuple[Finding, ...]]:
        """Where its credentials are, with what there is to say of it; Refused where there is no safe place."""
        vault, findings = vault_for(self.company, self.folder, self.clock)
        if vault is None:
            raise Refused(findings[0])
        return vault, findings

    @contextmanager
    def books(self) -> Iterator[Books]:
        """Its QuickBooks; Refused where it was never connected."""
        address = self.company.quickbooks
        if address is None:
            raise Refused(_not_connected(self.company), sign_in=True)
        vault, _ = self.vault()
        books = open_books(address, vault, self.clock)
        try:
            yield books
        finally:
            books.close()


def companies(home: Path | None = None, clock: Clock | None = None) -> StoredCompanies:
    """The registry of companies of this user, or of another home folder."""
    return StoredCompanies(home or home_folder(), clock or SystemClock())


@contextmanager
def open_company(name: str = "", home: Path | None = None, clock: Clock | None = None) -> Iterator[OpenCompany]:
    """The company of a name, or the one in use; Refused where there is none or its store can't be opened."""
    ticking = clock or SystemClock()
    at_home = home or home_folder()
    registry = companies(at_home, ticking).read()
    company = registry.company(name) if name else registry.in_use()
    if company is None:
        raise Refused(unknown_company(name, registry) if name else _no_company())
    with ExitStack() as opened:
        location = company.store_url or database_path(at_home, company.slug)
        store = open_store(location, ticking)
        if isinstance(store, Finding):
            raise Refused(store)
        opened.callback(store.close)
        folder = company_folder(at_home, company.slug)
        yield OpenCompany(company, folder, store, load_chart(company.country), ticking)


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
def practice_desk(name: str, connection: Mapping[str, Any], home: Path) -> Iterator[tuple[Desk, Chart]]:
    """A practice company of its own home folder, bound to running practice servers: a desk and its chart."""
    read = read_practice_connection(json.dumps(dict(connection)), "the practice servers")
    company = read if isinstance(read, Finding) else new_company(name, "US", read)
    added = company if isinstance(company, Finding) else companies(home).add(company)
    if isinstance(added, Finding):
        raise Refused(added)
    assert not isinstance(read, Finding), "a finding was refused above"
    keep_credentials(added, read.secrets, home)
    with open_company(added.name, home) as opened, desk(opened) as at_desk:
        yield at_desk, opened.chart


def keep_credentials(
    company: Company, secrets: Mapping[str, Mapping[str, str]], home: Path | None = None
) -> None:
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
