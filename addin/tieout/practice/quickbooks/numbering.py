"""Document numbers: assigned where QuickBooks assigns them, refused where its duplicate warning is on.

Intuit's references of the transactions: a number sent is used; where none is sent, sales forms and bills take
the next of their sequence if `Preferences.SalesFormsPrefs.CustomTxnNumbers` is off, and none if it is on.
`include=allowduplicatedocnum` skips the duplicate check; `include=allowautodocnum` (and `autodocnumber`, as some
clients write it) asks for the next number; so does the number "AUTO_GENERATE".
"""

from collections.abc import Set as AbstractSet

from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import fault
from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.kinds import Kind
from tieout.practice.quickbooks.preferences import CUSTOM_NUMBERS
from tieout.practice.quickbooks.records import Record

_AUTOMATIC = "AUTO_GENERATE"


def settle_number(
    company: Company, kind: Kind, document: Doc, before: Record | None, include: AbstractSet[str]
) -> None:
    """Give the document its number, or refuse a duplicate with 6140."""
    number = document.get("DocNumber")
    if number is None or number == _AUTOMATIC:
        document.pop("DocNumber", None)
        asked = number == _AUTOMATIC or bool(include & {"allowautodocnum", "autodocnumber"})
        if before is None and (asked or (kind.numbered and not company.preferences[CUSTOM_NUMBERS])):
            document["DocNumber"] = _next(company, kind)
        return
    warned = kind.duplicate_warning is not None and company.preferences[kind.duplicate_warning]
    if not warned or "allowduplicatedocnum" in include:
        return
    for other in company.records.select(kind.name, "number = ?", (number,), unseen=True):
        if before is None or other.id != before.id:
            raise fault(
                "6140",
                "Duplicate Document Number Error : You must specify a different number. This number has already"
                f" been used. DocNumber={number} is assigned to TxnType={kind.name} with TxnId={other.id}",
            )


def _next(company: Company, kind: Kind) -> str:
    while True:
        number = str(1000 + company.store.next_in(f"number of {kind.name}"))
        if not company.records.select(kind.name, "number = ?", (number,), unseen=True):
            return number
