"""The registry of companies: a small JSON file, replaced as a whole under a lock, so that no process reads half.

Which QuickBooks company a store belongs to is fixed here when it is bound, and never changed silently: posting
compares it with what QuickBooks says.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tieout.domain.company import AmazonAddress, Company, QuickBooksAddress, slug_of
from tieout.domain.finding import Finding, Severity
from tieout.durable_file import write_durably
from tieout.file_lock import file_lock
from tieout.limits import STORE_BUSY_SECONDS_MAX
from tieout.ports import Clock


@dataclass(frozen=True, slots=True)
class Registry:
    """All companies, by slug, and which one is in use (empty: none)."""

    companies: tuple[Company, ...] = ()
    current: str = ""

    def company(self, name: str) -> Company | None:
        """The company of a slug or of a name, in any letter case."""
        wanted = name.strip().casefold()
        return next((each for each in self.companies if wanted in {each.slug, each.name.casefold()}), None)

    def in_use(self) -> Company | None:
        """The company in use."""
        return next((each for each in self.companies if each.slug == self.current), None)


class StoredCompanies:
    """The registry file of a home folder."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self._file = home / "companies.json"
        self._clock = clock

    def read(self) -> Registry:
        """The registry as it stands; empty where there is none yet."""
        if not self._file.exists():
            return Registry()
        found = json.loads(self._file.read_text(encoding="utf-8"))
        return Registry(tuple(_company(each) for each in found["companies"]), found["current"])

    def add(self, company: Company) -> Company | Finding:
        """Add a company and put it in use; the finding if there is one of its name. A taken slug gets a number."""

        def added(registry: Registry) -> Registry | Finding:
            if any(each.name.casefold() == company.name.strip().casefold() for each in registry.companies):
                return _taken(company.name)
            slug = _free_slug(company.slug or slug_of(company.name), {each.slug for each in registry.companies})
            new = replace(company, slug=slug, name=company.name.strip())
            return Registry((*registry.companies, new), slug)

        changed = self._change(added)
        if isinstance(changed, Finding):
            return changed
        in_use = changed.in_use()
        assert in_use is not None, "the company was just put in use"
        return in_use

    def use(self, name: str) -> Company | Finding:
        """Put a company in use, by slug or name; the finding if there is none of it."""
        found: list[Company] = []

        def used(registry: Registry) -> Registry | Finding:
            company = registry.company(name)
            if company is None:
                return unknown_company(name, registry)
            found.append(company)
            return replace(registry, current=company.slug)

        changed = self._change(used)
        return changed if isinstance(changed, Finding) else found[0]

    def update(self, company: Company) -> Finding | None:
        """Replace what is known of a company, found by its slug; the finding if its books would become others."""

        def updated(registry: Registry) -> Registry | Finding:
            before = next((each for each in registry.companies if each.slug == company.slug), None)
            if before is None:
                return unknown_company(company.slug, registry)
            if before.quickbooks and company.quickbooks and before.quickbooks.realm_id != company.quickbooks.realm_id:
                return _bound_elsewhere(before)
            others = tuple(company if each.slug == company.slug else each for each in registry.companies)
            return replace(registry, companies=others)

        changed = self._change(updated)
        return changed if isinstance(changed, Finding) else None

    def _change(self, change: Callable[[Registry], Registry | Finding]) -> Registry | Finding:
        with file_lock(self._file.with_name("companies.lock"), self._clock, STORE_BUSY_SECONDS_MAX):
            changed = change(self.read())
            if isinstance(changed, Registry):
                record = {"current": changed.current, "companies": [asdict(each) for each in changed.companies]}
                write_durably(self._file, (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode("utf-8"))
        return changed


def _company(record: dict[str, Any]) -> Company:
    quickbooks, amazon = record.pop("quickbooks"), record.pop("amazon")
    more_amazon = record.pop("more_amazon", ())  # registries of before had one account
    return Company(
        **record,
        quickbooks=QuickBooksAddress(**quickbooks) if quickbooks else None,
        amazon=_amazon(amazon) if amazon else None,
        more_amazon=tuple(_amazon(each) for each in more_amazon),
    )


def _amazon(record: dict[str, Any]) -> AmazonAddress:
    return AmazonAddress(**{**record, "marketplaces": tuple(record["marketplaces"])})


def _free_slug(slug: str, taken: set[str]) -> str:
    number = 2
    free = slug
    while free in taken:
        free, number = f"{slug}-{number}", number + 1
    return free


def _taken(name: str) -> Finding:
    return Finding(
        code="company-exists",
        severity=Severity.REFUSED,
        what=f"There is a company called {name.strip()} already.",
        to_do="Choose another name, or put that one in use with `tieout company use`.",
    )


def unknown_company(name: str, registry: Registry) -> Finding:
    """That there is no company of a name, and which there are."""
    names = ", ".join(company.name for company in registry.companies)
    return Finding(
        code="company-unknown",
        severity=Severity.REFUSED,
        what=f"There is no company called {name}.",
        to_do=f"The companies are: {names}." if names else "Add one with `tieout company add`.",
    )


def _bound_elsewhere(company: Company) -> Finding:
    realm = company.quickbooks.realm_id if company.quickbooks else ""
    return Finding(
        code="company-bound-elsewhere",
        severity=Severity.REFUSED,
        what=f"{company.name} is bound to QuickBooks company {realm}, and what it posted is there.",
        to_do="Add another company for the other books; one store never posts to two.",
    )
