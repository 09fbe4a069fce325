"""What a proof is made from: a settlement, its draft, and how far they tie out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tieout.domain.settlement import Settlement
from tieout.reconcile.tie_out import TieOut
from tieout.rules.draft_settlement import SettlementDraft


@dataclass(frozen=True, slots=True)
class SettlementProof:
    """One settlement and everything that can be shown to agree with it.

    `tie` compares it with what QuickBooks holds. `state` is the word that the user knows it by ("Posted",
    "Blocked"). `quickbooks_ids` gives the id of each journal that QuickBooks has taken, by doc number.
    """

    settlement: Settlement
    draft: SettlementDraft
    tie: TieOut
    state: str
    quickbooks_ids: Mapping[str, str] = field(default_factory=dict)
