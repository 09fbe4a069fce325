"""The published fee dictionary, `mappings/amazon-fees.csv`, as rules.

Amazon publishes no list of the kinds of settlement lines; the dictionary says of each where it is known from.
"""

import csv
from functools import cache

from tieout.domain.account import Group
from tieout.domain.origin import Origin
from tieout.resources import packaged
from tieout.rules.fee_rule import FeeRule, FeeRules

FEE_DICTIONARY = "mappings/amazon-fees.csv"


@cache
def load_fee_dictionary() -> FeeRules:
    """The published fee dictionary, as it ships with the package."""
    path = packaged(FEE_DICTIONARY)
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        return FeeRules([_dictionary_rule(row, Origin(path.name, row=reader.line_num)) for row in reader])


def _dictionary_rule(row: dict[str, str], origin: Origin) -> FeeRule:
    return FeeRule(
        transaction_type=row["transaction_type"],
        amount_type=row["amount_type"],
        amount_description=row["amount_description"],
        marketplace=row["marketplace"],
        meaning=row["meaning"],
        group=Group(row["group"]),
        account_role=row["account_role"],
        expected_sign=row["expected_sign"],
        marketplaces=row["marketplaces"],
        first_known=row["first_known"],
        source=row["source"],
        origin=origin,
    )
