"""The chart of accounts of a company in QuickBooks Desktop, as the user uploaded it."""

from dataclasses import dataclass

PAYABLE = "AP"


@dataclass(frozen=True, slots=True)
class DesktopAccount:
    """An account: its whole name (Parent:Child) and its type in IIF's words (BANK, AP, INC); empty if not told."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class DesktopChart:
    """All accounts of the upload. Names are compared in any letter case; the upload's own spelling is written."""

    accounts: tuple[DesktopAccount, ...]

    def spelling(self, name: str) -> str | None:
        """The account's name as the upload spells it; None where it has none of that name."""
        wanted = name.strip().casefold()
        return next((each.name for each in self.accounts if each.name.casefold() == wanted), None)

    def payable(self) -> str | None:
        """The first account of payables."""
        return next((each.name for each in self.accounts if each.kind == PAYABLE), None)
