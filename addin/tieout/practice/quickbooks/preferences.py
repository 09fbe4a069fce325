"""The company's preferences: what Intuit's Preferences entity shows, and a few switches it does not show.

Kept flat, `Group.Name` to value; shown in Intuit's own shape. The duplicate-number warnings are name/value pairs
under OtherPrefs in Intuit's answer. Source: Intuit's Preferences reference.
"""

from typing import Any

from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.store import Store

_FACT = "preferences"
BOOK_CLOSE_DATE = "AccountingInfoPrefs.BookCloseDate"
CUSTOM_NUMBERS = "SalesFormsPrefs.CustomTxnNumbers"
WARN_JOURNAL = "OtherPrefs.WarnDuplicateJournalNumber"
WARN_BILL = "OtherPrefs.WarnDuplicateBillNumber"
WARN_CHECK = "OtherPrefs.WarnDuplicateCheckNumber"

# Not in Intuit's answer, as at Intuit: the sales forms' own warning, and a closing date that has a password.
WARN_SALES = "hidden.WarnDuplicateSalesNumber"
CLOSED_WITH_PASSWORD = "hidden.ClosedWithPassword"  # noqa: S105


def defaults(*, country: str, home_currency: str, multicurrency: bool) -> Doc:
    """The preferences of a new company."""
    return {
        "AccountingInfoPrefs.UseAccountNumbers": True,
        "AccountingInfoPrefs.TrackDepartments": True,
        "AccountingInfoPrefs.ClassTrackingPerTxn": False,
        "AccountingInfoPrefs.ClassTrackingPerTxnLine": True,
        "AccountingInfoPrefs.FirstMonthOfFiscalYear": "January",
        "AccountingInfoPrefs.TaxYearMonth": "January",
        "AccountingInfoPrefs.CustomerTerminology": "Customers",
        "AccountingInfoPrefs.DepartmentTerminology": "Location",
        "ProductAndServicesPrefs.ForSales": True,
        "ProductAndServicesPrefs.ForPurchase": True,
        "ProductAndServicesPrefs.QuantityOnHand": True,
        "ProductAndServicesPrefs.QuantityWithPriceAndRate": True,
        CUSTOM_NUMBERS: True,
        "SalesFormsPrefs.AllowDiscount": True,
        "SalesFormsPrefs.AllowShipping": False,
        "SalesFormsPrefs.AutoApplyCredit": False,
        "SalesFormsPrefs.AutoApplyPayments": False,
        "VendorAndPurchasesPrefs.TrackingByCustomer": True,
        "VendorAndPurchasesPrefs.BillableExpenseTracking": False,
        "TaxPrefs.UsingSalesTax": True,
        "TaxPrefs.PartnerTaxEnabled": False,
        "CurrencyPrefs.MultiCurrencyEnabled": multicurrency,
        "CurrencyPrefs.HomeCurrency": home_currency,
        "ReportPrefs.ReportBasis": "Accrual",
        "ReportPrefs.CalcAgingReportFromTxnDate": False,
        "OtherPrefs.Language": "en",
        "OtherPrefs.MTDEnabled": country == "GB",
        WARN_CHECK: True,
        WARN_BILL: False,
        WARN_JOURNAL: False,
        WARN_SALES: True,
        CLOSED_WITH_PASSWORD: False,
    }


class Preferences:
    """Reads and sets preferences by their flat name."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._values: Doc = store.fact(_FACT, {})

    def begin(self, values: Doc) -> None:
        """Write a new company's preferences."""
        self._values = dict(values)
        self._store.put_fact(_FACT, values)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def get(self, name: str) -> Any:
        """The value, or None if it was never set."""
        return self._values.get(name)

    def set(self, name: str, value: Any) -> None:
        """Set a preference by its flat name; None takes it away. ValueError for a name without a group."""
        if "." not in name:
            raise ValueError(f"{name!r} names no group; write it like {BOOK_CLOSE_DATE!r}")
        if value is None:
            self._values.pop(name, None)
        else:
            self._values[name] = value
        self._store.put_fact(_FACT, self._values)
        self._store.next_in("preferences")

    def body(self) -> Doc:
        """The Preferences entity."""
        shown: Doc = {}
        others: list[Doc] = []
        for flat, value in self._values.items():
            group, name = flat.split(".", 1)
            if group == "OtherPrefs":
                others.append({"Name": name, "Value": _plain(value)})
            elif group != "hidden":
                shown.setdefault(group, {})[name] = value
        currency = shown["CurrencyPrefs"]
        currency["HomeCurrency"] = {"value": currency["HomeCurrency"]}
        shown["OtherPrefs"] = {"NameValue": others}
        row = self._store.row("SELECT last FROM sequences WHERE name = 'preferences'")
        version = "0" if row is None else str(row[0])
        return {**shown, "Id": "1", "SyncToken": version, "domain": "QBO", "sparse": False}


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
