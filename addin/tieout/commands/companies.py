"""Companies: add one, bind it to its QuickBooks and Amazon, choose which is in use."""

import json
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tieout.domain.company import AmazonAddress, Company, QuickBooksAddress, is_guarded, slug_of
from tieout.domain.finding import Finding, Severity
from tieout.domain.marketplace import by_country
from tieout.domain.origin import Origin
from tieout.limits import SMALL_FILE_BYTES_MAX
from tieout.plain_file import read_plain_file


@dataclass(frozen=True, slots=True)
class PracticeConnection:
    """The JSON line of `tieout practice serve`, read: addresses for the company, credentials for its vault."""

    quickbooks: QuickBooksAddress | None
    amazon: AmazonAddress | None
    secrets: Mapping[str, Mapping[str, str]]

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where credentials and data would travel to."""
        books, amazon = self.quickbooks, self.amazon
        return (
            *((books.endpoint, books.token_url) if books is not None else ()),
            *((amazon.endpoint, amazon.lwa) if amazon is not None else ()),
        )


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
        content = read_plain_file(path, SMALL_FILE_BYTES_MAX)
        # What `>` of Windows PowerShell 5 writes is UTF-16.
        wide = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        return Finding(
            code="practice-file-unreadable",
            severity=Severity.REFUSED,
            what=f"The file {path} can't be read: {reason or type(error).__name__}.",
            to_do="Run `tieout practice serve --json > practice.json` and give that file, while it runs.",
            where=Origin(str(path)),
        )
    connection = read_practice_connection(text, str(path))
    if isinstance(connection, Finding):
        return connection
    return next((_open(url, path) for url in connection.addresses if not is_guarded(url)), connection)


def read_practice_connection(text: str, file: str) -> PracticeConnection | Finding:
    """The connection that `tieout practice serve` printed; the finding if the text is not that."""
    try:
        found = json.loads(text)
        if not found.get("quickbooks") and not found.get("amazon"):
            raise KeyError("quickbooks")
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
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        lacking = f"{error.args[0]} is missing" if isinstance(error, KeyError) else "it is not its JSON line"
        return Finding(
            code="practice-connection-unreadable",
            severity=Severity.REFUSED,
            what=f"{file} is not what `tieout practice serve` prints: {lacking}.",
            to_do="Run `tieout practice serve --json > practice.json` and give that file, while it runs.",
            where=Origin(file),
        )


def home_unwritable(home: Path, error: OSError) -> Finding:
    """That the folder of all companies can't be written."""
    return Finding(
        code="home-unwritable",
        severity=Severity.REFUSED,
        what=f"The data folder {home} can't be written: {error.strerror or type(error).__name__}.",
        to_do="Make it writable, or choose another with the variable TIEOUT_HOME.",
        where=Origin(str(home)),
    )


def _open(url: str, path: Path) -> Finding:
    return Finding(
        code="practice-address-open",
        severity=Severity.REFUSED,
        what=f"{path} leads to {url}, which is neither on this computer nor https; nothing was sent there.",
        to_do="Run `tieout practice serve --json > practice.json` on this computer; give that file while it runs.",
        where=Origin(str(path)),
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
