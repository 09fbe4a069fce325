"""Which settlements are missing between those that are known, by account: seller, marketplace and currency.

The review of settlements compares periods and reserves of those it reviews (`reconcile.chain`); this looks at all
that the store knows, without reading a document.
"""

from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

from tieout.commands.download_desk import DownloadDesk, KnownSettlement
from tieout.domain.calendar import local_day
from tieout.domain.finding import Finding, Severity
from tieout.domain.marketplace import by_country
from tieout.reconcile.chain import HAND_OVER


def missing_between(desk: DownloadDesk, seller_of: Mapping[str, str]) -> tuple[Finding, ...]:
    """A notice for each stretch of time that no settlement of an account covers.

    `seller_of` gives the seller of each settlement id that was downloaded. One that was brought as a file belongs
    to the only seller there is; where there are several, to an account of its own.
    """
    sellers = {regions[0].seller_id for regions in desk.sellers if regions} | set(seller_of.values())
    default = next(iter(sellers)) if len(sellers) == 1 else ""
    accounts: dict[tuple[str, str, str], list[KnownSettlement]] = defaultdict(list)
    for known in desk.settlements.all():
        seller = seller_of.get(known.settlement_id, default)
        accounts[seller, known.marketplace, known.total.currency].append(known)
    return tuple(
        _missing(before, after)
        for _, chain in sorted(accounts.items())
        for before, after in pairwise(chain)
        if after.start - before.end > HAND_OVER
    )


def _missing(before: KnownSettlement, after: KnownSettlement) -> Finding:
    place = by_country(after.marketplace)
    zone = place.time_zone if place else "UTC"
    return Finding(
        code="settlement-missing",
        severity=Severity.NOTICE,
        what=(
            f"Between settlements {before.settlement_id} and {after.settlement_id} ({after.marketplace},"
            f" {after.total.currency}) one is missing: nothing covers {local_day(before.end, zone)} to"
            f" {local_day(after.start, zone)}."
        ),
        to_do="Download it in Seller Central (Payments, All Statements) and import the file.",
        subject=after.settlement_id,
    )
