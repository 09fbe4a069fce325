"""A chart of accounts from QuickBooks Desktop: an IIF export (File, Utilities, Export, Lists to IIF) or a table.

IIF's lists begin with a line `!ACCNT`, which names the columns; each account is a line `ACCNT`. A table has a header
with a column Account (or Name) and, where it can, a column Type, as the report Account Listing has when it is saved.
"""

from collections.abc import Iterator

from tieout.domain.desktop_chart import DesktopAccount, DesktopChart
from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.parse.delimited import DelimitedText, delimit
from tieout.parse.encodings import DecodedText, decode

_NAMES = ("account", "name", "full name")
_TYPES = ("type", "account type")
# The types of the report Account Listing, in IIF's words (Intuit, "IIF reference: lists").
_KINDS = {
    "bank": "BANK",
    "accounts receivable": "AR",
    "other current asset": "OCASSET",
    "fixed asset": "FIXASSET",
    "other asset": "OASSET",
    "accounts payable": "AP",
    "credit card": "CCARD",
    "other current liability": "OCLIAB",
    "long term liability": "LTLIAB",
    "equity": "EQUITY",
    "income": "INC",
    "cost of goods sold": "COGS",
    "expense": "EXP",
    "other income": "EXINC",
    "other expense": "EXEXP",
    "non-posting": "NONPOSTING",
}


def read_desktop_chart(document: Document) -> DesktopChart | Finding:
    """The accounts of an upload; the finding if it is neither form, or has none."""
    decoded = decode(document)
    if not isinstance(decoded, DecodedText):
        return decoded
    text = decoded.utf8.decode("utf-8")
    if any(line.startswith("!ACCNT\t") for line in text.splitlines()):
        accounts = tuple(_of_iif(text))
    else:
        table = delimit(document, decoded)
        if not isinstance(table, DelimitedText):
            return table
        accounts = tuple(_of_table(table))
    if not accounts:
        return _no_chart(document)
    return DesktopChart(tuple(dict.fromkeys(accounts)))


def _of_iif(text: str) -> Iterator[DesktopAccount]:
    columns: list[str] = []
    for line in text.splitlines():
        fields = [field.strip().strip('"') for field in line.split("\t")]
        if fields[0] == "!ACCNT":
            columns = [field.upper() for field in fields]
        elif fields[0] == "ACCNT" and "NAME" in columns:
            row = dict(zip(columns, fields, strict=False))
            if row.get("NAME"):
                yield DesktopAccount(row["NAME"], row.get("ACCNTTYPE", "").upper())


def _of_table(table: DelimitedText) -> Iterator[DesktopAccount]:
    columns = [column.strip().casefold() for column in table.columns]
    name_at = next((columns.index(name) for name in _NAMES if name in columns), None)
    type_at = next((columns.index(name) for name in _TYPES if name in columns), None)
    if name_at is None:
        return
    rows = table.rows()
    next(rows)
    for _, fields in rows:
        name = fields[name_at].strip() if len(fields) > name_at else ""
        kind = fields[type_at].strip().casefold() if type_at is not None and len(fields) > type_at else ""
        if name:
            yield DesktopAccount(name, _KINDS.get(kind, kind.upper()))


def _no_chart(document: Document) -> Finding:
    return Finding(
        code="desktop-chart-unreadable",
        severity=Severity.REFUSED,
        what="The file is no chart of accounts: it has neither lines ACCNT nor a column Account.",
        to_do="In QuickBooks Desktop choose File, Utilities, Export, Lists to IIF Files, Chart of Accounts.",
        where=Origin(document.name, document.sha256),
    )
