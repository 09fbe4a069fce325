"""A company that does not practise, though its QuickBooks is a practice server: nothing is agreed beforehand."""

import json
from collections.abc import Sequence

import keyring
import pytest
from keyring.backend import KeyringBackend

from tests.buttons.desk import Desk
from tieout.domain.origin import Cell
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.sheets.port import TableRow


class MemoryKeyring(KeyringBackend):
    """A system's keyring for one test."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._kept.pop((service, username), None)


def become_real(desk: Desk, patch: pytest.MonkeyPatch) -> None:
    """Let the desk's company be one that does not practise, with its credentials in the system's keyring."""
    patch.setattr("keyring.core._keyring_backend", MemoryKeyring())
    registry = desk.home / "companies.json"
    record = json.loads(registry.read_text())
    for company in record["companies"]:
        company["practice"] = False
        [credentials] = desk.home.glob(f"companies/{company['slug']}/practice-quickbooks.json")
        keyring.set_password(f"Tieout {company['slug']}", "quickbooks", credentials.read_text())
    registry.write_text(json.dumps(record))


def proposed(desk: Desk) -> dict[tuple[str, str], str]:
    """The names proposed on Accounts, with their state, by kind and name."""
    return {
        (row.text("kind"), row.text("name")): row.text("state")
        for row in desk.table("Names").rows
        if row.text("name")
    }


def tick_names(desk: Desk, *kinds: str) -> None:
    """Tick every proposal of some kinds."""
    for row in desk.table("Names").rows:
        if row.text("kind") in kinds:
            desk.type("Names", "create", row, "x")


def tick_account(desk: Desk, name: str) -> None:
    desk.type("Accounts", "create", desk.row("Accounts", "account", name), "x")


def row_at(desk: Desk, table: str, where: str) -> TableRow:
    """The row of a table in which a cell stands, as Errors names it ("Accounts!N7")."""
    found = desk.table(table)
    [row] = [row for row in found.rows if str(Cell(found.sheet, f"{found.columns['create']}{row.number}")) == where]
    return row


def names_of(books: PracticeQuickBooks, *kinds: str) -> list[str]:
    """The names that QuickBooks' lists hold, of some kinds."""
    return sorted(str(each.get("DisplayName") or each["Name"]) for kind in kinds for each in books.transactions(kind))


def operations(books: PracticeQuickBooks, since: int) -> Sequence[str]:
    """What QuickBooks was asked since a request, in a word each, tokens left out."""
    return [seen.op for seen in books.requests()[since:] if seen.op != "token"]
