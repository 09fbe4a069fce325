"""Mappings that would break a rule that always holds."""

from collections.abc import Iterable
from pathlib import Path

from tests.errors.case import ErrorCase
from tieout.domain.finding import Finding
from tieout.rules.charts import load_chart
from tieout.rules.mapping import read_mapping_csv


def _fee_to_the_bank(_: Path) -> Iterable[Finding]:
    text = "transaction_type,amount_type,amount_description,group,account\n"
    text += "Order,ItemFees,Commission,Selling fees,Business Checking\n"
    return read_mapping_csv(text, "mine.csv", load_chart("US"))[1]


CASES = [
    ErrorCase(
        code="mapping-account-balances",
        title="A mapping to an account that balances the journals",
        meaning=(
            "The bank line of a settlement is its deposit, and nothing else, so that the bank feed meets it; what "
            "one month's journal carries forward, the next takes back, so that the account nets to zero. A mapping "
            "that sends rows to either account would break that without any total showing it. Transfers alone may go "
            "to the bank: a deposit that did not arrive comes back from there."
        ),
        provoke=_fee_to_the_bank,
    ),
]
