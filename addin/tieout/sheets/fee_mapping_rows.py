"""The sheet Fee Mappings: which of its rows are the user's rules, and what its other columns say of each.

The sheet starts with the published dictionary. A row that says what the dictionary says is the dictionary's; one
that the user changed or added is his, and wins. A row without a group is a fee nobody has decided yet, and no rule.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tieout.domain.account import Chart
from tieout.domain.finding import Finding
from tieout.domain.money import Money
from tieout.domain.origin import Cell
from tieout.rules.charts import ROLE_OF_GROUP
from tieout.rules.fee_dictionary import load_fee_dictionary
from tieout.rules.fee_rule import FeeRule, marketplace_key
from tieout.rules.mapping_file import Row as MappingRow
from tieout.rules.spelling import folded, folded_pattern
from tieout.sheets.port import Gone, ReadTable, Refresh, Row, TableRow, WorkbookPort

TABLE = "FeeMappings"
WORDS = ("transaction_type", "amount_type", "amount_description")
# Our columns, by the names that a mapping file gives them.
_FIELDS = {
    **{word: word for word in (*WORDS, "marketplace", "group", "account", "tax_code")},
    "class": "class_name",
}
MAPPED, YOURS, UNMAPPED, IN_CONFLICT, NOT_USED = "Mapped", "Yours", "Unmapped", "In conflict", "Not used"
SIGNS = {"+": "Positive", "-": "Negative"}

RuleKey = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class SheetMappings:
    """The user's rules as rows with their cells, and the letters of the columns that findings point to."""

    rows: tuple[MappingRow, ...]
    columns: Mapping[str, str]
    findings: tuple[Finding, ...]
    table: ReadTable | None = None


@dataclass(slots=True)
class Moved:
    """What one rule moved, or one unmapped kind would, in the settlements shown."""

    rows: int = 0
    amounts: dict[str, Money] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None

    def add(self, rows: int, amount: Money, first: date, last: date) -> None:
        """Count some lines in, met between two days."""
        self.rows += rows
        self.amounts[amount.currency] = self.amounts.get(amount.currency, Money.zero(amount.currency)) + amount
        self.first = min(self.first or first, first)
        self.last = max(self.last or last, last)

    @property
    def told(self) -> str:
        """The money by currency: "EUR -12.50, USD -3.00"."""
        return ", ".join(str(self.amounts[currency]) for currency in sorted(self.amounts))


@dataclass(frozen=True, slots=True)
class UnmappedFee:
    """A kind of line that no rule decides, with what is thought of it."""

    words: tuple[str, str, str]
    suggested_group: str
    reason: str
    in_conflict: bool


def read_mappings(book: WorkbookPort) -> SheetMappings:
    """The user's rules of the sheet. With a stopping finding none of them is to be used."""
    table = book.read(TABLE)
    if isinstance(table, Finding):
        return SheetMappings((), {}, (table,))
    known = {_key_of_rule(rule): rule for rule in load_fee_dictionary().rules}
    rows = []
    for row in table.rows:
        said = {name: row.text(column) for name, column in _FIELDS.items()}
        if _is_rule(said) and not _is_dictionarys(said, known.get(_key(said))):
            rows.append((table.cell(row, "transaction_type"), said))
    letters = {name: table.columns[column] for name, column in _FIELDS.items() if column in table.columns}
    return SheetMappings(tuple(rows), letters, table.findings, table)


def at_its_cell(finding: Finding, columns: Mapping[str, str]) -> Cell | None:
    """The cell of the column that a finding of the mapping rules is about."""
    name = "account" if finding.column == "account_role" else finding.column
    if not isinstance(finding.where, Cell) or name not in columns:
        return None
    number = finding.where.address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return Cell(finding.where.sheet, f"{columns[name]}{number}")


def mapping_refresh(
    table: ReadTable,
    chart: Chart,
    moved: Mapping[RuleKey, Moved],
    unmapped: Mapping[RuleKey, tuple[UnmappedFee, Moved]],
    used_rules: Mapping[RuleKey, FeeRule],
) -> Refresh:
    """The sheet's own columns for every row that is there, and rows for what is met and not there yet."""
    known = {_key_of_rule(rule): rule for rule in load_fee_dictionary().rules}
    rows: list[Row] = []
    present: set[RuleKey] = set()
    for row in table.rows:
        said = {name: row.text(column) for name, column in _FIELDS.items()}
        key = _key(said)
        present.add(key)
        seen = unmapped[key][1] if key in unmapped and not said["group"] else moved.get(key, Moved())
        rows.append({**_keys(said), **_told(said, known.get(key), chart, unmapped.get(key)), **_counted(seen, row)})
    for key, (fee, seen) in unmapped.items():
        if key not in present:
            rows.append(_unmapped_row(fee, seen))
    for key, rule in used_rules.items():
        if key not in present and key not in unmapped:
            rows.append(_dictionary_row(rule, chart, moved[key]))
    return Refresh(TABLE, rows, Gone.KEPT)


