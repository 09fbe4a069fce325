"""Settlements and mappings that can't be drafted, or that someone should look at."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from tests.errors.case import ErrorCase
from tests.rules.in_memory import Row, settlement
from tieout.domain.account import Chart
from tieout.domain.finding import Finding
from tieout.domain.settings import LastPartDay, SettlementSettings
from tieout.domain.settlement import Settlement
from tieout.reconcile.chain import check_chain
from tieout.rules.charts import load_chart
from tieout.rules.draft_settlement import draft_settlement
from tieout.rules.mapping import Mapping, read_mapping_csv

CHART = load_chart("US")
DAY = date(2024, 10, 10)
SALE = Row(DAY, ("Order", "ItemPrice", "Principal"), 2500, "111-0000001-0000001", "Amazon.com")
FORTNIGHT = timedelta(days=14)
HEADER = "transaction_type,amount_type,amount_description,group,account_role,account"

Provoke = Callable[[Path], Iterable[Finding]]


def _draft(*rows: Row, chart: Chart = CHART, by_deposit: bool = False) -> Provoke:
    day = LastPartDay.DEPOSIT if by_deposit else LastPartDay.SETTLEMENT_END
    given = settlement(rows, settlement_id="24000000001", file="settlement.txt")
    settings = SettlementSettings(last_part_day=day)
    return lambda _: draft_settlement(given, Mapping(chart), chart, settings).findings


def _mapping(*rows: str, header: str = HEADER) -> Provoke:
    return lambda _: read_mapping_csv("\n".join((header, *rows)) + "\n", "my-mappings.csv", CHART)[1]


def _chain(*settlements: Settlement) -> Provoke:
    return lambda _: check_chain(settlements, Mapping(CHART))


def _reserve(name: str, minor: int) -> Row:
    return Row(DAY, ("other-transaction", "other-transaction", name), minor)


def _settlement(number: int, *rows: Row, days_later: int = 0) -> Settlement:
    start = DAY + FORTNIGHT * number + timedelta(days=days_later)
    settlement_id = f"2400000000{number}"
    return settlement([SALE, *rows], settlement_id=settlement_id, start=start, end=start + FORTNIGHT)


def _other_content() -> Provoke:
    first = _settlement(1)
    other = replace(_settlement(1, SALE), origin=replace(first.origin, file="other.txt", sha256="0" * 64))
    return _chain(first, other)


def _withheld(minor: int) -> Row:
    return replace(SALE, words=("Order", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal"), minor=minor)


CASES = [
    ErrorCase(
        "fee-unmapped",
        "A kind of line that no mapping knows",
        "Amazon adds kinds of lines without notice. One that neither the fee dictionary nor your own mappings know "
        "is kept and shown, and its settlement waits: a fee that lands in some default account is found a year "
        "later, if at all. The suggestion is the known kind with the most words in common; it decides nothing. Map "
        "the kind once, in Fee Mappings or in the file of `--mappings`, and it is known from then on.",
        _draft(SALE, Row(DAY, ("other-transaction", "other-transaction", "Seasonal Storage Surcharge"), -60)),
    ),
    ErrorCase(
        "account-role-missing",
        "The chart of accounts lacks an account",
        "Mappings name roles (sales, fba_fees, reserve), and the chart of accounts says which account plays each. "
        "Where a role that a settlement needs has no account, nothing of the settlement is drafted.",
        _draft(SALE, chart=Chart("US", tuple(a for a in CHART.accounts if a.role != "bank"))),
    ),
    ErrorCase(
        "facilitator-tax-residual",
        "Withheld tax that does not cancel the tax",
        "Where Amazon withheld the tax of an order as marketplace facilitator, the tax charged and the tax "
        "withheld cancel in one account, order by order. What is left over stays visible in that account and "
        "posts, because it is real money in Amazon's total; but someone should look: it is either tax that the "
        "seller owes, or tax that Amazon withheld by mistake.",
        _draft(SALE, replace(SALE, words=("Order", "ItemPrice", "Tax"), minor=206), _withheld(-204)),
    ),
    ErrorCase(
        "amount-sign-unexpected",
        "A kind of line with the other sign than usual",
        "The fee dictionary says of each kind whether it is usually owed to the seller or charged. A sum of the "
        "other sign is posted as it is, on the other side of the journal; it is told because it is often the first "
        "sign of a correction that someone should know of.",
        _draft(SALE, replace(SALE, words=("Order", "ItemFees", "Commission"), minor=375)),
    ),
    ErrorCase(
        "deposit-date-missing",
        "A settlement without a deposit date",
        "The setting asks for journals dated the day of the deposit. Some settlements have none, for example those "
        "whose total is negative; their last journal is dated the settlement's end.",
        _draft(SALE, by_deposit=True),
    ),
    ErrorCase(
        "mapping-rules-conflict",
        "Two mappings that fit the same line",
        "The most specific mapping decides: all four fields named, then any marketplace, then a pattern (`*`) in "
        "the description, then in the amount type. Two that are equally specific and differ are never chosen "
        "between; both are named.",
        _mapping("AmazonFees,Moon Fee,Base fee,Storage,,", "amazonfees,moon fee,base fee,Inbound,,"),
    ),
    ErrorCase(
        "mapping-rule-twice",
        "One mapping told twice",
        "Two rows map the same kind of line to the same account. Harmless today, it would be a conflict as soon as "
        "one of them is changed, so the file is not used until one is removed. Letter case, spaces and punctuation "
        "do not make two kinds.",
        _mapping("AmazonFees,Moon Fee,Base fee,Storage,,", "AmazonFees,Moon-Fee,Base Fee,Storage,,"),
    ),
    ErrorCase(
        "mapping-rule-unreachable",
        "A mapping that never decides alone",
        "Whatever the narrower pattern fits, the wider one fits as well and is as specific, so a line that meets "
        "it meets both.",
        _mapping("AmazonFees,Moon*,Base fee,Storage,,", "AmazonFees,Moon Fee*,Base fee,Inbound,,"),
    ),
    ErrorCase(
        "mapping-pattern-hides-dictionary",
        "A mapping that decides over rows of the fee dictionary",
        "Your own mappings win over the fee dictionary. A pattern can win over more of it than was meant, so what "
        "it hides is named. Reserves, loans and transfers can't be sent to income or expense this way.",
        _mapping("other-transaction,other-transaction,Storage*,Other,,"),
    ),
    ErrorCase(
        "mapping-file-unreadable",
        "A mapping file that is none",
        "A mapping file is a table with a header, in CSV with commas, semicolons or tabs.",
        _mapping("Moon Fee,Storage", header="fee,group"),
    ),
    ErrorCase(
        "mapping-row-malformed",
        "A row of a mapping file that lacks something",
        "Each row names a kind of line by its three words and the group it belongs to. For any description write "
        "`*`; an empty field is taken for a mistake. A text that holds the separator stands in quotes.",
        _mapping("AmazonFees,Moon Fee,,Storage,,"),
    ),
    ErrorCase(
        "mapping-group-unknown",
        "A group that does not exist",
        "Groups are fixed words, so that reports of all companies can be compared. The groups that balance a "
        "journal (Bank, Card, Clearing, Carry-forward) are made by the draft and can't be mapped to.",
        _mapping("AmazonFees,Moon Fee,Base fee,Moon fees,,"),
    ),
    ErrorCase(
        "mapping-account-unknown",
        "A role that no account plays",
        "The column account_role holds one of the roles of the chart of accounts.",
        _mapping("AmazonFees,Moon Fee,Base fee,Storage,moon_fees,"),
    ),
    ErrorCase(
        "mapping-account-new",
        "An account that the chart does not have",
        "A mapping may name an account of QuickBooks that is not in Tieout's chart. It is used as it is spelt, and "
        "taken to be of the same type as its group's own account.",
        _mapping("AmazonFees,Moon Fee,Base fee,Storage,,Moon Storage"),
    ),
    ErrorCase(
        "mapping-column-unknown",
        "A column of a mapping file that is not read",
        "Columns that are not known are left alone. It is told because a misspelt name loses what stands in it.",
        _mapping("A,B,C,Storage,red", header="transaction_type,amount_type,amount_description,group,colour"),
    ),
    ErrorCase(
        "mapping-marketplace-unknown",
        "A marketplace that is not known",
        "A mapping for one marketplace names its country (US, GB, DE) or Amazon's name (Amazon.com). Another text "
        "is compared with the marketplace name of each line.",
        _mapping(
            "A,B,C,Storage,Amazon.moon", header="transaction_type,amount_type,amount_description,group,marketplace"
        ),
    ),
    ErrorCase(
        "settlement-twice",
        "The same settlement in two documents",
        "The settlement's id and the documents' content are the same, so it is counted once.",
        _chain(_settlement(1), _settlement(1)),
    ),
    ErrorCase(
        "settlement-content-differs",
        "One settlement id with two contents",
        "A settlement is posted once, under its id. Another content under the same id is an alarm, never an "
        "update: either a file was changed, or Amazon restated it, and a person must say which holds.",
        _other_content(),
    ),
    ErrorCase(
        "settlement-gap",
        "A period that no settlement covers",
        "Settlements of one account follow each other without a gap. Where one is missing, its sales and fees are "
        "missing from the books.",
        _chain(_settlement(1), _settlement(3)),
    ),
    ErrorCase(
        "settlement-overlap",
        "Two settlements of one account that overlap",
        "Settlements of one account follow each other. Two at a time happen where Amazon settles a part apart, for "
        "example invoiced orders; or where a file belongs to another account.",
        _chain(_settlement(1), _settlement(2, days_later=-5)),
    ),
    ErrorCase(
        "reserve-chain-broken",
        "A reserve that does not come back as it was kept",
        "What Amazon keeps back at the end of one settlement it releases at the start of the next, to the cent. A "
        "break leaves a balance in the reserve account that nothing explains.",
        _chain(
            _settlement(1, _reserve("Current Reserve Amount", -500)),
            _settlement(2, _reserve("Previous Reserve Amount Balance", 450)),
        ),
    ),
]
