"""The store, the registry of companies, credentials."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest import mock

import keyring
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked

from tests.errors.case import ErrorCase
from tests.faults.world import TestClock, two_settlements, world
from tests.rules.in_memory import Row, settlement
from tieout.domain.company import Company, QuickBooksAddress
from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.secrets import PASSPHRASE_VARIABLE, EncryptedFileVault, vault_for
from tieout.store.backup import backup, restore
from tieout.store.companies import StoredCompanies
from tieout.store.company_store import CompanyStore, open_store

ACME = Company("", "Acme", "US", "USD")
SALE = Row(date(2024, 10, 10), ("Order", "ItemPrice", "Principal"), 2500)


def _some(finding: object) -> Iterable[Finding]:
    return [finding] if isinstance(finding, Finding) else []


def _made(folder: Path) -> Path:
    """A store that was made and closed."""
    path = folder / "books.sqlite3"
    store = open_store(path, TestClock())
    assert isinstance(store, CompanyStore)
    store.close()
    return path


def _newer(folder: Path) -> Iterable[Finding]:
    path = _made(folder)
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    return _some(open_store(path, TestClock()))


def _broken(folder: Path) -> Iterable[Finding]:
    path = folder / "books.sqlite3"
    path.write_bytes(b"this is no database, and has never been one" * 100)
    return _some(open_store(path, TestClock()))


def _full(folder: Path) -> Iterable[Finding]:
    from tests.faults.test_faults import FullDisk

    with world(folder) as there:
        return there.post(two_settlements(), FullDisk(2)).findings


def _not_there(folder: Path) -> Iterable[Finding]:
    return _some(backup(folder / "books.sqlite3", folder / "copy.sqlite3"))


def _over(folder: Path) -> Iterable[Finding]:
    path = _made(folder)
    (folder / "copy.sqlite3").write_bytes(b"something else")
    return _some(backup(path, folder / "copy.sqlite3"))


def _no_copy(folder: Path) -> Iterable[Finding]:
    (folder / "holiday.jpg").write_bytes(b"\xff\xd8\xff")
    return _some(restore(folder / "holiday.jpg", folder / "books.sqlite3"))


def _other_settlement(folder: Path) -> Iterable[Finding]:
    first = settlement([SALE], file="settlement.txt")
    other = settlement([SALE, replace(SALE, minor=100)], file="settlement (2).txt")
    store = open_store(folder / "books.sqlite3", TestClock())
    assert isinstance(store, CompanyStore)
    with store:
        for each in (first, other):
            document = Document.of(each.origin.file, each.origin.file.encode())
            store.documents.put(document)
            found = store.settlements.record(replace(each, origin=replace(each.origin, sha256=document.sha256)))
        return _some(found)


def _registry(*steps: Callable[[StoredCompanies], object]) -> Callable[[Path], Iterable[Finding]]:
    def provoke(folder: Path) -> Iterable[Finding]:
        companies = StoredCompanies(folder, TestClock())
        return [finding for step in steps for finding in _some(step(companies))]

    return provoke


def _bound(realm_id: str) -> QuickBooksAddress:
    return QuickBooksAddress("https://example.test/v3/company/", "https://example.test/token", realm_id, "client")


def _vault(environment: dict[str, str], ring: object) -> Callable[[Path], Iterable[Finding]]:
    def provoke(folder: Path) -> Iterable[Finding]:
        home = folder / "acme"
        with (
            mock.patch.dict("os.environ", environment),
            mock.patch.object(keyring, "get_keyring", return_value=ring),
            mock.patch.object(keyring, "get_password", side_effect=KeyringLocked("locked")),
        ):
            return vault_for(replace(ACME, slug="acme"), home, TestClock())[1]

    return provoke


def _wrong_passphrase(folder: Path) -> Iterable[Finding]:
    vault = EncryptedFileVault(folder / "acme", "correct horse", TestClock())
    vault.save("quickbooks", {"refresh_token": "x"})
    return _vault({PASSPHRASE_VARIABLE: "wrong horse"}, NoKeyring())(folder)


def _no_address(_: Path) -> Iterable[Finding]:
    refused = open_store("acme-books", TestClock())
    return [refused] if isinstance(refused, Finding) else []


CASES = [
    ErrorCase(
        "store-address-unusable",
        "The address of a database that is none",
        "A team's store is a PostgreSQL database, named by its address. Its driver is an extra: who works alone does"
        " not have to install it.",
        _no_address,
    ),
    ErrorCase(
        "store-of-newer-version",
        "A database of a newer Tieout",
        "A newer program may keep things that this one would lose, so it does not open it.",
        _newer,
    ),
    ErrorCase(
        "store-unusable",
        "A database that can't be opened",
        "The file is damaged, is something else, or lies where this program may not read or write.",
        _broken,
    ),
    ErrorCase(
        "store-unwritable",
        "A database that can't be written",
        "Everything that was committed before is safe. What was being sent is looked for by the next press.",
        _full,
    ),
    ErrorCase(
        "backup-not-found",
        "No file to copy",
        "There is nothing to back up or restore under that name.",
        _not_there,
    ),
    ErrorCase(
        "backup-would-overwrite",
        "A file is in the way",
        "A copy is never written over something else, and a company's data never replaced unasked.",
        _over,
    ),
    ErrorCase(
        "backup-not-a-store",
        "Not a copy of a company",
        "A copy is read and proved before anything is replaced.",
        _no_copy,
    ),
    ErrorCase(
        "settlement-content-changed",
        "A known settlement with other content",
        "A settlement is known by its id for good. The same rows in another file are the same settlement; other rows"
        " under its id are an alarm.",
        _other_settlement,
    ),
    ErrorCase(
        "company-exists",
        "A company of that name exists",
        "Names of companies are how you tell them apart.",
        _registry(lambda all_: all_.add(ACME), lambda all_: all_.add(replace(ACME, name="ACME"))),
    ),
    ErrorCase(
        "company-unknown",
        "No company of that name",
        "Companies are found by their name in any letter case, or by the name of their folder.",
        _registry(lambda all_: all_.add(ACME), lambda all_: all_.use("Acorn")),
    ),
    ErrorCase(
        "company-bound-elsewhere",
        "A company that is bound to other books",
        "What a store says was posted is in one company of QuickBooks. Another one needs a store of its own.",
        _registry(
            lambda all_: all_.add(replace(ACME, quickbooks=_bound("1"))),
            lambda all_: all_.update(replace(ACME, slug="acme", quickbooks=_bound("2"))),
        ),
    ),
    ErrorCase(
        "no-keyring",
        "No safe place for credentials",
        "Credentials are kept in the keyring of your system, never in the workbook, the database or a plain file.",
        _vault({PASSPHRASE_VARIABLE: ""}, NoKeyring()),
    ),
    ErrorCase(
        "keyring-refuses",
        "The keyring is locked",
        "The system's keyring did not give the credentials out.",
        _vault({}, object()),
    ),
    ErrorCase(
        "credentials-in-encrypted-file",
        "Credentials in an encrypted file",
        "On a machine without a keyring, they are kept in a file encrypted with your passphrase (scrypt, Fernet).",
        _vault({PASSPHRASE_VARIABLE: "correct horse"}, NoKeyring()),
    ),
    ErrorCase(
        "wrong-passphrase",
        "Another passphrase than the file's",
        "The encrypted file can't be read without the passphrase it was saved with.",
        _wrong_passphrase,
    ),
]
