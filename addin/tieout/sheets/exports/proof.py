"""What a proof is made from: a settlement, its draft, and how far they tie out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tieout.domain.draft import kind_in_words
from tieout.domain.settlement import Settlement
from tieout.reconcile.tie_out import TieOut
from tieout.rules.draft_settlement import SettlementDraft
from tieout.rules.draft_settlement_orders import OrdersDraft
from tieout.rules.ledger_effect import OWN


@dataclass(frozen=True, slots=True)
class SettlementProof:
    """One settlement and everything that can be shown to agree with it.

    `tie` compares it with what QuickBooks holds. `state` is the word that the user knows it by ("Posted",
    "Blocked"). `quickbooks_ids` gives the id of each document that QuickBooks has taken, by doc number. `orders` are
    the documents of one that goes by orders; the draft's journals then say what they do to accounts.
    """

    settlement: Settlement
    draft: SettlementDraft
    tie: TieOut
    state: str
    quickbooks_ids: Mapping[str, str] = field(default_factory=dict)
    orders: OrdersDraft | None = None

    @property
    def kinds(self) -> Mapping[str, str]:
        """The kind of each document by its number, in QuickBooks' words; journals of a summary are not in it."""
        documents = self.orders.documents if self.orders is not None else ()
        return {**{each.doc_number: kind_in_words(each) for each in documents}, OWN: "Each order's own"}

    @property
    def by_orders(self) -> OrdersDraft | None:
        """The documents of one that goes by orders, where they were drafted."""
        return self.orders if self.orders is not None and self.orders.documents else None
