"""Check-up of a seller account: whether it lets us in, which roles it lacks, when its secret ends."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tieout.commands.check_up import Check, Health
from tieout.domain.finding import Finding
from tieout.domain.marketplace import by_id
from tieout.download_ports import (
    LISTING_REPORT,
    ORDER_REPORT,
    SETTLEMENT_REPORT,
    STOCK_REPORT,
    VAT_REPORT,
    Amazon,
    AmazonUnavailable,
    Participation,
)
from tieout.limits import AMAZON_SECRET_DAYS

# What each kind of report is needed for; one cheap question for each shows whether the role is there.
_NEEDED: Mapping[str, str] = {
    SETTLEMENT_REPORT: "settlements and deferred transactions",
    ORDER_REPORT: "orders",
    LISTING_REPORT: "listings, prices and quantities",
    STOCK_REPORT: "stock in Amazon's warehouses",
    VAT_REPORT: "VAT reports",
}
_EUROPE = "EU"
_ROLES = "Amazon roles"
_WARN_DAYS, _URGENT_DAYS = 30, 7
_DENIED = 403


def check_amazon(regions: Sequence[Amazon], secret_since: str, today: date) -> Iterator[Check]:
    """The checks of one seller account. `secret_since` is the ISO day its client secret was made, if it was told.

    Roles are the application's, so they are asked about once, whatever the regions.
    """
    yield from _secret(secret_since, today)
    for number, amazon in enumerate(regions):
        name = f"Amazon {amazon.region}".strip()
        denied = None
        try:
            taken = [one for one in amazon.participations() if one.participates]
        except AmazonUnavailable as unavailable:
            if unavailable.status != _DENIED:
                yield Check.of(name, unavailable.finding)
                return
            denied = unavailable.finding
        else:
            yield _account(name, amazon, taken)
        if number and denied is None:
            continue
        asked = _ask(amazon, european=any(one.region == _EUROPE for one in regions))
        if denied is not None:
            of_elsewhere = isinstance(asked, _Roles) and asked.has_none
            yield _elsewhere(name, amazon, denied) if of_elsewhere else Check.of(name, denied)
            if of_elsewhere:
                continue
        if not number:
            yield from asked.checks() if isinstance(asked, _Roles) else (asked,)


def _account(name: str, amazon: Amazon, taken: Sequence[Participation]) -> Check:
    countries = [found.country for found in map(by_id, amazon.marketplaces) if found is not None]
    suspended = [one.name for one in taken if one.suspended and one.marketplace_id in amazon.marketplaces]
    if not suspended:
        return Check(name, Health.GOOD, f"{amazon.seller_id} in {', '.join(countries)}")
    return Check(
        name,
        Health.LOOK,
        f"Listings are suspended on {', '.join(suspended)}.",
        "Look at Account Health in Seller Central; downloads go on.",
    )


def _elsewhere(name: str, amazon: Amazon, denied: Finding) -> Check:
    """Amazon denies all that is asked: a permission of another region, or for nothing, rather than a role."""
    region = f" {amazon.region}" if amazon.region else ""
    role = f", the role {denied.subject} among them" if denied.subject else ""
    return Check(
        name,
        Health.BAD,
        f"Amazon denies everything in the region{region}: the refresh token is of another region, or the application"
        f" has no role that is needed{role}.",
        "Authorise the application in Seller Central of a marketplace of that region, and connect with the refresh"
        " token that it shows: `tieout connect amazon --region NA`, EU or FE.",
    )


@dataclass(frozen=True, slots=True)
class _Roles:
    """What was asked of the application's roles: how many questions, and each role that lacks with its purpose."""

    asked: int
    lacking: tuple[tuple[str, str], ...]

    @property
    def has_none(self) -> bool:
        """Whether every question was denied."""
        return len(self.lacking) == self.asked

    def checks(self) -> Iterator[Check]:
        """A check for each role that lacks; one for all where none does.

        The one for VAT opens buyers' data: nobody has to have it, and the report can be imported.
        """
        for role, what in self.lacking:
            if what == _NEEDED[VAT_REPORT]:
                yield Check(_ROLES, Health.GOOD, f"It has no role {role}: bring VAT reports with `tieout import`.")
                continue
            yield Check(
                _ROLES,
                Health.BAD,
                f"The application lacks the role {role}, without which there are no {what}.",
                "In Seller Central (Apps and Services, Develop Apps, Edit App) tick it, authorise the application"
                " again, and connect with the new refresh token.",
            )
        if not self.lacking:
            yield Check(_ROLES, Health.GOOD, "The application has all that are needed.")


def _ask(amazon: Amazon, *, european: bool) -> _Roles | Check:
    """One cheap question for each role; a check that says why where they can't all be asked."""
    needed = {kind: what for kind, what in _NEEDED.items() if european or kind != VAT_REPORT}
    if amazon.available("getReports") < len(needed):
        return Check(
            _ROLES,
            Health.LOOK,
            "Not looked at: Amazon allows few such questions, and some were asked just now.",
            "Check again in some minutes if a download was refused.",
        )
    lacking = []
    for kind, what in needed.items():
        try:
            amazon.can_list(kind)
        except AmazonUnavailable as unavailable:
            if unavailable.status != _DENIED:
                return Check.of(_ROLES, unavailable.finding)
            lacking.append((unavailable.finding.subject, what))
    return _Roles(len(needed), tuple(lacking))


def _secret(secret_since: str, today: date) -> Iterator[Check]:
    if not secret_since:
        return
    ends = date.fromisoformat(secret_since) + timedelta(days=AMAZON_SECRET_DAYS)
    days = (ends - today).days
    to_do = "Make a new one in Seller Central (Develop Apps, View, LWA credentials), and connect Amazon with it."
    if days < 0:
        yield Check("Amazon client secret", Health.BAD, f"It ended on {ends}.", to_do)
    elif days <= _WARN_DAYS:
        health = Health.BAD if days <= _URGENT_DAYS else Health.LOOK
        yield Check("Amazon client secret", health, f"It ends on {ends}, in {days} days.", to_do)
    else:
        yield Check("Amazon client secret", Health.GOOD, f"It is good until {ends}.")
