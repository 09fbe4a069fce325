"""Credentials: in the system's keyring, or, on a machine without one, in an encrypted file, which is said aloud.

A practice company's are no secrets: they stand in a plain file with its addresses. Each service ("quickbooks",
"amazon") has its own small set of named values; a change is durable before `save` returns, and is made under a
lock that two processes respect, because QuickBooks' refresh tokens are worth using once only.
"""

import base64
import json
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from tieout.domain.company import Company
from tieout.domain.finding import Finding, Severity
from tieout.durable_file import write_durably
from tieout.file_lock import file_lock
from tieout.limits import TOKEN_LOCK_SECONDS_MAX
from tieout.ports import Clock

PASSPHRASE_VARIABLE = "TIEOUT_PASSPHRASE"  # noqa: S105 - the name of a variable, not a secret
# scrypt with the interactive parameters that OWASP's "Password Storage Cheat Sheet" gives (64 MiB of memory).
_SCRYPT_COST, _SCRYPT_BLOCK, _SCRYPT_LANES, _SALT_BYTES = 2**16, 8, 1, 16


class Vault(Protocol):
    """Where one company's credentials are."""

    def load(self, service: str) -> dict[str, str]:
        """The values of a service; empty where there are none."""
        ...

    def save(self, service: str, values: Mapping[str, str]) -> None:
        """Replace the values of a service, durably."""
        ...

    def locked(self, service: str) -> AbstractContextManager[None]:
        """Keep other processes and threads from loading to save while the block runs."""
        ...


class _LockedByFile:
    """The lock that every vault has: a file in the company's folder."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def locked(self, service: str) -> AbstractContextManager[None]:
        """Hold the lock of a service."""
        return file_lock(self._folder / f"{service}.lock", self._clock, TOKEN_LOCK_SECONDS_MAX)


class PracticeVault(_LockedByFile):
    """A practice company's credentials, in plain JSON."""

    def load(self, service: str) -> dict[str, str]:
        """The values of a service; empty where there are none."""
        file = self._folder / f"practice-{service}.json"
        return _values(file.read_bytes()) if file.exists() else {}

    def save(self, service: str, values: Mapping[str, str]) -> None:
        """Replace the values of a service, durably."""
        write_durably(self._folder / f"practice-{service}.json", _bytes(values))


class KeyringVault(_LockedByFile):
    """Credentials in the keyring of the user's system: Credential Manager, Keychain, Secret Service, KWallet."""

    def __init__(self, folder: Path, slug: str, clock: Clock) -> None:
        super().__init__(folder, clock)
        self._slug = slug

    def load(self, service: str) -> dict[str, str]:
        """The values of a service; empty where there are none."""
        import keyring

        found = keyring.get_password(f"Tieout {self._slug}", service)
        return _values(found.encode("utf-8")) if found else {}

    def save(self, service: str, values: Mapping[str, str]) -> None:
        """Replace the values of a service."""
        import keyring

        keyring.set_password(f"Tieout {self._slug}", service, _bytes(values).decode("utf-8"))


