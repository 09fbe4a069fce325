"""A refund of a settlement as a credit memo or refund receipt.

Its amounts are what the settlement's own lines say, each on the account that Fee Mappings give it; items are those
that bear the accounts' names, never the goods' own: goods that come back are counted when they arrive, not here. The
document's total is what the settlement took for it, exactly.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tieout.domain.account import Group
from tieout.domain.marketplace import by_country
from tieout.domain.money import Money
from tieout.domain.posting_settings import PostingSettings
from tieout.domain.sale import Sale, SaleKind
from tieout.domain.settlement import Kind, Settlement
from tieout.domain.tax_rule import TaxPayer, TaxRule
from tieout.rules.classify import fee_name
from tieout.rules.destinations import MissingRole
from tieout.rules.mapping import Mapped
from tieout.rules.order_charges import Charge
from tieout.rules.order_kinds import OrderKinds
from tieout.rules.sale_items import SaleItems, of_account
from tieout.rules.sale_lines import TaxContext, sale_lines
from tieout.rules.settled_orders import Settled
from tieout.rules.spelling import folded

# The price that each tax is on, by Amazon's words.
_TAXED = {
    "tax": "principal",
    "shippingtax": "shipping",
    "giftwraptax": "giftwrap",
    "taxdiscount": "promotion",
}


@dataclass(frozen=True, slots=True)
class RefundMaker:
    """What the documents of a settlement's refunds depend on."""

    settlement: Settlement
    settings: PostingSettings
    items: SaleItems
    mapped: Mapping[Kind, Mapped]
    kinds: OrderKinds
    company_country: str
    tax_rules: tuple[TaxRule, ...]

    def document(self, refund: Settled, kind: SaleKind, number: str, customer: str) -> Sale:
        """The document of a refund that took money (`received` is negative); MissingRole, NoTaxCode."""
        charges = tuple(self._charges(refund))
        taxed = sale_lines(charges, self._context(refund))
        market = by_country(self.settlement.marketplace)
        return Sale(
            kind=kind,
            doc_number=number,
            day=refund.day,
            currency=self.settlement.currency,
            customer=customer,
            memo=(
                f"Refund of Amazon order {refund.order_id}, {market.name if market else ''}, settlement"
                f" {self.settlement.settlement_id}"
            ),
            lines=taxed.lines,
            treatment=taxed.treatment,
            tax=taxed.tax,
            expected=-refund.received,
            subject=self.settlement.settlement_id,
            order_id=refund.order_id,
            marketplace=self.settlement.marketplace,
            deposit_to=self.items.account("clearing").name if kind.moves_money else "",
            location=self.settings.location,
        )

    def _charges(self, refund: Settled) -> Iterator[Charge]:
        """Prices with the tax on each; what withheld tax does not cancel stands by itself."""
        withheld = any(kind in self.kinds.refund_withheld for kind, _ in refund.by_kind)
        payer = TaxPayer.AMAZON if withheld else TaxPayer.SELLER
        nothing = Money.zero(self.settlement.currency)
        prices: dict[str, Charge] = {}
        taxes: dict[str, Money] = {}
        for kind, amount in refund.by_kind:
            if kind in self.kinds.refund_withheld:
                continue
            if kind in self.kinds.tax:
                place = _TAXED.get(folded(kind.amount_description), "principal")
                taxes[place] = taxes.get(place, nothing) - amount
                continue
            place = self._place(kind, prices)
            prices[place] = self._charge(kind, -amount, payer)
        if taxes and not prices:
            prices["principal"] = self._tax_only(payer, nothing)
        for place, tax in taxes.items():
            at = place if place in prices else next(iter(prices))
            prices[at] = replace(prices[at], tax=prices[at].tax + tax)
        yield from prices.values()
        left = -(refund.tax + refund.withheld) if withheld else nothing
        if left:
            item = self.items.of_role("facilitator_tax")
            text = "Tax that Amazon's withheld tax does not cancel"
            yield Charge(Group.FACILITATOR_TAX, item, text, left, nothing, payer)

    def _place(self, kind: Kind, taken: Mapping[str, Charge]) -> str:
        """What a price is of: its own words, but for promotions, which are one to their tax."""
        if folded(kind.amount_type) == "promotion" and "promotion" not in taken:
            return "promotion"
        words = folded(kind.amount_description)
        return words if words not in taken else str(kind)

    def _charge(self, kind: Kind, amount: Money, payer: TaxPayer) -> Charge:
        to = self.mapped[kind]
        account = to.account(self.items.chart)
        if account is None:
            raise MissingRole(to.role)
        name = fee_name(kind.transaction_type, kind.amount_type, kind.amount_description)
        nothing = Money.zero(amount.currency)
        return Charge(to.group, of_account(account), name, amount, nothing, payer, class_name=to.class_name)

    def _tax_only(self, payer: TaxPayer, nothing: Money) -> Charge:
        return Charge(Group.REFUNDS, self.items.of_role("refunds"), "Refund of tax", nothing, nothing, payer)

    def _context(self, refund: Settled) -> TaxContext:
        return TaxContext(
            company_country=self.company_country,
            marketplace=self.settlement.marketplace,
            day=refund.day,
            currency=self.settlement.currency,
            facilitator_tax=self.settings.facilitator_tax,
            rules=self.tax_rules,
            tax_item=self.items.of_role("sales_tax"),
            facilitator_item=self.items.of_role("facilitator_tax"),
            class_name=self.settings.class_name,
        )
