"""A user's own fee mappings, from a CSV file or the rows of a sheet, checked whole before any is used.

Columns: transaction_type, amount_type, amount_description, group; and where wanted marketplace, account_role or
account (a role, or an account by name), tax_code, class. The fee dictionary's other columns may stand in it too.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from tieout.domain.account import BALANCING_GROUPS, Chart, Group
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Cell, Origin
from tieout.limits import MAPPING_COLUMNS_MAX, MAPPING_ROWS_MAX
from tieout.rules.fee_rule import ANY, FeeRule, marketplace_key
from tieout.rules.mapping_checks import check_rules
from tieout.rules.spelling import folded

REQUIRED = ("transaction_type", "amount_type", "amount_description", "group")
_OPTIONAL = ("marketplace", "account_role", "account", "tax_code", "class")
_NOT_READ = frozenset({"meaning", "expected_sign", "marketplaces", "first_known", "source"})
_OTHER_NAMES = {"description": "amount_description", "account_name": "account", "class_name": "class"}
_ROLE_FORM = re.compile(r"[a-z]+(?:_[a-z]+)+", re.ASCII)
_GROUPS = {folded(group.value): group for group in Group if group not in BALANCING_GROUPS}
_BALANCING_ROLES = frozenset({"bank", "carry_forward"})
_FIELD_LENGTH_MAX = 4000  # QuickBooks' longest description; a longer name is no name of a fee

Row = tuple[Origin | Cell, Mapping[str, str]]


def read_mapping_csv(text: str, file_name: str, chart: Chart) -> tuple[tuple[FeeRule, ...], tuple[Finding, ...]]:
    """The rules of a mapping file and what is wrong with it; a row with a fault makes no rule.

    Fields are separated by commas, semicolons or tabs, whichever the header has most of. If a finding stops, the
    file should be put right before any of it is used.
    """
    plain = text.removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(plain, newline=""), delimiter=_delimiter(plain), strict=True)
    try:
        table = [(reader.line_num, fields) for fields in reader]
    except csv.Error as error:
        return (), (_unreadable(f"It is not a table: {error}.", Origin(file_name, row=reader.line_num or None)),)
    if not table:
        return (), (_unreadable("The mapping file is empty.", Origin(file_name)),)
    columns = [_column(name) for name in table[0][1]]
    if wrong := _wrong_shape(columns, len(table) - 1):
        return (), (_unreadable(wrong, Origin(file_name, row=1)),)
    findings = [*_unknown_columns(columns, Origin(file_name, row=1))]
    rows: list[Row] = []
    for number, fields in table[1:]:
        origin = Origin(file_name, row=number)
        if not any(field.strip() for field in fields):
            continue
        if len(fields) > len(columns) and any(field.strip() for field in fields[len(columns) :]):
            findings.append(_malformed("The row has more fields than the header has columns.", origin))
            continue
        padded = [*fields, *[""] * (len(columns) - len(fields))]
        rows.append((origin, dict(zip(columns, (field.strip() for field in padded), strict=False))))
    rules, problems = read_mapping_rows(rows, chart)
    return rules, (*findings, *problems)


def _wrong_shape(columns: Sequence[str], rows: int) -> str:
    """What forbids to read a table of such columns and so many rows; empty where nothing does."""
    if len(columns) > MAPPING_COLUMNS_MAX or rows > MAPPING_ROWS_MAX:
        return f"It has more than {MAPPING_ROWS_MAX:,} rows or more than {MAPPING_COLUMNS_MAX} columns."
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        return f"The header lacks the columns {', '.join(missing)}."
    twice = [name for name in (*REQUIRED, *_OPTIONAL) if columns.count(name) > 1]
    if twice:
        return f"The header has {', '.join(twice)} twice, so which column counts is not clear."
    return ""


def read_mapping_rows(rows: Iterable[Row], chart: Chart) -> tuple[tuple[FeeRule, ...], tuple[Finding, ...]]:
    """The rules of rows by column name, each with where it stands, and what is wrong with them."""
    rules: list[FeeRule] = []
    findings: list[Finding] = []
    first_of: dict[tuple[str, ...], FeeRule] = {}
    for origin, row in rows:
        rule, problems = _rule(origin, row, chart)
        findings.extend(problems)
        if rule is None:
            continue
        first = first_of.setdefault(rule.key, rule)
        if first is rule:
            rules.append(rule)
        else:
            findings.append(_repeated(first, rule))
    return tuple(rules), (*findings, *check_rules(rules))


def _rule(origin: Origin | Cell, row: Mapping[str, str], chart: Chart) -> tuple[FeeRule | None, tuple[Finding, ...]]:
    empty = [name for name in REQUIRED if not row.get(name)]
    if empty:
        return None, (_malformed(f"The row has no {', '.join(empty)}.", origin),)
    long = [name for name, value in row.items() if len(value) > _FIELD_LENGTH_MAX]
    if long:
        return None, (_malformed(f"{', '.join(long)} has more than {_FIELD_LENGTH_MAX} characters.", origin),)
    group = _GROUPS.get(folded(row["group"]))
    if group is None:
        return None, (_unknown_group(row["group"], origin),)
    role, name, problem = _account(row, chart, origin)
    problem = problem or _balancing(role, name, group, chart, origin)
    if problem is not None and problem.stops:
        return None, (problem,)
    rule = FeeRule(
        transaction_type=row["transaction_type"],
        amount_type=row["amount_type"],
        amount_description=row["amount_description"],
        marketplace="" if row.get("marketplace", "") == ANY else row.get("marketplace", ""),
        group=group,
        account_role=role,
        account_name=name,
        tax_code=row.get("tax_code", ""),
        class_name=row.get("class", ""),
        source="your mapping",
        origin=origin,
    )
    return rule, (*((problem,) if problem is not None else ()), *_unknown_marketplace(rule))


def _account(row: Mapping[str, str], chart: Chart, origin: Origin | Cell) -> tuple[str, str, Finding | None]:
    """Role, name (one of them at most) and what is wrong or worth saying."""
    name = row.get("account", "")
    role = row.get("account_role", "") or (name if chart.by_role(name) or _ROLE_FORM.fullmatch(name) else "")
    if name and name != role:
        account = chart.by_name(name)
        return "", account.name if account else name, None if account else _new_account(name, origin)
    if role and chart.by_role(role) is None:
        return "", "", _unknown_role(role, chart, origin)
    return role, "", None


def _balancing(role: str, name: str, group: Group, chart: Chart, origin: Origin | Cell) -> Finding | None:
    """Rules 4 and 6: the bank's only line is the deposit, or a deposit that failed; carry-forward nets to zero."""
    account = chart.by_role(role) if role else chart.by_name(name)
    if account is None or (account.role == "bank" and group is Group.TRANSFERS):
        return None
    if account.role not in _BALANCING_ROLES:
        return None
    return Finding(
        code="mapping-account-balances",
        severity=Severity.BLOCKED,
        what=f"{account.name} ({account.role}) balances a settlement's journals; rows of {group} can't go there.",
        to_do="Name another account: the bank would no longer show the deposit, or what is carried would not return.",
        where=origin,
        column="account",
    )


