"""Tax of a transaction: US sales tax and the global tax model.

US: a line is TAX or NON, the transaction names a tax code (`TxnTaxCodeRef`) or states the total itself; without a
taxable line there is no tax. Elsewhere: every line names a tax code; QuickBooks computes the tax, by rate on the
sum of its lines (TaxExcluded), or takes it out of the line's `TaxInclusiveAmt` (TaxInclusive), which then is
exact and the line's Amount the net of it; `TaxLine` amounts override what is computed for their rate.
Sources: Intuit's "Manage sales tax, US" and "… for non-US locales".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tieout.practice.quickbooks import tax_codes
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import business, fault
from tieout.practice.quickbooks.figures import Doc, minor_of, number_of

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class TaxableLine:
    """A line's net amount, its amount with tax (0 if not given) and its tax code, in minor units."""

    net: int
    gross: int
    code: str | None


@dataclass(frozen=True, slots=True)
class Taxed:
    """Net amounts line by line (changed where they follow from gross ones), the tax, and TxnTaxDetail."""

    nets: tuple[int, ...]
    tax: int
    detail: Doc


def compute(company: Company, document: Doc, lines: Sequence[TaxableLine], side: str, places: int) -> Taxed:
    """The tax of a transaction; `side` is Sales or Purchase."""
    if not company.preferences["TaxPrefs.UsingSalesTax"]:
        return Taxed(tuple(line.net for line in lines), 0, {})
    if company.is_us:
        return _us(company, document, lines, places) if side == "Sales" else _untaxed(lines)
    return _Global(company, document, side, places).compute(lines)


def _untaxed(lines: Sequence[TaxableLine]) -> Taxed:
    return Taxed(tuple(line.net for line in lines), 0, {})


def _us(company: Company, document: Doc, lines: Sequence[TaxableLine], places: int) -> Taxed:
    for line in lines:
        if line.code not in (None, *tax_codes.US_LINE_CODES):
            raise fault("6100", f"Invalid Tax Code {line.code}: a line is TAX or NON.", "TaxCodeRef")
    base = _us_base(document, lines)
    given = document.get("TxnTaxDetail", {})
    code = given.get("TxnTaxCodeRef")
    detail: Doc = {} if code is None else {"TxnTaxCodeRef": code}
    rates = [] if code is None else tax_codes.rates(company, code["value"], "Sales")
    computed = [(rate, percent, _share(base, percent)) for rate, percent in rates]
    tax = sum(amount for _, _, amount in computed)
    if given.get("TotalTax") is not None and base:
        tax, computed = minor_of(given["TotalTax"], places), _spread(computed, minor_of(given["TotalTax"], places))
    detail["TotalTax"] = number_of(tax, places)
    if computed:
        detail["TaxLine"] = [_tax_line(rate, percent, amount, base, places) for rate, percent, amount in computed]
    return Taxed(tuple(line.net for line in lines), tax, detail)


def _us_base(document: Doc, lines: Sequence[TaxableLine]) -> int:
    """What is taxed: the TAX lines, with ApplyTaxAfterDiscount less their part of the discount (it has no code)."""
    base = sum(line.net for line in lines if line.code == "TAX")
    if not document.get("ApplyTaxAfterDiscount"):
        return base
    subtotal = sum(line.net for line in lines if line.code is not None)
    discount = sum(line.net for line in lines if line.code is None)
    return base + (minor_of(Decimal(discount) * base / subtotal, 0) if subtotal else 0)


def _spread(computed: list[tuple[str, Decimal, int]], tax: int) -> list[tuple[str, Decimal, int]]:
    """A stated total over the rates: the first rate takes what the others do not."""
    if not computed:
        return []
    (rate, percent, _), *others = computed
    return [(rate, percent, tax - sum(amount for _, _, amount in others)), *others]


def _share(net: int, percent: Decimal) -> int:
    return minor_of(Decimal(net) * percent / _HUNDRED, 0)


def _tax_line(rate: str, percent: Decimal, amount: int, net: int, places: int) -> Doc:
    return {
        "Amount": number_of(amount, places),
        "DetailType": "TaxLineDetail",
        "TaxLineDetail": {
            "TaxRateRef": {"value": rate},
            "PercentBased": True,
            "TaxPercent": percent,
            "NetAmountTaxable": number_of(net, places),
        },
    }


class _Global:
    """One computation under the global tax model."""

    def __init__(self, company: Company, document: Doc, side: str, places: int) -> None:
        self._company = company
        self._document = document
        self._side = side
        self._places = places
        self._mode = document.setdefault("GlobalTaxCalculation", "TaxExcluded")
        # Rate Id → (percentage, net of exclusive lines, net of inclusive ones, tax in those); the tax on the
        # exclusive lines is computed at the end, on their sum.
        self._sums: dict[str, tuple[Decimal, int, int, int]] = {}

    def compute(self, lines: Sequence[TaxableLine]) -> Taxed:
        given = self._document.get("TxnTaxDetail", {})
        if self._mode == "NotApplicable":
            if given.get("TotalTax"):
                raise fault("6170", "TxnTaxDetail is not allowed where tax is not applicable.", "TxnTaxDetail")
            return _untaxed(lines)
        nets = tuple(self._add(line) for line in lines)
        stated = {
            line["TaxLineDetail"]["TaxRateRef"]["value"]: minor_of(line["Amount"], self._places)
            for line in given.get("TaxLine", ())
            if line.get("Amount") is not None and "TaxRateRef" in line.get("TaxLineDetail", {})
        }
        if strange := set(stated) - set(self._sums):
            raise business(f"Tax rate {min(strange)} belongs to no tax code of the lines.", "TaxLine")
        total, tax_lines = 0, []
        for rate, (percent, outside, inside_net, inside_tax) in self._sums.items():
            amount = stated.get(rate, _share(outside, percent) + inside_tax)
            total += amount
            tax_lines.append(_tax_line(rate, percent, amount, outside + inside_net, self._places))
        detail: Doc = {"TotalTax": number_of(total, self._places)}
        if tax_lines:
            detail["TaxLine"] = tax_lines
        return Taxed(nets, total, detail)

    def _add(self, line: TaxableLine) -> int:
        """Add a line to the sums; its net."""
        if line.code is None:
            raise business("Make sure all your transactions have a VAT rate before you save.", "TaxCodeRef")
        rates = tax_codes.rates(self._company, line.code, self._side)
        percents = sum((percent for _, percent in rates), Decimal(0))
        inclusive = self._mode == "TaxInclusive" and line.gross != 0
        net = minor_of(Decimal(line.gross) * _HUNDRED / (_HUNDRED + percents), 0) if inclusive else line.net
        left = line.gross - net
        for position, (rate, percent) in enumerate(rates):
            share = left if position == len(rates) - 1 else _share(net, percent)
            left -= share
            _, outside, inside_net, inside_tax = self._sums.get(rate, (percent, 0, 0, 0))
            if inclusive:
                self._sums[rate] = (percent, outside, inside_net + net, inside_tax + share)
            else:
                self._sums[rate] = (percent, outside + net, inside_net, inside_tax)
        return net
