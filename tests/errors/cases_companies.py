"""Companies, practice files and folders that can't be used."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from unittest import mock

from tests.errors.case import ErrorCase
from tieout.commands.companies import home_unwritable, new_company, read_practice_connection, read_practice_file
from tieout.commands.demo import unwritable
from tieout.commands.mapping_source import read_mapping_source
from tieout.commands.practice_servers import read_schedule
from tieout.domain.finding import Finding
from tieout.wiring import Refused, companies, open_company


def _found(result: object) -> Iterable[Finding]:
    return [result] if isinstance(result, Finding) else []


def _practice_elsewhere(folder: Path) -> Iterable[Finding]:
    """Each of the four addresses in the open, and two that are no addresses."""
    guarded = {
        "quickbooks": {"endpoint": "https://books.example/v3/company/", "token_url": "http://127.0.0.1:8080/token"},
        "amazon": {"endpoint": "http://localhost:8080", "lwa": "https://lwa.example/token", "seller_id": "A1"},
    }
    names = ("realm_id", "client_id", "client_secret", "refresh_token")
    for service, key, url in (
        ("quickbooks", "endpoint", "http://books.example/v3/company/"),
        ("quickbooks", "token_url", "http://books.example/token"),
        ("amazon", "endpoint", "ftp://127.0.0.1/"),
        ("amazon", "lwa", "http://[::1"),
    ):
        told = {name: {**dict.fromkeys(names, "x"), **values} for name, values in guarded.items()}
        path = folder / "practice.json"
        path.write_text(json.dumps(told), encoding="utf-8")
        assert not isinstance(read_practice_file(path), Finding), "guarded addresses are fine"
        told[service][key] = url
        path.write_text(json.dumps(told), encoding="utf-8")
        yield from _found(read_practice_file(path))


def _no_company(folder: Path) -> Iterable[Finding]:
    with mock.patch.dict(os.environ, {"TIEOUT_HOME": str(folder / "home")}):
        try:
            with open_company():
                return []
        except Refused as refused:
            return [refused.finding]


def _not_connected(folder: Path) -> Iterable[Finding]:
    company = new_company("Acme", "US")
    assert not isinstance(company, Finding)
    companies(folder).add(company)
    with open_company("Acme", folder) as opened:
        try:
            with opened.books():
                return []
        except Refused as refused:
            return [refused.finding]


def _schedule(folder: Path) -> Iterable[Finding]:
    path = folder / "faults.json"
    path.write_text('{"do": "reset"}', encoding="utf-8")
    return _found(read_schedule(path))


CASES = [
    ErrorCase(
        "no-company",
        "Nothing to post to",
        "Reading and previewing files needs no company; posting needs one, because its books are kept apart.",
        _no_company,
    ),
    ErrorCase(
        "home-unwritable",
        "The data folder can't be written",
        "Companies and what was posted are kept in one folder of yours: the system's own for data of programs, or the"
        " one that the variable TIEOUT_HOME names.",
        lambda folder: [home_unwritable(folder, PermissionError(13, "Permission denied"))],
    ),
    ErrorCase(
        "quickbooks-not-connected",
        "A company that was never connected to QuickBooks",
        "The command ends with status 3. Nothing was sent or stored.",
        _not_connected,
    ),
    ErrorCase(
        "country-unknown",
        "A country in which Amazon has no marketplace",
        "The country decides the default chart of accounts and the home currency. UK is read as GB.",
        lambda folder: _found(new_company("Acme", "Atlantis")),
    ),
    ErrorCase(
        "company-without-name",
        "A company without a name",
        "The name is how you choose it later.",
        lambda folder: _found(new_company("  ", "US")),
    ),
    ErrorCase(
        "practice-file-unreadable",
        "The file with the practice connection can't be read",
        "The file is the one line that the practice servers print when they start.",
        lambda folder: _found(read_practice_file(folder / "practice.json")),
    ),
    ErrorCase(
        "practice-connection-unreadable",
        "A file that is not a practice connection",
        "Real credentials never go into a file; this one holds a practice company's, which are no secrets.",
        lambda folder: _found(read_practice_connection("{}[", "practice.json")),
    ),
    ErrorCase(
        "practice-address-open",
        "A practice connection to another computer, in the open",
        "Whoever listens on the way would read what is sent, the credentials too.",
        _practice_elsewhere,
    ),
    ErrorCase(
        "practice-world-unusable",
        "A practice company that can't be made so",
        "An option or the fault schedule of `tieout practice serve` is not what it should be.",
        _schedule,
    ),
    ErrorCase(
        "mapping-file-unreadable",
        "The file with your fee mappings can't be read",
        "Nothing is drafted without it: you named it because you want it used.",
        lambda folder: _found(read_mapping_source(folder / "mine.csv", None)),
    ),
    ErrorCase(
        "folder-unwritable",
        "The demo's folder can't be written",
        "Usually its workbook is open in Excel.",
        lambda folder: [unwritable(folder, PermissionError(13, "Permission denied"))],
    ),
]
