"""What no mapping may do: break the rules of the bank line and of carry-forward."""

from datetime import date

import pytest

from tests.rules.in_memory import Row, settlement
from tieout.domain.account import Group
from tieout.domain.settings import SettlementSettings
from tieout.rules.charts import load_chart
from tieout.rules.draft_settlement import draft_settlement
from tieout.rules.fee_rule import FeeRules
from tieout.rules.mapping import Mapping, read_mapping_csv

CHART = load_chart("US")
HEADER = "transaction_type,amount_type,amount_description,group,account_role,account\n"


@pytest.mark.parametrize(
    "row",
    [
        "Order,ItemFees,Commission,Selling fees,bank,",
        "Order,ItemFees,Commission,Selling fees,,business checking",
        "Order,ItemFees,Commission,Selling fees,carry_forward,",
        "other-transaction,other-transaction,Failed disbursement,Transfers,,Amazon Carry Forward",
    ],
)
def test_rules_4_and_6_no_mapping_sends_rows_to_an_account_that_balances(row: str) -> None:
    rules, findings = read_mapping_csv(f"{HEADER}{row}\n", "mine.csv", CHART)
    assert rules == ()
    (finding,) = findings
    assert (finding.code, finding.stops) == ("mapping-account-balances", True)


def test_a_deposit_that_failed_may_come_back_from_the_bank() -> None:
    row = "other-transaction,other-transaction,Failed disbursement,Transfers,bank,"
    rules, findings = read_mapping_csv(f"{HEADER}{row}\n", "mine.csv", CHART)
    assert findings == ()
    given = settlement(
        [
            Row(date(2024, 10, 12), ("Order", "ItemPrice", "Principal"), 5000),
            Row(date(2024, 10, 12), ("other-transaction", "other-transaction", "Failed disbursement"), 700),
        ]
    )
    draft = draft_settlement(given, Mapping(CHART, FeeRules(rules)), CHART, SettlementSettings())
    (journal,) = draft.journals
    banks = [(line.group, line.signed_minor) for line in journal.lines if line.account == "Business Checking"]
    assert banks == [(Group.TRANSFERS, -700), (Group.BANK, 5700)]
