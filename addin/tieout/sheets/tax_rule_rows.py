"""The right-hand table of the sheet Tax Codes: which tax code to use for what, as the user typed it."""

from tieout.domain.account import Group
from tieout.domain.finding import Finding
from tieout.domain.tax_rule import TaxPayer, TaxRule
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
            continue
        found = _rule(table, row)
        if isinstance(found, TaxRule):
            rules.append(found)
        else:
            findings += found
    return tuple(rules), tuple(findings)


def _rule(table: ReadTable, row: TableRow) -> TaxRule | list[Finding]:
    group = one_of(row.values.get("group"), table.cell(row, "group"), [each.value for each in Group])
    payer = one_of(row.values.get("responsible"), table.cell(row, "responsible"), [each.value for each in TaxPayer])
    day = whole_day(row.values.get("from_date"), table.cell(row, "from_date"))
    problems = [one for one in (group, payer, day) if isinstance(one, Finding)]
    if problems or isinstance(group, Finding) or isinstance(payer, Finding) or isinstance(day, Finding):
        return problems
    return TaxRule(
        code=row.text("code"),
        country=row.text("country").upper(),
        group=Group(group) if group else None,
        payer=TaxPayer(payer) if payer else TaxPayer.ANY,
        from_day=day,
        where=table.cell(row, "code"),
    )
