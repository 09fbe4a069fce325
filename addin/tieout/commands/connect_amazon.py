"""Connect a seller account: the form of each credential first, then one call that shows whether they let us in.

For a private application that the seller authorised by themselves: Seller Central, Apps and Services, Develop Apps
(docs/amazon.md leads through it). Nothing is kept before Amazon has accepted it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from tieout.domain.company import AmazonAddress
from tieout.domain.finding import Finding, Severity
from tieout.domain.marketplace import by_id
from tieout.download_ports import Amazon, AmazonUnavailable, Participation

_CLIENT_ID = re.compile(r"amzn1\.application-oa2-client\.[0-9a-f]{32}", re.ASCII)
_CLIENT_SECRET = re.compile(r"(?:amzn1\.oa2-cs\.v1\.)?[0-9A-Za-z]{40,128}", re.ASCII)
_REFRESH_TOKEN = re.compile(r"Atzr\|[!-~]{20,2000}", re.ASCII)
_SELLER_ID = re.compile(r"A[0-9A-Z]{9,20}", re.ASCII)
_WHERE = "It stands in Seller Central under Apps and Services, Develop Apps"


@dataclass(frozen=True, slots=True)
class AmazonCredentials:
    """What Seller Central shows of a private application and its authorisation; `region` is NA, EU or FE."""

    client_id: str
    client_secret: str
    refresh_token: str
    seller_id: str
    region: str

    def __repr__(self) -> str:
        return f"AmazonCredentials({self.client_id}, {self.seller_id}, {self.region})"  # never a secret


@dataclass(frozen=True, slots=True)
class Connected:
    """An account that Amazon let us into: its address with its marketplaces, and what should be known of it."""

    address: AmazonAddress
    participations: tuple[Participation, ...]
    findings: tuple[Finding, ...]


# Opens an account at an address with the credentials that are to be tried.
OpenWith = Callable[[AmazonAddress, AmazonCredentials], Amazon]


def connect_amazon(
    credentials: AmazonCredentials, endpoints: Mapping[str, str], lwa: str, open_with: OpenWith
) -> Connected | tuple[Finding, ...]:
    """Try credentials; the account, or why it can't be had. `endpoints` are those of the regions."""
    wrong = tuple(check_forms(credentials))
    if wrong:
        return wrong
    address = AmazonAddress(endpoints[credentials.region], lwa, credentials.client_id, credentials.seller_id)
    try:
        participations = open_with(address, credentials).participations()
    except AmazonUnavailable as unavailable:
        other = _answering_region(credentials, endpoints, lwa, open_with) if unavailable.status == 403 else ""
        return (_wrong_region(credentials.region, other) if other else unavailable.finding,)
    taken = [one for one in participations if one.participates]
    known = tuple(one.marketplace_id for one in taken if by_id(one.marketplace_id) is not None)
    if not known:
        return (_no_marketplace(participations),)
    regions = dict.fromkeys(region for region in map(_region_of, known) if region)
    if credentials.region not in regions:
        return (_wrong_region(credentials.region, " and ".join(regions)),)
    unknown = [one for one in taken if by_id(one.marketplace_id) is None and one.name.startswith("Amazon.")]
    return Connected(replace(address, marketplaces=known), participations, tuple(_not_known(one) for one in unknown))


def check_forms(credentials: AmazonCredentials) -> Iterator[Finding]:
    """What in the credentials can't be meant, so that a slip of copying is said before Amazon is asked."""
    if not _CLIENT_ID.fullmatch(credentials.client_id):
        mistaken = credentials.client_id.startswith("amzn1.sp.solution.")
        yield Finding(
            code="amazon-client-id-form",
            severity=Severity.REFUSED,
            what=(
                "This is the application's id, not its client id."
                if mistaken
                else "The client id has not the form that Amazon gives it."
            ),
            to_do=f"{_WHERE}, View: it begins with amzn1.application-oa2-client. and has 32 more characters.",
        )
    if not _CLIENT_SECRET.fullmatch(credentials.client_secret):
        yield Finding(
            code="amazon-client-secret-form",
            severity=Severity.REFUSED,
            what="The client secret has not the form that Amazon gives it.",
            to_do=f"{_WHERE}, View: it begins with amzn1.oa2-cs.v1. and has no spaces.",
        )
    if not _REFRESH_TOKEN.fullmatch(credentials.refresh_token):
        mistaken = credentials.refresh_token.startswith("Atza|")
        yield Finding(
            code="amazon-refresh-token-form",
            severity=Severity.REFUSED,
            what=(
                "This is an access token, which is good for an hour; the refresh token is needed."
                if mistaken
                else "The refresh token has not the form that Amazon gives it."
            ),
            to_do=f"{_WHERE}, Authorize, Authorize app: it begins with Atzr| and is long.",
        )
    if not _SELLER_ID.fullmatch(credentials.seller_id):
        yield Finding(
            code="amazon-seller-id-form",
            severity=Severity.REFUSED,
            what=f"{credentials.seller_id!r} has not the form of a merchant token.",
            to_do="It stands in Seller Central under Settings, Account Info, Merchant Token, and begins with A.",
        )


def _answering_region(
    credentials: AmazonCredentials, endpoints: Mapping[str, str], lwa: str, open_with: OpenWith
) -> str:
    """Another region in which these credentials let us in; empty if there is none, or all are one endpoint."""
    tried = endpoints[credentials.region]
    for region, endpoint in endpoints.items():
        if endpoint == tried:
            continue
        address = AmazonAddress(endpoint, lwa, credentials.client_id, credentials.seller_id)
        try:
            open_with(address, credentials).participations()
        except AmazonUnavailable:
            continue
        return region
    return ""


def _region_of(marketplace_id: str) -> str:
    market = by_id(marketplace_id)
    return market.region if market is not None else ""


def _wrong_region(asked: str, answering: str) -> Finding:
    """`answering` is one region, or several joined by "and"."""
    first = answering.partition(" ")[0]
    return Finding(
        code="amazon-wrong-region",
        severity=Severity.REFUSED,
        what=f"These credentials are not for the region {asked}; Amazon accepts them in the region {answering}.",
        to_do=f"Connect with --region {first}, or authorise the application in the Seller Central of {asked}.",
    )


def _no_marketplace(participations: tuple[Participation, ...]) -> Finding:
    names = ", ".join(one.name for one in participations) or "none"
    return Finding(
        code="amazon-no-marketplace",
        severity=Severity.REFUSED,
        what=f"The seller takes part in no marketplace that is known here (Amazon tells: {names}).",
        to_do="Check that the account is open in Seller Central, and that it is the right one.",
    )


def _not_known(participation: Participation) -> Finding:
    return Finding(
        code="amazon-marketplace-unknown",
        severity=Severity.NOTICE,
        what=f"The seller also takes part in {participation.name}, which is not known here.",
        to_do="Nothing of it is downloaded. Update Tieout, or tell us.",
        subject=participation.marketplace_id,
    )
