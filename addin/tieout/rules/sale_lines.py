"""Charges into the lines of a document, and how its tax is stated.

Tax is what Amazon's rows say (ARCHITECTURE.md rule 8); how it stands on a document hangs on the company's country
and on the user's tax codes:

- a company in the US: lines are taxable or not, and the document states the seller's own tax as Amazon told it. Tax
  of other countries is a line on the tax account, since QuickBooks' US tax knows none;
- elsewhere, with codes for every line: net lines with the tax on top where Amazon told it, gross lines with the tax
  inside where it told none;
- elsewhere, with no codes at all: out of scope, with the tax as a line on the tax account, as settlements do.

Tax that Amazon pays itself is left out, or stands in two lines that cancel (the setting). It is never income.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tieout.domain.account import Group
from tieout.domain.money import Money
from tieout.domain.posting_settings import FacilitatorTax
from tieout.domain.sale import SaleItem, SaleLine, TaxTreatment
from tieout.domain.tax_rule import TaxPayer, TaxRule, code_for
from tieout.rules.order_charges import Charge


@dataclass(frozen=True, slots=True)
class TaxContext:
    """What decides how a document's tax is stated. `company_country` is that of the books."""

    company_country: str
    marketplace: str
    day: date
    currency: str
    facilitator_tax: FacilitatorTax
    rules: tuple[TaxRule, ...]
    tax_item: SaleItem
    facilitator_item: SaleItem
    class_name: str = ""

    @property
    def is_us(self) -> bool:
        """Whether the books know tax the US way."""
        return self.company_country == "US"


@dataclass(frozen=True, slots=True)
class TaxedLines:
    """The lines, how the tax is stated, the tax on top of them."""

    lines: tuple[SaleLine, ...]
    treatment: TaxTreatment
    tax: Money


class NoTaxCode(Exception):
    """Some lines have a tax code by the user's rules, and one has none: which one was meant is not guessed."""

    def __init__(self, group: Group, payer: TaxPayer) -> None:
        super().__init__(f"{group}, {payer}")
        self.group = group
        self.payer = payer


def sale_lines(charges: Sequence[Charge], context: TaxContext) -> TaxedLines:
    """The lines of a document; NoTaxCode."""
    every = (*charges, *_netting(charges, context))
    sellers = Money.total((c.tax for c in charges if c.payer is not TaxPayer.AMAZON), context.currency)
    nothing = Money.zero(context.currency)
    if context.is_us:
        stated = _states_us_tax(charges, context, sellers)
        lines = [_plain(charge, context, taxed=stated and _is_taxed(charge)) for charge in every]
        return TaxedLines(
            (*lines, *(() if stated else _tax_line(sellers, context))),
            TaxTreatment.SALES_TAX,
            sellers if stated else nothing,
        )
    coded = [(charge, code_for(context.rules, context.marketplace, charge.group, charge.payer, context.day))
             for charge in every]  # fmt: skip
    if not any(code for _, code in coded):
        lines = [_plain(charge, context) for charge in every]
        return TaxedLines((*lines, *_tax_line(sellers, context)), TaxTreatment.OUT_OF_SCOPE, nothing)
    for charge, code in coded:
        if not code:
            raise NoTaxCode(charge.group, charge.payer)
    told = any(charge.tax for charge in charges)
    return TaxedLines(
        tuple(_coded(charge, code, context, told=told) for charge, code in coded),
        TaxTreatment.EXCLUDED if told else TaxTreatment.INCLUSIVE,
        sellers,
    )


def _netting(charges: Sequence[Charge], context: TaxContext) -> Iterator[Charge]:
    """The two lines of Amazon's tax, where the setting shows it."""
    amazons = Money.total((c.tax for c in charges if c.payer is TaxPayer.AMAZON), context.currency)
    if not amazons or context.facilitator_tax is FacilitatorTax.LEAVE_OUT:
        return
    nothing = Money.zero(context.currency)
    for amount, text in ((amazons, "Tax collected by Amazon"), (-amazons, "Tax that Amazon pays itself")):
        yield Charge(Group.FACILITATOR_TAX, context.facilitator_item, text, amount, nothing, TaxPayer.AMAZON)


def _is_taxed(charge: Charge) -> bool:
    return charge.payer is not TaxPayer.AMAZON and bool(charge.tax)


def _states_us_tax(charges: Sequence[Charge], context: TaxContext, tax: Money) -> bool:
    """Whether the document can state the tax: it is US tax, and there is something taxable that it is on."""
    base = Money.total((charge.net for charge in charges if _is_taxed(charge)), context.currency)
    return context.marketplace == "US" and tax.minor > 0 and base.minor > 0


def _plain(charge: Charge, context: TaxContext, *, taxed: bool = False) -> SaleLine:
    return SaleLine(
        charge.group,
        charge.item,
        charge.description,
        charge.net,
        charge.quantity,
        taxed=taxed,
        class_name=charge.class_name or context.class_name,
    )


def _coded(charge: Charge, code: str, context: TaxContext, *, told: bool) -> SaleLine:
    own = charge.tax if charge.payer is not TaxPayer.AMAZON else Money.zero(context.currency)
    return SaleLine(
        charge.group,
        charge.item,
        charge.description,
        charge.net,
        charge.quantity,
        tax_code=code,
        tax=own if told else None,
        class_name=charge.class_name or context.class_name,
    )


def _tax_line(tax: Money, context: TaxContext) -> Iterator[SaleLine]:
    if tax:
        yield SaleLine(
            Group.TAX, context.tax_item, "Tax told by Amazon", tax, class_name=context.class_name
        )  # fmt: skip
