"""What a report was asked about."""

from dataclasses import dataclass

from tieout.practice.shop.account import Account


@dataclass(frozen=True, slots=True)
class Asked:
    """Marketplaces, a window (start included, end not) in seconds since 1970, and the moment the report is made."""

    accounts: tuple[Account, ...]
    start_s: int
    end_s: int
    made_s: int
