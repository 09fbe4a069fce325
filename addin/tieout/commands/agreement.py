"""What the user agreed to beforehand: entries that may be made where they are missing, and closed periods."""

from dataclasses import dataclass

from tieout.commands.parcels import ClosedPeriod


@dataclass(frozen=True, slots=True)
class Agreed:
    """What may be made where it is missing, and what becomes of documents in a closed period.

    `accounts` and `names` agree to all accounts, and to all customers, vendors and items; `ticked` to single ones,
    by kind and name in lower case (`Proposal.key`).
    """

    accounts: bool = False
    names: bool = False
    closed_period: ClosedPeriod = ClosedPeriod.WAIT
    ticked: frozenset[tuple[str, str]] = frozenset()

    def account(self, name: str) -> bool:
        """Whether an account may be made."""
        return self.accounts or ("Account", name.casefold()) in self.ticked

    def entry(self, kind: str, name: str) -> bool:
        """Whether a customer, vendor or item may be made."""
        return self.names or (kind, name.casefold()) in self.ticked
