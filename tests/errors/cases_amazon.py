"""Amazon: connecting, reaching it, reports, orders, listings, settlements, and files brought instead."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from tests.amazon.test_connect_amazon import GOOD
from tests.amazon.test_import_files import VAT
from tests.amazon.world import AmazonWorld, amazon_world
from tests.errors.case import ErrorCase
from tests.parse.test_api_pages import order_page
from tests.parse.test_orders import ROW, report
from tieout.amazon.faults import address_open, unreachable
from tieout.cli.connect import _day, _no_region
from tieout.commands import download_orders as orders_module
from tieout.commands.connect_amazon import Connected, check_forms, connect_amazon
from tieout.commands.download_desk import DownloadDesk, DownloadReport
from tieout.commands.download_finances import download_vat
from tieout.commands.download_orders import download_orders
from tieout.commands.download_settlements import download_settlements
from tieout.commands.import_files import import_documents
from tieout.domain.activity import Activity
from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.download_ports import ORDER_REPORT, AmazonUnavailable, Participation
from tieout.parse.flat_report import FINDINGS_MAX
from tieout.parse.orders import read_orders
from tieout.parse.orders_api import read_order_page
from tieout.practice.amazon import report_kinds, reports
from tieout.practice.amazon.seller import FINANCE, ROLES, TAX
from tieout.practice.shop import Shop, make_shop

Provoke = Callable[[Path], Iterable[Finding]]


@cache
def shop() -> Shop:
    return make_shop(6, orders=30, marketplaces=("UK",))


def _download(
    button: Callable[[DownloadDesk], DownloadReport],
    faults: Sequence[dict[str, Any]] = (),
    before: Callable[[AmazonWorld], object] = lambda world: None,
    **practice: Any,
) -> Provoke:
    """The findings of a download under some faults."""

    def provoke(folder: Path) -> Iterable[Finding]:
        seller = practice.get("shop") or shop()
        others = {name: value for name, value in practice.items() if name != "shop"}
        with amazon_world(folder / "acme", seller, faults=faults, **others) as world:
            before(world)
            return world.press(button).findings

    return provoke


def _fault(do: str, op: str, **more: Any) -> dict[str, Any]:
    return {"match": {"op": op, "times": 0}, "do": do, "seconds": 0, **more}


def _by_report(desk: DownloadDesk) -> DownloadReport:
    with mock.patch.object(orders_module, "pages_to_try", return_value=0):
        return download_orders(desk)


def _credentials(values: dict[str, str]) -> Provoke:
    def changed(world: AmazonWorld) -> None:
        from tieout.secrets import PracticeVault

        vault = PracticeVault(world.folder, world.clock)
        vault.save("amazon", {**vault.load("amazon"), **values})

    return _download(download_settlements, before=changed)


def _form(**change: str) -> Provoke:
    return lambda _: check_forms(replace(GOOD, **change))


def _wrong_region(_: Path) -> Iterable[Finding]:
    class Refusing:
        def participations(self) -> tuple[Participation, ...]:
            from tieout.amazon.faults import denied

            raise AmazonUnavailable(denied("getMarketplaceParticipations", "Selling Partner Insights"), status=403)

    class Letting:
        def participations(self) -> tuple[Participation, ...]:
            return ()

    endpoints = {"NA": "https://na.example", "EU": "https://eu.example", "FE": "https://fe.example"}
    result = connect_amazon(
        replace(GOOD, region="NA"),
        endpoints,
        "https://lwa.example",
        lambda address, _: Letting() if "eu" in address.endpoint else Refusing(),  # type: ignore[arg-type,return-value]
    )
    assert isinstance(result, tuple)
    return result


def _connected_to(*participations: Participation) -> Provoke:
    class Seller:
        def participations(self) -> tuple[Participation, ...]:
            return participations

    def provoke(_: Path) -> Iterable[Finding]:
        result = connect_amazon(GOOD, {"EU": "https://eu.example"}, "", lambda *_: Seller())  # type: ignore[arg-type,return-value]
        return result.findings if isinstance(result, Connected) else result

    return provoke


GERMANY = Participation("A1PA6795UKMFR9", "Amazon.de", "DE", "EUR", participates=True, suspended=False)
MOON = Participation("AMOON", "Amazon.moon", "MO", "MOO", participates=True, suspended=False)


def _import(*documents: Document, country: str = "") -> Provoke:
    def provoke(folder: Path) -> Iterable[Finding]:
        with amazon_world(folder / "acme", shop()) as world, world.desk() as desk:
            return import_documents(documents, desk, country=country).findings

    return provoke


def _cancelled_order(folder: Path) -> Iterable[Finding]:
    order = next(one for one in make_shop(8, orders=120, marketplaces=("UK",)).orders() if one.cancelled_s)
    with amazon_world(folder / "acme", make_shop(8, orders=120, marketplaces=("UK",))) as world:
        assert order.cancelled_s is not None
        world.clock.at = datetime.fromtimestamp(order.cancelled_s - 60, UTC)
        world.orders()
        world.clock.forward(days=1)
        key = PostingKey("9130", "Invoice", order.order_id)
        posting = Posting(key, PostingState.POSTED, "c" * 64, "r1", b"{}", subject=order.order_id)
        with world.desk() as desk:
            with desk.outbox.writer("anna") as writer:
                writer.save([(posting, Activity(world.clock.now(), "anna", "posted", order.order_id))])
            return download_orders(desk).findings


def _cancelled_report(folder: Path) -> Iterable[Finding]:
    kind = report_kinds.KINDS[ORDER_REPORT]
    with (
        mock.patch.dict(report_kinds.KINDS, {ORDER_REPORT: replace(kind, lines=lambda *_: iter(["head\n"]))}),
        mock.patch.object(orders_module, "_PAGES_OF_A_WINDOW", 1),
    ):
        return _download(_by_report, shop=make_shop(8, orders=350, marketplaces=("UK",)))(folder)


def _failed_report(folder: Path) -> Iterable[Finding]:
    kind = report_kinds.KINDS[ORDER_REPORT]
    with mock.patch.dict(report_kinds.KINDS, {ORDER_REPORT: replace(kind, window_s=86_400)}):
        return _download(_by_report)(folder)


def _slow_report(folder: Path) -> Iterable[Finding]:
    with mock.patch.object(reports, "MADE_IN_S", 10 * 3600):
        return _download(_by_report)(folder)


def _gone_report(folder: Path) -> Iterable[Finding]:
    def forgotten(world: AmazonWorld) -> None:
        with mock.patch.object(reports, "MADE_IN_S", 10 * 3600):
            world.press(_by_report)
        with world.store() as store:
            for number, one in enumerate(store.downloads.of_kind(ORDER_REPORT)):
                store.downloads.forget(one)
                store.downloads.save(replace(one, report_id=f"5000000000{number}-old"))

    return _download(_by_report, before=forgotten)(folder)


def _missing_settlement(folder: Path) -> Iterable[Finding]:
    seller = make_shop(6, orders=30, marketplaces=("UK",), months=2)
    first, _, third, *_ = seller.settlements
    documents = [Document.of(one.file_name, one.flat_file_v2()) for one in (first, third)]
    with amazon_world(folder / "acme", shop()) as world, world.desk() as desk:
        import_documents(documents, desk)
        return download_settlements(replace(desk, sellers=())).findings


def _missed(world: AmazonWorld) -> None:
    world.settlements()
    world.clock.forward(days=120)


def _pages(_: Path) -> Iterable[Finding]:
    from tieout.amazon import paging

    with mock.patch.object(paging, "AMAZON_PAGES_MAX", 3):
        try:
            list(paging.pages(lambda token: (b"{}", f"{token}x"), "reports"))
        except AmazonUnavailable as unavailable:
            return [unavailable.finding]
    return []


def _repeated_pages(_: Path) -> Iterable[Finding]:
    from tieout.amazon.paging import pages

    try:
        list(pages(lambda token: (b"{}", "the same"), "orders"))
    except AmazonUnavailable as unavailable:
        return [unavailable.finding]
    return []


def _unreadable(folder: Path) -> Iterable[Finding]:
    def nonsense(world: AmazonWorld) -> None:
        serve = world.amazon.serve

        def page(method: str, target: str, headers: Any, body: bytes) -> Any:
            served = serve(method, target, headers, body)
            return replace(served, data=b"<html>") if "/reports/" in target else served

        world.amazon.serve = page  # type: ignore[method-assign]

    return _download(download_settlements, before=nonsense)(folder)


def _refused(folder: Path) -> Iterable[Finding]:
    with amazon_world(folder / "acme", shop()) as world, world.connections() as (connection,):
        try:
            connection.ask_report(ORDER_REPORT, ["A1NOWHERE"])
        except AmazonUnavailable as unavailable:
            return [unavailable.finding]
    return []


def _twice(_: Path) -> Iterable[Finding]:
    lines = list(shop().listings_report("GB"))
    document = Document.of("listings.txt", "".join([*lines[:3], lines[2]]).encode())
    return _import(document, country="GB")(_)


def _bad_listing(_: Path) -> Iterable[Finding]:
    lines = list(shop().listings_report("GB"))
    columns, fields = lines[0].rstrip("\n").split("\t"), lines[1].rstrip("\n").split("\t")
    fields[columns.index("price")] = "12,5"
    return _import(Document.of("listings.txt", (lines[0] + "\t".join(fields) + "\n").encode()), country="GB")(_)


def _many(_: Path) -> Iterable[Finding]:
    rows = [{**ROW, "amazon-order-id": f"111-{n}", "quantity": "x"} for n in range(FINDINGS_MAX + 5)]
    return read_orders(report(*rows)).findings


CASES = [
    ErrorCase(
        "vat-by-file",
        "VAT transactions come as a file",
        "Amazon gives the VAT transactions report by API only to applications with a restricted role, which opens"
        " buyers' personal data and needs a security review. Seller Central gives it to everybody.",
        _download(download_vat, roles=ROLES - {TAX}),
    ),
    ErrorCase(
        "amazon-not-connected",
        "No seller is connected",
        "Downloads need a seller account that was connected; files can be imported without one.",
        _credentials({"refresh_token": ""}),
    ),
    ErrorCase(
        "amazon-client-id-form",
        "Not a client id",
        "Seller Central shows an application's id and its client id side by side; the client id is needed.",
        _form(client_id="amzn1.sp.solution.0123"),
    ),
    ErrorCase(
        "amazon-client-secret-form",
        "Not a client secret",
        "What was given can't be a secret of Amazon's: it was cut, or something else was copied.",
        _form(client_secret="short"),
    ),
    ErrorCase(
        "amazon-refresh-token-form",
        "Not a refresh token",
        "Amazon gives two kinds of token; the one that lasts is the refresh token.",
        _form(refresh_token="Atza|" + "x" * 60),
    ),
    ErrorCase(
        "amazon-seller-id-form",
        "Not a merchant token",
        "The merchant token is the seller's id at Amazon. It is no secret.",
        _form(seller_id="my shop"),
    ),
    ErrorCase(
        "region-unknown",
        "Not a region",
        "Amazon has three regions, each with an endpoint and authorisations of its own.",
        lambda _: [_no_region("ASIA")],
    ),
    ErrorCase(
        "secret-day-unusable",
        "Not a day",
        "The day on which the client secret was made tells when it ends, 180 days later.",
        lambda _: [
            day for day in [_day("tomorrow", datetime(2026, 11, 24, tzinfo=UTC).date())] if isinstance(day, Finding)
        ],
    ),
    ErrorCase(
        "amazon-wrong-region",
        "Credentials of another region",
        "An authorisation is good in one region only. Amazon itself would say no more than that access is denied.",
        _wrong_region,
    ),
    ErrorCase(
        "amazon-no-marketplace",
        "No marketplace",
        "Amazon accepted the credentials, and tells of no marketplace that could be downloaded from.",
        _connected_to(replace(GERMANY, participates=False)),
    ),
    ErrorCase(
        "amazon-marketplace-unknown",
        "A marketplace that is new",
        "The seller takes part in a marketplace whose currency and time zone are not known here.",
        _connected_to(GERMANY, MOON),
    ),
    ErrorCase(
        "amazon-secret-refused",
        "Client id or secret refused",
        "Amazon does not accept the application's own credentials: the secret ended, or was replaced.",
        _credentials({"client_secret": "amzn1.oa2-cs.v1." + "0" * 64}),
    ),
    ErrorCase(
        "amazon-permission-ended",
        "Refresh token refused",
        "The seller's permission ended, was withdrawn, or belongs to another application.",
        _credentials({"refresh_token": "Atzr|" + "0" * 60}),
    ),
    ErrorCase(
        "amazon-access-denied",
        "A role is missing",
        "Amazon lets an application do what its roles allow, and says only that access is denied. `tieout check-up`"
        " asks for each role and names those that lack.",
        _download(download_settlements, roles=ROLES - {FINANCE}),
    ),
    ErrorCase(
        "amazon-address-open",
        "An address of Amazon's that is not https",
        "Credentials and the seller's data travel by https only, or to a practice Amazon on this machine. Nothing is"
        " sent to any other address, whoever named it: a setting, or an answer.",
        lambda _: [address_open("http://sellingpartnerapi-eu.amazon.com")],
    ),
    ErrorCase(
        "amazon-unreachable",
        "Amazon can't be reached",
        "Nothing came back, several times in a row. What was stored before is safe.",
        lambda _: [unreachable("no connection came about, or it broke", "https://sellingpartnerapi-eu.amazon.com")],
    ),
    ErrorCase(
        "amazon-unreachable",
        "The practice Amazon is not running",
        "A practice seller lives on servers of this computer. They have to run while anything asks them.",
        _download(download_settlements, [_fault("reset", "getReports")]),
    ),
    ErrorCase(
        "amazon-in-trouble",
        "Amazon has trouble",
        "Amazon answered with an error of its own, several times in a row.",
        _download(download_settlements, [_fault("html503", "getReports")]),
    ),
    ErrorCase(
        "amazon-throttled",
        "Too many requests",
        "Each request waits for its turn by Amazon's usage plan, and a refused one for the next. If Amazon refuses"
        " all the same, another program is using the account's plan.",
        _download(download_settlements, [_fault("empty429", "getReports")]),
    ),
    ErrorCase(
        "amazon-refused",
        "A request is refused",
        "Amazon says what does not fit in its own words.",
        _refused,
    ),
    ErrorCase(
        "amazon-answer-unreadable",
        "Not an answer of Amazon's",
        "An answer that is not what Amazon documents is never taken for an empty one.",
        _unreadable,
    ),
    ErrorCase(
        "amazon-page-repeats",
        "A page comes again and again",
        "A listing goes on until Amazon says that it ends. A page that repeats is asked for again a few times.",
        _repeated_pages,
    ),
    ErrorCase(
        "amazon-too-many-pages",
        "A listing without an end",
        "No listing that is meant has so many pages.",
        _pages,
    ),
    ErrorCase(
        "amazon-document-damaged",
        "A damaged document",
        "A document that arrives cut off is fetched again; nothing of half a document is used.",
        _download(download_settlements, [_fault("expire_url", "download")]),
    ),
    ErrorCase(
        "amazon-report-slow",
        "A report takes long",
        "Amazon makes reports when it has time for them. What was asked for is remembered.",
        _slow_report,
    ),
    ErrorCase(
        "amazon-report-gone",
        "A report that Amazon forgot",
        "Amazon keeps reports for some weeks only.",
        _gone_report,
    ),
    ErrorCase(
        "amazon-report-failed",
        "A report that Amazon could not make",
        "Amazon's own reason is shown, where it gives one.",
        _failed_report,
    ),
    ErrorCase(
        "amazon-report-cancelled",
        "A report that Amazon cancelled",
        "Amazon cancels reports without data and reports that are asked for too often, and does not say which. So"
        " the Orders API is asked; here it told of more orders than are asked for that way.",
        _cancelled_report,
    ),
    ErrorCase(
        "settlements-out-of-reach",
        "Older settlements",
        "Amazon lists settlement reports for 90 days. Said once, with the first download.",
        _download(download_settlements),
    ),
    ErrorCase(
        "settlements-missed",
        "Settlements may be missing",
        "The last download is longer ago than Amazon's list reaches back.",
        _download(download_settlements, before=_missed),
    ),
    ErrorCase(
        "settlement-missing",
        "A settlement is missing between two others",
        "Settlements of one account follow each other without a gap.",
        _missing_settlement,
    ),
    ErrorCase(
        "order-status-unknown",
        "A status that is in no list",
        "What Amazon's words mean decides what may post. A word that is not known is kept and asked about.",
        _download(_by_report, shop=make_shop(11, orders=240, marketplaces=("US",), exceptions=True)),
    ),
    ErrorCase(
        "order-cancelled-after-posting",
        "Cancelled after it was posted",
        "The order's document stands in QuickBooks, and Amazon says that the order is cancelled.",
        _cancelled_order,
    ),
    ErrorCase(
        "order-marketplace-unknown",
        "An order of an unknown marketplace",
        "The sales channel says in which currency, time zone and accounts an order belongs.",
        lambda _: read_orders(report({**ROW, "sales-channel": "Amazon.moon"})).findings,
    ),
    ErrorCase(
        "order-parts-differ-from-total",
        "Parts that do not add up",
        "Amazon tells an order's total and its parts; they must agree to the cent.",
        lambda _: (
            read_order_page(order_page(proceeds={"grandTotal": {"amount": "99.99", "currencyCode": "USD"}})).findings
        ),
    ),
    ErrorCase(
        "order-row-unreadable",
        "An order that can't be read",
        "One field of one row makes the order's amounts uncertain, so the order is left out whole.",
        lambda _: read_orders(report({**ROW, "item-price": "39,98"})).findings,
    ),
    ErrorCase(
        "report-columns-missing",
        "Not the report it should be",
        "Reports are read by the names of their columns; one that is needed is not there.",
        lambda _: read_orders(report(ROW, columns=("amazon-order-id", "sku"))).findings,
    ),
    ErrorCase(
        "report-cut-off",
        "A report that is cut off",
        "The last row ends before its fields do.",
        _import(Document.of("vat.txt", VAT.encode()[:-30])),
    ),
    ErrorCase(
        "report-many-findings",
        "Many rows with something wrong",
        "A report in which nearly nothing can be read would be told row by row; the first ones tell enough.",
        _many,
    ),
    ErrorCase(
        "api-page-unlike-model",
        "An answer unlike its model",
        "Amazon publishes the form of its answers; this one has another.",
        lambda _: read_order_page(order_page(createdTime="yesterday")).findings,
    ),
    ErrorCase(
        "listing-row-unreadable",
        "A listing that can't be read",
        "Prices in these reports have a point; this one is no price.",
        _bad_listing,
    ),
    ErrorCase(
        "listing-twice",
        "A SKU that is listed twice",
        "A seller SKU is one listing on a marketplace.",
        _twice,
    ),
    ErrorCase(
        "listings-without-marketplace",
        "Whose listings?",
        "Amazon's listings report names neither marketplace nor currency.",
        _import(Document.of("listings.txt", "".join(shop().listings_report("GB")).encode())),
    ),
    ErrorCase(
        "file-kind-unknown",
        "None of Amazon's files",
        "A file's first line tells what it is; this one is none that can be imported.",
        _import(Document.of("notes.csv", b"date,amount\n2026-11-24,1.00\n")),
    ),
]