def rule_key(rule: FeeRule) -> RuleKey:
    """A rule as rows of the sheet are compared with it."""
    return _key_of_rule(rule)


def kind_key(words: Iterable[str]) -> RuleKey:
    """A kind of line, of whatever marketplace, as rows of the sheet are compared with it."""
    transaction, amount, description = (folded(word) for word in words)
    return transaction, amount, description, ""


def _key_of_rule(rule: FeeRule) -> RuleKey:
    return rule.key


def _key(said: Mapping[str, str]) -> RuleKey:
    transaction, amount, description = (folded_pattern(said[word]) for word in WORDS)
    return transaction, amount, description, marketplace_key(said["marketplace"])


def _is_rule(said: Mapping[str, str]) -> bool:
    """Whether a row says anything to be done; a fee that waits for its group does not."""
    if said["group"] or said["account"]:
        return True
    return any(said.values()) and not all(said[word] for word in WORDS)


def _is_dictionarys(said: Mapping[str, str], rule: FeeRule | None) -> bool:
    if rule is None or said["account"] or said["class"]:
        return False
    return folded(said["group"]) == folded(str(rule.group)) and said["tax_code"] == rule.tax_code


def _keys(said: Mapping[str, str]) -> dict[str, str]:
    return {name: said[name] for name in (*WORDS, "marketplace")}


def _told(
    said: Mapping[str, str],
    rule: FeeRule | None,
    chart: Chart,
    unmapped: tuple[UnmappedFee, Moved] | None,
) -> Row:
    """What the sheet says of a row: where it posts to, how it stands, what it means."""
    meaning = {
        "meaning": rule.meaning if rule else "",
        "expected_sign": SIGNS.get(rule.expected_sign, "Either") if rule else "",
    }
    if not said["group"]:
        if unmapped is None:
            return {**meaning, "posts_to": "", "state": NOT_USED, "suggested_group": "", "source": "Yours"}
        return {**meaning, **_waiting(unmapped[0])}
    is_dictionarys = _is_dictionarys(said, rule)
    account = said["account"] or _account_of_group(said["group"], rule if is_dictionarys else None, chart)
    by_role = chart.by_role(account)
    state = MAPPED if is_dictionarys else YOURS
    if unmapped is not None and unmapped[0].in_conflict:
        state = IN_CONFLICT
    return {
        **meaning,
        "posts_to": by_role.name if by_role else account,
        "state": state,
        "suggested_group": "",
        "source": "Dictionary" if is_dictionarys else "Yours",
    }


def _account_of_group(group: str, rule: FeeRule | None, chart: Chart) -> str:
    """The account where the row names none: the dictionary's role, else that of the group."""
    role = rule.account_role if rule is not None else ""
    if not role:
        role = next((role for one, role in ROLE_OF_GROUP.items() if folded(str(one)) == folded(group)), "")
    account = chart.by_role(role)
    return account.name if account else ""


def _waiting(fee: UnmappedFee) -> dict[str, str]:
    return {
        "posts_to": "",
        "state": IN_CONFLICT if fee.in_conflict else UNMAPPED,
        "suggested_group": fee.suggested_group,
        "meaning": fee.reason,
        "source": "",
    }


def _counted(seen: Moved, row: TableRow | None) -> Row:
    """Rows and money of what is shown; the first and last day it was met, of all that was ever shown."""
    first, last = _day(row, "first_seen"), _day(row, "last_seen")
    firsts = [day for day in (first, seen.first) if day is not None]
    lasts = [day for day in (last, seen.last) if day is not None]
    return {
        "row_count": seen.rows or None,
        "moved": seen.told,
        "first_seen": min(firsts, default=None),
        "last_seen": max(lasts, default=None),
    }


def _day(row: TableRow | None, key: str) -> date | None:
    value = row.values.get(key) if row is not None else None
    return value.date() if isinstance(value, datetime) else None


def _unmapped_row(fee: UnmappedFee, seen: Moved) -> Row:
    return {**dict(zip(WORDS, fee.words, strict=True)), "marketplace": "", **_waiting(fee), **_counted(seen, None)}


def _dictionary_row(rule: FeeRule, chart: Chart, seen: Moved) -> Row:
    """A row of the dictionary that the user took away, and that his settlements need."""
    said = {
        "transaction_type": rule.transaction_type,
        "amount_type": rule.amount_type,
        "amount_description": rule.amount_description,
        "marketplace": rule.marketplace,
        "group": str(rule.group),
        "account": "",
        "tax_code": "",
        "class": "",
    }
    return {**_keys(said), "group": said["group"], **_told(said, rule, chart, None), **_counted(seen, None)}
