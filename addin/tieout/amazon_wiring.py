"""Builds what downloading needs: the connections of a company's sellers at Amazon, and the desk. See `wiring`."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC

from tieout.amazon.connection import AmazonConnection
from tieout.amazon.faults import not_connected
from tieout.amazon.opening import open_amazon
from tieout.amazon.regions import ENDPOINTS, LWA
from tieout.amazon.tokens import CLIENT_SECRET, REFRESH_TOKEN, SECRET_SINCE
from tieout.commands.check_amazon import check_amazon
from tieout.commands.check_up import Check
from tieout.commands.connect_amazon import AmazonCredentials, Connected, connect_amazon
from tieout.commands.disconnect_amazon import sellers_to_disconnect, without_sellers
from tieout.commands.download_desk import DownloadDesk
from tieout.commands.practice_books import practice_amazon, uses_own_amazon
from tieout.commands.progress import Progressed, silent
from tieout.domain.activity import Activity
from tieout.domain.company import AmazonAddress, Company
from tieout.domain.finding import Finding
from tieout.wiring import OpenCompany, Refused, companies, keep_credentials, who_am_i


@contextmanager
def download_desk(
    opened: OpenCompany, progressed: Progressed = silent, *, with_amazon: bool = True
) -> Iterator[DownloadDesk]:
    """What downloading for a company needs; Refused where no seller of it was ever connected.

    `progressed` hears how long Amazon makes us wait. Without Amazon it is a desk for files.
    """
    with ExitStack() as running:
        sellers: tuple[tuple[AmazonConnection, ...], ...] = ()
        if with_amazon:
            if not opened.company.sellers:
                raise Refused(not_connected(), sign_in=True)
            sellers = tuple(_connections(running, opened, address, progressed) for address in opened.company.sellers)
        yield DownloadDesk(
            company=opened.company,
            sellers=sellers,
            documents=opened.store.documents,
            settlements=opened.store.settlements,
            orders=opened.store.orders,
            listings=opened.store.listings,
            deferred=opened.store.deferred,
            downloads=opened.store.downloads,
            outbox=opened.store.outbox,
            activity=opened.store.activity,
            clock=opened.clock,
            who=who_am_i(),
        )


def amazon_checks(opened: OpenCompany) -> Iterator[Check]:
    """The check-up of every seller account of a company; nothing where none is connected."""
    if not opened.company.sellers:
        return
    vault, _ = opened.vault()
    today = opened.clock.now().astimezone(UTC).date()
    for address in opened.company.sellers:
        with ExitStack() as running:
            connections = _connections(running, opened, address, silent, patient=False)
            since = vault.load(opened.company.amazon_service(address)).get(SECRET_SINCE, "")
            yield from check_amazon(connections, since, today)


def connect_seller(
    opened: OpenCompany, credentials: AmazonCredentials, secret_since: str, endpoint: str = "", lwa: str = ""
) -> Connected | tuple[Finding, ...]:
    """Try credentials, and keep them with the account if Amazon accepts them; why not, otherwise.

    `endpoint` and `lwa` stand for Amazon's own, for its sandbox. Refused where there is no safe place for secrets.
    """
    opened.vault()  # before Amazon is asked: what can't be kept is not worth asking for
    endpoints = {**ENDPOINTS, credentials.region: endpoint} if endpoint else ENDPOINTS
    with ExitStack() as running:

        def open_with(address: AmazonAddress, tried: AmazonCredentials) -> AmazonConnection:
            connection = open_amazon(address, _InHand(tried), "amazon", clock=opened.clock, patient=False)[0]
            running.callback(connection.close)
            return connection

        connected = connect_amazon(credentials, endpoints, lwa or LWA, open_with)
    if isinstance(connected, tuple):
        return connected
    company = _with_seller(opened.company, connected.address)
    values = {
        CLIENT_SECRET: credentials.client_secret,
        REFRESH_TOKEN: credentials.refresh_token,
        SECRET_SINCE: secret_since,
    }
    home = opened.folder.parent.parent
    keep_credentials(company, {company.amazon_service(connected.address): values}, home)
    problem = companies(home, opened.clock).update(company)
    return (problem,) if problem is not None else connected


def disconnect_seller(opened: OpenCompany, seller_id: str = "") -> tuple[AmazonAddress, ...] | Finding:
    """Forget a seller's credentials, then the seller; the accounts that went. Killed in between, run again it ends.

    Refused where the place of credentials can't be got at.
    """
    gone = sellers_to_disconnect(opened.company, seller_id)
    if isinstance(gone, Finding):
        return gone
    vault, _ = opened.vault()
    for address in gone:
        service = opened.company.amazon_service(address)
        with vault.locked(service):
            vault.save(service, {})
    problem = companies(opened.folder.parent.parent, opened.clock).update(without_sellers(opened.company, gone))
    if problem is not None:
        return problem
    done = Activity(
        opened.clock.now(), who_am_i(), "disconnected from Amazon", opened.company.name, before=gone[0].seller_id
    )
    opened.store.activity.append(done)
    return gone


class _InHand:
    """Credentials that are tried and not kept yet."""

    def __init__(self, credentials: AmazonCredentials) -> None:
        self._values = {CLIENT_SECRET: credentials.client_secret, REFRESH_TOKEN: credentials.refresh_token}

    def load(self, _service: str) -> dict[str, str]:
        return self._values


def _with_seller(company: Company, address: AmazonAddress) -> Company:
    """The company with an account, in the place of the same seller's in that region, or beside the others."""

    def is_same(other: AmazonAddress) -> bool:
        return (other.endpoint, other.seller_id) == (address.endpoint, address.seller_id)

    if company.amazon is None or is_same(company.amazon):
        return replace(company, amazon=address)
    others = tuple(each for each in company.more_amazon if not is_same(each))
    return replace(company, more_amazon=(*others, address))


def _connections(
    running: ExitStack, opened: OpenCompany, address: AmazonAddress, progressed: Progressed, *, patient: bool = True
) -> tuple[AmazonConnection, ...]:
    vault, _ = opened.vault()
    service = opened.company.amazon_service(address)

    def told(operation: str, seconds: int) -> None:
        progressed(f"Amazon lets {operation} through again in {seconds:,} s", 0, None)

    at = address
    if uses_own_amazon(opened.folder, address):
        running_at = opened.own(running, practice_amazon)
        at = replace(address, endpoint=running_at["endpoint"], lwa=running_at["lwa"])
    connections = open_amazon(
        at,
        vault,
        service,
        clock=opened.clock,
        limits=opened.folder / f"{re.sub(r'[^a-z0-9-]+', '-', service)}.limits.json",
        told=told,
        patient=patient,
    )
    running.callback(connections[0].close)
    return connections
