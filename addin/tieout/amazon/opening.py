"""A seller's account opened: one connection a region, all of them on one session with one limiter."""

from pathlib import Path
from random import Random

import requests

from tieout.amazon.answers import AmazonsClock
from tieout.amazon.connection import Account, AmazonConnection
from tieout.amazon.limiter import Limiter, ToldWait
from tieout.amazon.patience import Patience
from tieout.amazon.quiet_logs import keep_logs_quiet
from tieout.amazon.regions import by_region
from tieout.amazon.session import AmazonSession
from tieout.amazon.tokens import Credentials, Tokens
from tieout.domain.company import AmazonAddress
from tieout.limits import AMAZON_RETRY_WAITS_SECONDS
from tieout.ports import Clock


def _tell_nobody(operation: str, seconds: int) -> None:
    """Nobody hears of waits."""


def open_amazon(
    address: AmazonAddress,
    credentials: Credentials,
    service: str,
    *,
    clock: Clock,
    limits: Path | None = None,
    told: ToldWait = _tell_nobody,
    http: requests.Session | None = None,
    dice: Random | None = None,
    patient: bool = True,
) -> tuple[AmazonConnection, ...]:
    """The account's connections, one for each region of its marketplaces; one without a region where it has none.

    `limits` is the file in which all processes count this account's requests; `told` hears of each wait. Without
    patience nothing is tried twice, as when somebody only asks whether it works.
    """
    keep_logs_quiet()
    line = http or requests.Session()
    patience = Patience(clock, dice or Random(), AMAZON_RETRY_WAITS_SECONDS if patient else ())
    amazons_clock = AmazonsClock(clock)
    tokens = Tokens(
        address, credentials, service, http=line, clock=clock, amazons_clock=amazons_clock, patience=patience
    )
    limiter = Limiter(limits, clock, told)
    session = AmazonSession(line, tokens, limiter, clock=clock, amazons_clock=amazons_clock, patience=patience)
    regions = by_region(address.marketplaces) or {"": ()}
    return tuple(
        AmazonConnection(Account(address.endpoint, address.seller_id, region, ids), session)
        for region, ids in regions.items()
    )
