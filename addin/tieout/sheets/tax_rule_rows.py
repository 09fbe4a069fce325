"""The right-hand table of the sheet Tax Codes: which tax code to use for what, as the user typed it."""

from collections.abc import Iterator, Sequence

from tieout.domain.account import Group
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Cell
from tieout.domain.tax_rule import TaxPayer, TaxRule
from tieout.sheets.layout import load_layout
from tieout.sheets.port import ReadTable, TableRow, WorkbookPort
from tieout.sheets.typed import one_of, whole_day

TABLE = "TaxRules"


def read_tax_rules(book: WorkbookPort) -> tuple[tuple[TaxRule, ...], tuple[Finding, ...]]:
    """The rules that name a code, and what is wrong with others: a rule that was not understood is none."""
    table = book.read(TABLE)
    if isinstance(table, Finding):
        return (), (table,)
    rules: list[TaxRule] = []
    findings = list(table.findings)
    for row in table.rows:
        if not row.text("code"):
            if any(row.text(key) for key in ("country", "group", "from_date")):
                findings.append(_without_code(table.cell(row, "code")))
            continue
        found = _rule(table, row)
        if isinstance(found, TaxRule):
            rules.append(found)
        else:
            findings += found
    return tuple(rules), (*findings, *_contradictions(rules), *_not_listed(book, rules))


def _contradictions(rules: Sequence[TaxRule]) -> Iterator[Finding]:
    """Rules for the same lines from the same day on, with different codes: which one is meant is not guessed."""
    first: dict[tuple[object, ...], TaxRule] = {}
    for rule in rules:
        same = first.setdefault((rule.country, rule.group, rule.payer, rule.from_day), rule)
        if same.code != rule.code:
            yield Finding(
                code="tax-rules-contradict",
                severity=Severity.BLOCKED,
                what=f"{rule.code} is for the same lines from the same day on as {same.code} ({same.where}).",
                to_do="Leave one of the two rows, or give them different countries, groups, payers or days.",
                where=rule.where,
            )


def _not_listed(book: WorkbookPort, rules: Sequence[TaxRule]) -> Iterator[Finding]:
    """Codes that QuickBooks did not have when its lists were last read; it is asked again before a press sends."""
    table = book.read("TaxCodes")
    listed = {row.text("tax_code") for row in table.rows} - {""} if isinstance(table, ReadTable) else set()
    for rule in rules if listed else ():
        if rule.code not in listed:
            yield Finding(
                code="tax-code-not-listed",
                severity=Severity.NOTICE,
                what=f"{rule.code} is not among the tax codes that QuickBooks had when its lists were last read.",
                to_do="Choose a code from the list; or press Refresh lists, if it is new in QuickBooks.",
                where=rule.where,
            )


def _without_code(where: Cell) -> Finding:
    return Finding(
        code="tax-rule-without-code",
        severity=Severity.NOTICE,
        what="This row says for which lines a tax code is, and names no code: it counts for nothing.",
        to_do="Choose a code in Use Code, or empty the row.",
        where=where,
    )


def _rule(table: ReadTable, row: TableRow) -> TaxRule | list[Finding]:
    group = one_of(row.values.get("group"), table.cell(row, "group"), [each.value for each in Group])
    payer = one_of(row.values.get("responsible"), table.cell(row, "responsible"), [each.value for each in TaxPayer])
    day = whole_day(row.values.get("from_date"), table.cell(row, "from_date"))
    country = one_of(row.values.get("country"), table.cell(row, "country"), load_layout().marketplaces)
    read = (country, group, payer, day)
    problems = [one for one in read if isinstance(one, Finding)]
    if (
        isinstance(country, Finding)
        or isinstance(group, Finding)
        or isinstance(payer, Finding)
        or isinstance(day, Finding)
    ):
        return problems
    return TaxRule(
        code=row.text("code"),
        country=country or "",
        group=Group(group) if group else None,
        payer=TaxPayer(payer) if payer else TaxPayer.ANY,
        from_day=day,
        where=table.cell(row, "code"),
    )
