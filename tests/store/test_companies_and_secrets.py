"""The registry of companies, and the places credentials are kept in."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest import mock

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from tests.faults.world import TestClock
from tieout.domain.company import AmazonAddress, Company, QuickBooksAddress, slug_of
from tieout.domain.finding import Finding
from tieout.durable_file import write_durably
from tieout.file_lock import Locked, file_lock
from tieout.secrets import PASSPHRASE_VARIABLE, EncryptedFileVault, KeyringVault, PracticeVault, vault_for
from tieout.store.companies import StoredCompanies
from tieout.store.home import company_folder, database_path, home_folder

ACME = Company(
    "",
    "Acme Goods",
    "US",
    "USD",
    practice=True,
    quickbooks=QuickBooksAddress("https://q.example.test/v3/company/", "https://t.example.test", "9130", "client"),
    amazon=AmazonAddress("https://a.example.test", "https://l.example.test", "client", "A1", ("ATVPDKIKX0DER",)),
)


def test_a_company_comes_back_as_it_was(tmp_path: Path) -> None:
    companies = StoredCompanies(tmp_path, TestClock())
    added = companies.add(ACME)
    assert added == replace(ACME, slug="acme-goods")
    assert StoredCompanies(tmp_path, TestClock()).read().in_use() == added


def test_the_newest_company_is_in_use_until_another_is_chosen(tmp_path: Path) -> None:
    companies = StoredCompanies(tmp_path, TestClock())
    assert companies.read().in_use() is None
    companies.add(ACME)
    second = companies.add(replace(ACME, name="Acme goods!"))
    assert isinstance(second, Company)
    assert second.slug == "acme-goods-2"
    assert companies.read().in_use() == second
    for name in ("ACME GOODS", "acme-goods"):
        chosen = companies.use(name)
        assert isinstance(chosen, Company)
        assert chosen.slug == "acme-goods"
    assert companies.read().current == "acme-goods"


def test_a_company_is_bound_to_its_books_for_good(tmp_path: Path) -> None:
    companies = StoredCompanies(tmp_path, TestClock())
    added = companies.add(replace(ACME, quickbooks=None))
    assert isinstance(added, Company)
    assert companies.update(replace(added, quickbooks=ACME.quickbooks)) is None
    assert ACME.quickbooks is not None
    refused = companies.update(replace(added, quickbooks=replace(ACME.quickbooks, realm_id="1")))
    assert refused is not None
    assert refused.code == "company-bound-elsewhere"
    moved = replace(ACME.quickbooks, endpoint="https://elsewhere.example.test/v3/company/")
    assert companies.update(replace(added, quickbooks=moved)) is None


def test_many_who_add_at_once_lose_nobody(tmp_path: Path) -> None:
    class Patient(TestClock):
        __test__ = False

        def sleep_milliseconds(self, milliseconds: int) -> None:
            threading.Event().wait(0.3)

    def add(number: int) -> None:
        StoredCompanies(tmp_path, Patient()).add(replace(ACME, name=f"Client {number}"))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = {company.name for company in StoredCompanies(tmp_path, TestClock()).read().companies}
    assert names == {f"Client {number}" for number in range(8)}


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Acme Goods", "acme-goods"), ("Müller & Söhne", "muller-sohne"), ("../..", "company"), ("株式会社", "company")],
)
def test_a_slug_is_a_safe_name_of_a_folder(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_the_home_folder_can_be_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "elsewhere"))
    assert home_folder() == tmp_path / "elsewhere"
    assert database_path(home_folder(), "acme").parent == company_folder(tmp_path / "elsewhere", "acme")
    monkeypatch.delenv("TIEOUT_HOME")
    assert home_folder().name == "Tieout"


def test_a_file_is_replaced_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "companies.json"
    write_durably(path, b"first")
    with (
        mock.patch("tieout.durable_file.os.fsync", side_effect=OSError("no space")),
        pytest.raises(OSError, match="space"),
    ):
        write_durably(path, b"second")
    assert path.read_bytes() == b"first"
    assert list(path.parent.iterdir()) == [path]  # and nothing of the half is left
    write_durably(path, b"third", private=True)
    assert path.read_bytes() == b"third"


def test_a_lock_is_respected_and_ends_with_its_holder(tmp_path: Path) -> None:
    clock = TestClock()
    with file_lock(tmp_path / "lock", clock, 5):
        for step in (1_000, 5):
            began = clock.now()
            with pytest.raises(Locked), file_lock(tmp_path / "lock", clock, 5, step_milliseconds=step):
                pass
            assert 5_000 <= (clock.now() - began) / timedelta(milliseconds=1) < 5_050
    began = clock.now()
    with file_lock(tmp_path / "lock", clock, 5):
        assert clock.now() - began < timedelta(seconds=1)


class _Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


REAL = replace(ACME, slug="acme", practice=False)


def test_a_real_companys_credentials_are_in_the_keyring_and_nowhere_else(tmp_path: Path) -> None:
    ring = _Ring()
    before = keyring.get_keyring()
    keyring.set_keyring(ring)
    try:
        vault, findings = vault_for(REAL, tmp_path, TestClock())
        assert isinstance(vault, KeyringVault)
        assert findings == ()
        assert vault.load("quickbooks") == {}
        with vault.locked("quickbooks"):
            vault.save("quickbooks", {"refresh_token": "hush"})
        assert vault.load("quickbooks") == {"refresh_token": "hush"}
        assert vault.load("amazon") == {}
    finally:
        keyring.set_keyring(before)
    assert list(ring.kept) == [("Tieout acme", "quickbooks")]
    assert all(b"hush" not in file.read_bytes() for file in tmp_path.iterdir())


def test_without_a_keyring_an_encrypted_file_is_used_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "correct horse")
    monkeypatch.setattr("tieout.secrets._SCRYPT_COST", 2**10)  # a test need not hold out against anybody
    with mock.patch.object(keyring, "get_keyring", return_value=NoKeyring()):
        vault, findings = vault_for(REAL, tmp_path, TestClock())
    assert isinstance(vault, EncryptedFileVault)
    assert [finding.code for finding in findings] == ["credentials-in-encrypted-file"]
    vault.save("quickbooks", {"refresh_token": "hush"})
    content = (tmp_path / "quickbooks.encrypted").read_bytes()
    vault.save("quickbooks", {"refresh_token": "hush"})
    assert vault.load("quickbooks") == {"refresh_token": "hush"}
    assert b"hush" not in content
    assert (tmp_path / "quickbooks.encrypted").read_bytes() != content  # a fresh salt each time
    with pytest.raises(ValueError, match="another passphrase"):
        EncryptedFileVault(tmp_path, "wrong horse", TestClock()).load("quickbooks")


def test_without_either_there_is_no_vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PASSPHRASE_VARIABLE, raising=False)
    with mock.patch.object(keyring, "get_keyring", return_value=NoKeyring()):
        vault, findings = vault_for(REAL, tmp_path, TestClock())
    assert vault is None
    assert [finding.code for finding in findings] == ["no-keyring"]


def test_a_practice_companys_are_no_secrets(tmp_path: Path) -> None:
    vault, findings = vault_for(replace(REAL, practice=True), tmp_path, TestClock())
    assert isinstance(vault, PracticeVault)
    assert findings == ()
    vault.save("quickbooks", {"refresh_token": "open"})
    assert json.loads((tmp_path / "practice-quickbooks.json").read_text()) == {"refresh_token": "open"}


def test_an_unknown_company_is_a_finding(tmp_path: Path) -> None:
    assert isinstance(StoredCompanies(tmp_path, TestClock()).use("nobody"), Finding)
