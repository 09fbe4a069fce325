"""A row of the sheet Tax Codes: which tax code of the books a line of a document gets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tieout.domain.account import Group
from tieout.domain.origin import Cell


class TaxPayer(StrEnum):
    """Who pays a sale's tax to the authority, in the words of the sheet."""

    ANY = "Any"
    SELLER = "Seller"
    AMAZON = "Amazon"


@dataclass(frozen=True, slots=True)
class TaxRule:
    """The code for lines of a marketplace (a country code; empty: any) and group (None: any) from a day on."""

    code: str
    country: str = ""
    group: Group | None = None
    payer: TaxPayer = TaxPayer.ANY
    from_day: date | None = None
    where: Cell | None = None


def code_for(rules: Sequence[TaxRule], country: str, group: Group, payer: TaxPayer, day: date) -> str:
    """The code of the rule that fits best; empty where none does.

    A rule that names the country goes before one that does not, then one that names the group, then one that says
    who pays; of equal ones the latest that has begun holds.
    """
    fitting = [
        rule
        for rule in rules
        if rule.country in {"", country}
        and rule.group in {None, group}
        and rule.payer in {TaxPayer.ANY, payer}
        and (rule.from_day is None or rule.from_day <= day)
    ]
    best = max(
        fitting,
        key=lambda rule: (
            bool(rule.country),
            rule.group is not None,
            rule.payer is not TaxPayer.ANY,
            rule.from_day or date.min,
        ),
        default=None,
    )
    return best.code if best is not None else ""