class EncryptedFileVault(_LockedByFile):
    """Credentials in a file encrypted with a passphrase (scrypt, then Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, folder: Path, passphrase: str, clock: Clock) -> None:
        super().__init__(folder, clock)
        self._passphrase = passphrase.encode("utf-8")

    def load(self, service: str) -> dict[str, str]:
        """The values of a service; ValueError where the passphrase is not the one they were saved with."""
        from cryptography.fernet import InvalidToken

        file = self._folder / f"{service}.encrypted"
        if not file.exists():
            return {}
        content = file.read_bytes()
        try:
            return _values(self._cipher(content[:_SALT_BYTES]).decrypt(content[_SALT_BYTES:]))
        except InvalidToken:
            raise ValueError(f"{file.name} was encrypted with another passphrase, or is damaged") from None

    def save(self, service: str, values: Mapping[str, str]) -> None:
        """Replace the values of a service, durably, under a fresh salt."""
        salt = os.urandom(_SALT_BYTES)
        content = salt + self._cipher(salt).encrypt(_bytes(values))
        write_durably(self._folder / f"{service}.encrypted", content, private=True)

    def _cipher(self, salt: bytes) -> "_Cipher":
        from cryptography.fernet import Fernet
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

        scrypt = Scrypt(salt=salt, length=32, n=_SCRYPT_COST, r=_SCRYPT_BLOCK, p=_SCRYPT_LANES)
        return Fernet(base64.urlsafe_b64encode(scrypt.derive(self._passphrase)))


class _Cipher(Protocol):
    def encrypt(self, data: bytes) -> bytes: ...

    def decrypt(self, token: bytes) -> bytes: ...


def vault_for(company: Company, folder: Path, clock: Clock) -> tuple[Vault | None, tuple[Finding, ...]]:
    """The vault of a company whose folder is `folder`; none where credentials can't be kept safely, and why."""
    if company.practice:
        return PracticeVault(folder, clock), ()
    if _has_keyring():
        return _keyring_vault(company, folder, clock)
    passphrase = os.environ.get(PASSPHRASE_VARIABLE, "")
    if not passphrase or not _has_cryptography():
        return None, (_no_safe_place(),)
    vault = EncryptedFileVault(folder, passphrase, clock)
    try:
        for service in ("quickbooks", "amazon"):
            vault.load(service)
    except ValueError as error:
        return None, (_wrong_passphrase(str(error)),)
    return vault, (_in_a_file(folder),)


def _keyring_vault(company: Company, folder: Path, clock: Clock) -> tuple[Vault | None, tuple[Finding, ...]]:
    """The keyring's vault, tried once: it may be locked, or this program not allowed in."""
    from keyring.errors import KeyringError

    vault = KeyringVault(folder, company.slug, clock)
    try:
        vault.load("quickbooks")
    except KeyringError as error:
        return None, (_keyring_refuses(type(error).__name__),)
    return vault, ()


def _has_keyring() -> bool:
    import keyring
    from keyring.backends.fail import Keyring as NoKeyring

    return not isinstance(keyring.get_keyring(), NoKeyring)


def _has_cryptography() -> bool:
    from importlib.util import find_spec

    return find_spec("cryptography") is not None


def _bytes(values: Mapping[str, str]) -> bytes:
    return json.dumps(dict(values), sort_keys=True).encode("utf-8")


def _values(content: bytes) -> dict[str, str]:
    return {str(name): str(value) for name, value in json.loads(content).items()}


def _no_safe_place() -> Finding:
    return Finding(
        code="no-keyring",
        severity=Severity.REFUSED,
        what="This machine has no keyring in which credentials could be kept.",
        to_do=(
            "Install one (gnome-keyring or KWallet on Linux) and sign in again; or set the variable"
            f" {PASSPHRASE_VARIABLE}, and they are kept in a file encrypted with it."
        ),
    )


def _keyring_refuses(reason: str) -> Finding:
    return Finding(
        code="keyring-refuses",
        severity=Severity.REFUSED,
        what=f"The system's keyring does not give the credentials out ({reason}).",
        to_do="Unlock it, allow Tieout to use it, and try again.",
    )


def _in_a_file(folder: Path) -> Finding:
    return Finding(
        code="credentials-in-encrypted-file",
        severity=Severity.NOTICE,
        what=f"This machine has no keyring: credentials are kept in encrypted files in {folder.name}.",
        to_do=f"They are as safe as the passphrase in {PASSPHRASE_VARIABLE}; a keyring is safer.",
    )


def _wrong_passphrase(reason: str) -> Finding:
    return Finding(
        code="wrong-passphrase",
        severity=Severity.REFUSED,
        what=f"The credentials could not be decrypted: {reason}.",
        to_do=f"Set {PASSPHRASE_VARIABLE} to the passphrase they were saved with, or connect again.",
    )
