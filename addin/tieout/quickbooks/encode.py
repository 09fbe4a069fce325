"""Documents as the exact bytes that are sent: what the rule states, and nothing else.

python-quickbooks' own objects are not used for this: its JournalEntry adds ExchangeRate, TotalAmt and tax fields
that nobody stated, and turns Decimals into strings. Field names: Intuit's JournalEntry and Account references and
Finance.xsd.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from tieout.domain.account import Account, Group
from tieout.domain.journal import Journal, JournalLine
from tieout.limits import QUICKBOOKS_DESCRIPTION_CHARACTERS_MAX
from tieout.ports import JournalNames
from tieout.quickbooks.exact_json import Number, number, write_json

# Where a stated tax code belongs on the return: what the seller sells, or what the seller buys.
_SALES_GROUPS = frozenset(
    {Group.SALES, Group.SHIPPING, Group.GIFT_WRAP, Group.PROMOTIONS, Group.REFUNDS, Group.TAX, Group.FACILITATOR_TAX}
)


def journal_entry(journal: Journal, day: date, note: str, names: JournalNames, multicurrency: bool) -> bytes:
    """The body that creates `journal`, dated `day`. Lines of zero are left out; amounts are never negative.

    CurrencyRef stands only in a company with several currencies, and the rate is QuickBooks' own for the day. A
    tax code stands only where the line states one, with a tax of zero: the caller has proved that its rate is
    zero. KeyError for a name without an id.
    """
    body: dict[str, Any] = {"DocNumber": journal.doc_number, "TxnDate": day.isoformat(), "PrivateNote": note}
    if multicurrency:
        body["CurrencyRef"] = {"value": journal.currency}
    location = names.locations[journal.location] if journal.location else ""
    body["Line"] = [_line(line, names, location) for line in journal.posted_lines]
    return write_json(body)


def _line(line: JournalLine, names: JournalNames, location: str) -> dict[str, Any]:
    detail: dict[str, Any] = {
        "PostingType": line.side.value,
        "AccountRef": {"value": names.accounts[line.account]},
    }
    if line.class_name:
        detail["ClassRef"] = {"value": names.classes[line.class_name]}
    if location:
        detail["DepartmentRef"] = {"value": location}
    if line.tax_code:
        detail["TaxCodeRef"] = {"value": names.tax_codes[line.tax_code]}
        detail["TaxApplicableOn"] = "Sales" if line.group in _SALES_GROUPS else "Purchase"
        detail["TaxAmount"] = Number("0")
    return {
        "Amount": number(line.amount),
        "Description": line.description[:QUICKBOOKS_DESCRIPTION_CHARACTERS_MAX],
        "DetailType": "JournalEntryLineDetail",
        "JournalEntryLineDetail": detail,
    }


def account(new: Account) -> bytes:
    """The body that creates an account in the home currency."""
    body = {"Name": new.name, "AccountType": new.account_type}
    if new.detail_type:
        body["AccountSubType"] = new.detail_type
    return write_json(body)


def deletion(quickbooks_id: str, sync_token: str) -> bytes:
    """The body that deletes a document of which nobody has made a newer version."""
    return write_json({"Id": quickbooks_id, "SyncToken": sync_token})


def count(entity: str, conditions: Iterable[str] = ()) -> str:
    """A query for the number of rows."""
    where = " AND ".join(conditions)
    return f"SELECT COUNT(*) FROM {entity}{f' WHERE {where}' if where else ''}"  # noqa: S608


def query(entity: str, conditions: Iterable[str] = (), start: int = 1, rows: int = 1000) -> str:
    """A query in Intuit's language; conditions hold only text that was checked before."""
    where = " AND ".join(conditions)
    what = "*, Sku" if entity == "Item" else "*"  # an item's SKU is told only if it is asked for
    return f"SELECT {what} FROM {entity}{f' WHERE {where}' if where else ''} STARTPOSITION {start} MAXRESULTS {rows}"  # noqa: S608
