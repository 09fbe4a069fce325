"""TaxCode and TaxRate: what may stand in a TaxCodeRef, and what it comes to.

In the US a line says TAX or NON and the transaction names the code of its place (Intuit: "Sales tax, US"). In
other countries every line names a code of the company, whose sales or purchase rates apply (Intuit: "Global tax
model"). A new company has the usual codes of its country and those that `mappings/` names.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import fault
from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.kinds import STAMPS, Kind
from tieout.practice.quickbooks.records import Record
from tieout.practice.quickbooks.shape import computed, flag, inner, loose, rate, ref, several, shape, text

US_LINE_CODES = ("TAX", "NON")

_RATE_DETAIL = shape(
    "TaxRateDetail", ref("TaxRateRef", "TaxRate"), text("TaxTypeApplicable"), *loose("TaxOrder", "TaxOnTaxOrder")
)
_RATE_LIST = shape("TaxRateList", several("TaxRateDetail", _RATE_DETAIL))

TAX_CODE = shape(
    "TaxCode",
    *computed("Id", "SyncToken", "MetaData", "domain", "sparse", "Hidden", "TaxCodeConfigType"),
    text("Name", 100),
    text("Description", 100),
    flag("Active"),
    flag("Taxable"),
    flag("TaxGroup"),
    inner("SalesTaxRateList", _RATE_LIST),
    inner("PurchaseTaxRateList", _RATE_LIST),
)
TAX_RATE = shape(
    "TaxRate",
    *computed("Id", "SyncToken", "MetaData", "domain", "sparse", "EffectiveTaxRate", "OriginalTaxRate"),
    text("Name", 100),
    text("Description", 100),
    flag("Active"),
    rate("RateValue"),
    ref("AgencyRef"),
    text("SpecialTaxType"),
    text("DisplayType"),
    *loose("TaxReturnLineRef"),
)


@dataclass(frozen=True, slots=True)
class Code:
    """A tax code of a new company: percentages for sales and for purchases, several for reverse charge."""

    name: str
    description: str
    sales: tuple[str, ...]
    purchases: tuple[str, ...]


_GB = (
    Code("20.0% S", "Standard rate", ("20",), ("20",)),
    Code("5.0% R", "Reduced rate", ("5",), ("5",)),
    Code("0.0% Z", "Zero rate", ("0",), ("0",)),
    Code("Exempt", "Exempt", ("0",), ("0",)),
    Code("No VAT", "Outside the scope of VAT", (), ()),
    Code("20.0% RC SG", "Reverse charge, services", ("0",), ("20", "-20")),
    Code("0.0% ECG", "EC goods", ("0",), ("0",)),
    Code("0.0% ECS", "EC services", ("0",), ("0",)),
)
_STANDARD_RATE: dict[str, str] = {
    "AT": "20",
    "BE": "21",
    "DE": "19",
    "ES": "21",
    "FR": "20",
    "IE": "23",
    "IT": "22",
    "NL": "21",
    "PL": "23",
    "SE": "25",
}
_PERCENT = re.compile(r"(-?\d+(?:\.\d+)?)\s*%")


def open_tax_codes(company: Company, named: Iterable[str] = ()) -> None:
    """Give a new company the codes of its country, and any further ones that are asked for by name."""
    if company.is_us:
        add_code(company, Code("California", "California", ("8",), ()))
        add_code(company, Code("Out of scope", "No sales tax", (), ()))
        return
    codes = {code.name: code for code in (_GB if company.country == "GB" else _european(company.country))}
    for name in named:
        codes.setdefault(name, _from_name(name))
    for code in codes.values():
        add_code(company, code)


def _european(country: str) -> tuple[Code, ...]:
    standard = _STANDARD_RATE.get(country, "20")
    return (
        Code(f"{standard}.0% S", "Standard rate", (standard,), (standard,)),
        Code("0.0% Z", "Zero rate", ("0",), ("0",)),
        Code("Exempt", "Exempt", ("0",), ("0",)),
        Code("No VAT", "Outside the scope of VAT", (), ()),
        Code(f"{standard}.0% RC", "Reverse charge", ("0",), (standard, f"-{standard}")),
    )


def _from_name(name: str) -> Code:
    """A code known by its name alone: the percentage in it counts, "RC" in it means reverse charge."""
    found = _PERCENT.search(name)
    if found is None:
        return Code(name, name, (), ())
    percent = found[1]
    if "RC" in name.split():
        return Code(name, name, ("0",), (percent, f"-{percent}"))
    return Code(name, name, (percent,), (percent,))


def add_code(company: Company, code: Code) -> Record:
    """Add a tax code with its rates."""
    lists = {}
    for side, percents in (("Sales", code.sales), ("Purchase", code.purchases)):
        details = [
            {"TaxRateRef": _add_rate(company, code, side, percent), "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0}
            for percent in percents
        ]
        lists[f"{side}TaxRateList"] = {"TaxRateDetail": details}
    document = {
        "Name": code.name,
        "Description": code.description,
        "Active": True,
        "Hidden": False,
        "Taxable": bool(code.sales or code.purchases),
        "TaxGroup": True,
        **lists,
    }
    return company.records.insert("TaxCode", "TaxCode", document, company.now())


def _add_rate(company: Company, code: Code, side: str, percent: str) -> Doc:
    name = f"{code.name} ({side}{' reversed' if percent.startswith('-') else ''})"
    document = {
        "Name": name,
        "Description": code.description,
        "Active": True,
        "RateValue": Decimal(percent),
        "AgencyRef": {"value": "1"},
        "SpecialTaxType": "NONE",
        "DisplayType": "ReadOnly",
        "EffectiveTaxRate": [{"RateValue": Decimal(percent), "EffectiveDate": "2000-01-01T00:00:00-08:00"}],
    }
    record = company.records.insert("TaxRate", "TaxRate", document, company.now())
    return {"value": record.id, "name": name}


def rates(company: Company, code: str, side: str) -> list[tuple[str, Decimal]]:
    """The (rate Id, percentage) of a code for `side` Sales or Purchase; 2500 if there is no such code."""
    record = company.record("TaxCode", code)
    if record is None:
        raise fault("2500", f"Invalid Reference Id : TaxCode element id {code} not found", "TaxCodeRef")
    found = []
    for detail in record.document[f"{side}TaxRateList"]["TaxRateDetail"]:
        rate_record = company.record("TaxRate", detail["TaxRateRef"]["value"])
        assert rate_record is not None, "rates are made with their code and never deleted"
        found.append((rate_record.id, Decimal(rate_record.document["RateValue"])))
    return found


def line_code_bodies(company: Company) -> list[Doc]:
    """TAX and NON, which a US company lists among its codes; they have no number and no rates."""
    if not company.is_us:
        return []
    return [
        {
            "Name": code,
            "Description": code,
            "Active": True,
            "Hidden": False,
            "Taxable": code == "TAX",
            "TaxGroup": False,
            "Id": code,
            "SyncToken": "0",
            "domain": "QBO",
            "sparse": False,
            "MetaData": {
                "CreateTime": "2020-01-01T00:00:00-08:00",
                "LastUpdatedTime": "2020-01-01T00:00:00-08:00",
            },
        }
        for code in US_LINE_CODES
    ]


def _made_elsewhere(_company: Company, _document: Doc, _before: Record | None) -> None:
    raise fault("500", "Operation is not supported: tax codes and rates are made with the TaxService.")


TAX_CODES = Kind(
    name="TaxCode",
    shape=TAX_CODE,
    sequence="TaxCode",
    complete=_made_elsewhere,
    queryable=STAMPS | {"Name", "Description", "Active", "Taxable", "TaxGroup"},
    creatable=False,
)
TAX_RATES = Kind(
    name="TaxRate",
    shape=TAX_RATE,
    sequence="TaxRate",
    complete=_made_elsewhere,
    queryable=STAMPS | {"Name", "Description", "Active", "RateValue"},
    creatable=False,
)
