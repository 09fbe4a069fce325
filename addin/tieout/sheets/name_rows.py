"""Proposals on the sheet Accounts: what documents need and QuickBooks lacks, made only where Create is ticked.

Accounts stand in the left table, customers, vendors and items in the right one.
"""

from collections.abc import Iterable, Mapping, Sequence, Set

from tieout.domain.finding import Finding
from tieout.domain.origin import Cell
from tieout.domain.proposal import ACCOUNT, Proposal
from tieout.sheets.account_rows import IN_QUICKBOOKS, MISSING, PROPOSED
from tieout.sheets.port import Gone, ReadTable, Refresh, Row, TableRow
from tieout.sheets.typed import ticked

ACCOUNTS, NAMES = "Accounts", "Names"
_OPEN = frozenset({PROPOSED, MISSING})

# What tells a proposal apart: its kind, and its name in lower case.
Key = tuple[str, str]


def ticked_proposals(tables: Iterable[ReadTable]) -> tuple[frozenset[Key], tuple[Finding, ...]]:
    """What the user ticked to have made, of what is proposed; and ticks that are none."""
    found: set[Key] = set()
    findings: list[Finding] = []
    for table in tables:
        for row in table.rows:
            tick = ticked(row.values.get("create"), table.cell(row, "create"))
            if isinstance(tick, Finding):
                findings.append(tick)
            elif tick and row.text("state") in _OPEN:
                found.add(_key(table, row))
    return frozenset(found), tuple(findings)


def proposals_refresh(table: ReadTable, proposed: Sequence[Proposal], made: Set[Key]) -> Refresh:
    """The table with what is missing proposed, and what was made marked; no row leaves."""
    rows: list[Row] = [
        _account_row(each) if each.kind == ACCOUNT else _name_row(each) for each in _of_table(table, proposed)
    ]
    asked = {each.key for each in proposed}
    for row in table.rows:
        key = _key(table, row)
        if key in made and key not in asked:
            rows.append({**_identity(table, row), "state": IN_QUICKBOOKS})
    return Refresh(table.layout.name, rows, Gone.KEPT)


def names_refresh(table: ReadTable, present: Set[Key]) -> Refresh:
    """The names after the lists were read: what is there by now is marked, or leaves where nobody ticked it."""
    rows: list[Row] = []
    for row in table.rows:
        key = _key(table, row)
        if not key[1]:
            continue
        if key not in present:
            rows.append({**_identity(table, row), "state": PROPOSED})
        elif row.text("create"):
            rows.append({**_identity(table, row), "state": IN_QUICKBOOKS})
    return Refresh(NAMES, rows)


def tick_cells(table: ReadTable, proposed: Sequence[Proposal]) -> Mapping[Key, Cell]:
    """The cell to tick for each proposal of a table once it is refreshed: rows stay, and new ones follow the last."""
    cells = {_key(table, row): table.cell(row, "create") for row in table.rows}
    last = max((row.number for row in table.rows if any(row.values.values())), default=table.header_row)
    column = table.columns.get("create", "A")
    for each in _of_table(table, proposed):
        if each.key not in cells:
            last += 1
            cells[each.key] = Cell(table.sheet, f"{column}{last}")
    return cells


def _of_table(table: ReadTable, proposed: Sequence[Proposal]) -> list[Proposal]:
    """The proposals that belong to a table, each once."""
    own = (each for each in proposed if (each.kind == ACCOUNT) is (table.layout.name == ACCOUNTS))
    return list({each.key: each for each in own}.values())


def _key(table: ReadTable, row: TableRow) -> Key:
    if table.layout.name == ACCOUNTS:
        return ACCOUNT, row.text("account").casefold()
    return row.text("kind"), row.text("name").casefold()


def _identity(table: ReadTable, row: TableRow) -> Row:
    return {key: row.text(key) for key in table.layout.key}


def _account_row(proposal: Proposal) -> Row:
    account = proposal.account
    assert account is not None, "an account is proposed with what it would be"
    return {
        "account": proposal.name,
        "state": PROPOSED,
        "account_type": account.account_type,
        "detail_type": account.detail_type,
        "role": account.role,
    }


def _name_row(proposal: Proposal) -> Row:
    return {
        "kind": proposal.kind,
        "name": proposal.name,
        "state": PROPOSED,
        "posts_to": proposal.account.name if proposal.account is not None else "",
        "currency": proposal.currency,
        "needed_by": proposal.needed_by,
    }
