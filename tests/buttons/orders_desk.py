"""A desk whose company has downloaded orders and posts them one by one; what its sheets and its books hold."""

import json
from pathlib import Path
from typing import Any

from tests.buttons.desk import Desk
from tieout.commands.companies import PracticeConnection, read_practice_connection
from tieout.domain.company import Company
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.wiring import bind_to_practice, open_company

AtDesk = tuple[Desk, PracticeQuickBooks]


def bind(desk: Desk, made: Path, books: PracticeQuickBooks) -> None:
    """Bind a copied desk to books of its own; it is as if Connect had been pressed."""
    line = {**json.loads((made / "practice.json").read_text()), "quickbooks": books.connection()}
    (desk.home.parent.parent / "practice.json").write_text(json.dumps(line))
    connection = read_practice_connection(json.dumps(line), "the practice servers")
    assert isinstance(connection, PracticeConnection)
    with open_company("Acme Ltd", desk.home) as opened:
        assert isinstance(bind_to_practice(opened.company, connection, desk.home), Company)


def ids(desk: Desk, table: str) -> dict[str, str]:
    """The orders on a sheet, with their state (or code)."""
    key = "code" if table == "Errors" else "state"
    return {row.text("order_id"): row.text(key) for row in desk.table(table).rows if row.text("order_id")}


def invoices(books: PracticeQuickBooks) -> dict[str, Any]:
    return {one["DocNumber"]: one for one in books.transactions("Invoice")}


def note(desk: Desk, table: str, order_id: str, text: str) -> None:
    desk.type(table, "notes", desk.row(table, "order_id", order_id), text)


def tick(desk: Desk, table: str, order_id: str) -> None:
    desk.type(table, "select", desk.row(table, "order_id", order_id), "x")


def ready(desk: Desk) -> list[str]:
    """The orders that the next Post takes."""
    return [one for one, state in ids(desk, "Orders").items() if state == "Ready"]


def exceptions(desk: Desk) -> dict[tuple[str, str], str]:
    """The state of each exception about an order, by its code and order id."""
    return {
        (row.text("code"), row.text("order_id")): row.text("state")
        for row in desk.table("Exceptions").rows
        if row.text("order_id")
    }


def decide(desk: Desk, code: str, order_id: str, choice: str, reason: str = "") -> None:
    """Decide an exception about an order."""
    [row] = [
        row for row in desk.table("Exceptions").rows if (row.text("code"), row.text("order_id")) == (code, order_id)
    ]
    desk.type("Exceptions", "decision", row, choice)
    if reason:
        desk.type("Exceptions", "decision_reason", row, reason)