def _column(name: str) -> str:
    plain = re.sub(r"[\s\-]+", "_", name.strip().casefold())
    return _OTHER_NAMES.get(plain, plain)


def _delimiter(text: str) -> str:
    header = text.split("\n", 1)[0]
    return max((",", ";", "\t"), key=header.count)


def _unreadable(what: str, where: Origin) -> Finding:
    return Finding(
        code="mapping-file-unreadable",
        severity=Severity.REFUSED,
        what=what,
        to_do=f"Give the file a header with the columns {', '.join(REQUIRED)}, as mappings/amazon-fees.csv has it.",
        where=where,
    )


def _unknown_columns(columns: Sequence[str], where: Origin) -> Iterable[Finding]:
    for name in columns:
        if name and name not in REQUIRED and name not in _OPTIONAL and name not in _NOT_READ:
            yield Finding(
                code="mapping-column-unknown",
                severity=Severity.NOTICE,
                what=f"The column {name} is not known and was not read.",
                to_do=f"If it matters, name it one of {', '.join((*REQUIRED, *_OPTIONAL))}.",
                where=where,
                column=name,
            )


def _malformed(what: str, where: Origin | Cell) -> Finding:
    return Finding(
        code="mapping-row-malformed",
        severity=Severity.BLOCKED,
        what=what,
        to_do="Fill in transaction type, amount type, description (* for any) and group; quote text with separators.",
        where=where,
    )


def _unknown_group(text: str, where: Origin | Cell) -> Finding:
    return Finding(
        code="mapping-group-unknown",
        severity=Severity.BLOCKED,
        what=f'"{text}" is not a group.',
        to_do=f"Use one of {', '.join(group.value for group in _GROUPS.values())}.",
        where=where,
        column="group",
    )


def _unknown_role(role: str, chart: Chart, where: Origin | Cell) -> Finding:
    roles = ", ".join(account.role for account in chart.accounts if account.role)
    return Finding(
        code="mapping-account-unknown",
        severity=Severity.BLOCKED,
        what=f'No account of the chart plays the role "{role}".',
        to_do=f"Use one of {roles}; or name an account in the column account.",
        where=where,
        column="account_role",
    )


def _new_account(name: str, where: Origin | Cell) -> Finding:
    return Finding(
        code="mapping-account-new",
        severity=Severity.NOTICE,
        what=f'The account "{name}" is not in the chart.',
        to_do="Check its spelling; where QuickBooks has no such account, posting asks before it creates one.",
        where=where,
        column="account",
    )


def _unknown_marketplace(rule: FeeRule) -> Iterable[Finding]:
    key = marketplace_key(rule.marketplace)
    if key and not (len(key) == 2 and key.isupper()) and not key.startswith("nonamazon"):
        yield Finding(
            code="mapping-marketplace-unknown",
            severity=Severity.NOTICE,
            what=f'"{rule.marketplace}" is not a marketplace we know, so the rule fits only lines that name it so.',
            to_do="Use a country code (US, GB, DE) or Amazon's name (Amazon.com), or leave it empty for any.",
            where=rule.origin,
            column="marketplace",
        )


def _repeated(first: FeeRule, again: FeeRule) -> Finding:
    if first.outcome == again.outcome:
        return Finding(
            code="mapping-rule-twice",
            severity=Severity.BLOCKED,
            what=f"{again} is mapped twice, the first time at {first.origin}.",
            to_do="Remove one of the two rows.",
            where=again.origin,
        )
    return Finding(
        code="mapping-rules-conflict",
        severity=Severity.BLOCKED,
        what=f"{first.place} and {again.place} fit the same lines, are equally specific, and differ.",
        to_do="Remove one of the two rows, or make one more specific.",
        where=again.origin,
    )
