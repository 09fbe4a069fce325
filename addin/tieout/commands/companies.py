"""Companies: add one, bind it to its QuickBooks and Amazon, choose which is in use."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tieout.domain.company import AmazonAddress, Company, QuickBooksAddress, slug_of
from tieout.domain.finding import Finding, Severity
from tieout.domain.marketplace import by_country
from tieout.domain.origin import Origin


@dataclass(frozen=True, slots=True)
class PracticeConnection:
    """The JSON line of `tieout practice serve`, read: addresses for the company, credentials for its vault."""

    quickbooks: QuickBooksAddress | None
    amazon: AmazonAddress | None
    secrets: Mapping[str, Mapping[str, str]]


def new_company(name: str, country: str, connection: PracticeConnection | None = None) -> Company | Finding:
    """A company ready to be added; the finding if the country is none in which Amazon has a marketplace."""
    marketplace = by_country(country)
    if marketplace is None:
        return Finding(
            code="country-unknown",
            severity=Severity.REFUSED,
            what=f"{country!r} is not the code of a country in which Amazon has a marketplace.",
            to_do="Use a code such as US, GB, DE or FR.",
        )
    if not name.strip():
        return Finding(
            code="company-without-name",
            severity=Severity.REFUSED,
            what="A company needs a name.",
            to_do="Say the name by which you know it.",
        )
    company = Company(slug_of(name), name.strip(), marketplace.country, marketplace.currency)
    if connection is None:
        return company
    return replace(company, practice=True, quickbooks=connection.quickbooks, amazon=connection.amazon)


def read_practice_file(path: Path) -> PracticeConnection | Finding:
    """The connection in the file that `tieout practice serve` wrote; the finding if there is none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        return Finding(
            code="practice-file-unreadable",
            severity=Severity.REFUSED,
            what=f"The file {path} can't be read: {reason or type(error).__name__}.",
            to_do="Run `tieout practice serve --json > practice.json` and give that file, while it runs.",
            where=Origin(str(path)),
        )
    return read_practice_connection(text, str(path))


def read_practice_connection(text: str, file: str) -> PracticeConnection | Finding:
    """The connection that `tieout practice serve` printed; the finding if the text is not that."""
    try:
        found = json.loads(text)
        return PracticeConnection(
            quickbooks=_quickbooks(found["quickbooks"]) if found.get("quickbooks") else None,
            amazon=_amazon(found["amazon"]) if found.get("amazon") else None,
            secrets={
                service: {
                    "client_secret": str(found[service]["client_secret"]),
                    "refresh_token": str(found[service]["refresh_token"]),
                }
                for service in ("quickbooks", "amazon")
                if found.get(service)
            },
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return Finding(
            code="practice-connection-unreadable",
            severity=Severity.REFUSED,
            what=f"{file} is not what `tieout practice serve` prints ({type(error).__name__}: {error}).",
            to_do="Run `tieout practice serve --json > practice.json` and give that file, while it runs.",
            where=Origin(file),
        )


def _quickbooks(found: Mapping[str, Any]) -> QuickBooksAddress:
    return QuickBooksAddress(
        endpoint=str(found["endpoint"]),
        token_url=str(found["token_url"]),
        realm_id=str(found["realm_id"]),
        client_id=str(found["client_id"]),
        discovery_url=str(found.get("discovery_url", "")),
    )


def _amazon(found: Mapping[str, Any]) -> AmazonAddress:
    return AmazonAddress(
        endpoint=str(found["endpoint"]),
        lwa=str(found["lwa"]),
        client_id=str(found["client_id"]),
        seller_id=str(found["seller_id"]),
        marketplaces=tuple(str(each) for each in found.get("marketplaces", ())),
    )
