"""Files instead of downloads: each by what it is, once, with no credentials."""

import gzip
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from tests.amazon.world import AmazonWorld
from tieout.commands.download_desk import DownloadDesk
from tieout.commands.files import read_documents
from tieout.commands.import_files import ImportReport, ImportState, import_documents
from tieout.domain.document import Document
from tieout.download_ports import VAT_REPORT
from tieout.parse.document_kind import DocumentKind
from tieout.practice.shop import Shop

VAT = (
    "UNIQUE_ACCOUNT_IDENTIFIER\tACTIVITY_PERIOD\tMARKETPLACE\tTRANSACTION_TYPE\tTRANSACTION_EVENT_ID\t"
    "TRANSACTION_CURRENCY_CODE\tTAX_COLLECTION_RESPONSIBILITY\n"
    "A1\t2026-SEP\tamazon.de\tSALE\t302-1\tEUR\tMARKETPLACE\n"
)


@contextmanager
def file_desk(world: AmazonWorld) -> Iterator[DownloadDesk]:
    with world.desk() as desk:
        yield replace(desk, sellers=())


def bring(world: AmazonWorld, *documents: Document, country: str = "") -> ImportReport:
    with file_desk(world) as desk:
        return import_documents(documents, desk, country=country)


def of(name: str, text: str) -> Document:
    return Document.of(name, text.encode("utf-8"))


def test_each_file_is_taken_for_what_it_is_and_once(world: AmazonWorld, shop: Shop, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for one in shop.settlements[:3]:
        (folder / one.file_name).write_bytes(one.flat_file_v2())
    (folder / "orders.txt").write_text("".join(shop.all_orders_report("DE")), encoding="utf-8")
    (folder / "vat.txt").write_text(VAT)
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr(shop.settlements[4].file_name, shop.settlements[4].flat_file_v2())
    (folder / "packed.gz").write_bytes(gzip.compress(shop.settlements[5].flat_file_v2()))
    documents, unread = read_documents([folder])
    assert unread == ()
    report = bring(world, *documents)
    assert report.findings == ()
    assert {one.state for one in report.files} == {ImportState.NEW}
    kinds = [one.kind for one in report.files]
    assert (
        kinds.count(DocumentKind.SETTLEMENT),
        kinds.count(DocumentKind.ORDERS),
        kinds.count(DocumentKind.VAT),
    ) == (
        5,
        1,
        1,
    )
    with world.store() as store:
        assert len(store.settlements.all()) == 5
        assert {order.marketplace for order in store.orders.all()} == {"DE"}
        (vat,) = store.downloads.of_kind(VAT_REPORT)
        assert vat.subject == "VAT 2026-SEP"
        assert store.documents.get(vat.document_sha256).content == VAT.encode()
    before = world.content()
    again = bring(world, *documents)
    assert {one.state for one in again.files} == {ImportState.KNOWN}
    assert again.new == ()
    assert world.content() == before


def test_orders_of_a_file_and_of_a_download_are_one(world: AmazonWorld, shop: Shop) -> None:
    assert world.orders().new
    report = bring(world, of("o.txt", "".join(shop.all_orders_report("US"))))
    assert report.files[0].state is ImportState.KNOWN
    world.clock.forward(days=2)
    late = bring(world, of("o2.txt", "".join(shop.all_orders_report("US", world.clock.at))))
    assert late.files[0].state is ImportState.NEW
    assert world.orders().complete


def test_no_buyer_is_kept_of_a_file_either(world: AmazonWorld, shop: Shop) -> None:
    bring(world, of("o.txt", "".join(shop.all_orders_report("US"))))
    with world.store() as store:
        kept = [store.documents.get(one).content for one in store.documents.hashes()]
    assert len(kept) == 1
    assert b"PORTLAND" not in kept[0]
    assert b"97201" not in kept[0]


def test_listings_need_their_country(world: AmazonWorld, shop: Shop) -> None:
    document = of("l.txt", "".join(shop.listings_report("DE")))
    report = bring(world, document)
    assert [finding.code for finding in report.findings] == ["listings-without-marketplace"]
    report = bring(world, document, country="DE")
    assert report.findings == ()
    assert report.files[0].state is ImportState.NEW
    with world.store() as store:
        assert len(store.listings.all(marketplace="DE")) == len(list(shop.listings("DE")))
    assert bring(world, document, country="de").files[0].state is ImportState.KNOWN


def test_a_saved_page_of_deferred_transactions_is_taken(world: AmazonWorld) -> None:
    there = world.amazon.connection()
    form = {name: there[name] for name in ("client_id", "client_secret", "refresh_token")}
    with requests.Session() as http:
        token = http.post(there["lwa"], data={"grant_type": "refresh_token", **form}, timeout=5).json()
        page = http.get(
            there["endpoint"] + "/finances/2024-06-19/transactions",
            params={"postedAfter": "2026-09-01T00:00:00Z", "transactionStatus": "DEFERRED"},
            headers={"x-amz-access-token": token["access_token"]},
            timeout=5,
        )
    document = Document.of("page.json", page.content)
    report = bring(world, document)
    assert report.files[0].kind is DocumentKind.TRANSACTIONS
    assert report.files[0].records == len(page.json()["payload"]["transactions"])
    assert bring(world, document).files[0].state is ImportState.KNOWN


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"a,b\n1,2\n", "file-kind-unknown"),
        ("a.json", b'{"orders": []}', "file-kind-unknown"),
        ("a.txt", b"", "file-empty"),
        ("s.txt", b"settlement-id\ttotal-amount\tcurrency\n", "settlement-columns-missing"),
    ],
)
def test_what_is_none_of_amazons_files_is_said(world: AmazonWorld, name: str, content: bytes, code: str) -> None:
    report = bring(world, Document.of(name, content))
    assert [finding.code for finding in report.findings] == [code]
    assert [one.state for one in report.files] == [ImportState.REFUSED]


def test_one_bad_file_does_not_keep_the_others(world: AmazonWorld, shop: Shop) -> None:
    report = bring(
        world,
        Document.of("a.csv", b"a,b\n1,2\n"),
        Document.of("s.txt", shop.settlements[0].flat_file_v2()),
        of("cut.txt", VAT[:-30]),
    )
    assert [one.state for one in report.files] == [ImportState.REFUSED, ImportState.NEW, ImportState.REFUSED]
    assert {finding.code for finding in report.findings} == {"file-kind-unknown", "report-cut-off"}
    with world.store() as store:
        (entry,) = [one.activity for one in store.activity.entries()]
    assert entry.subject == "1 of 3 files"


def test_a_settlement_file_with_other_content_is_an_alarm(world: AmazonWorld, shop: Shop) -> None:
    text = shop.settlements[0].flat_file_v2()
    assert bring(world, Document.of("a.txt", text)).findings == ()
    report = bring(world, Document.of("b.txt", text.replace(b"Principal", b"Principle")))
    assert "settlement-content-changed" in {finding.code for finding in report.findings}
    assert report.files[0].state is ImportState.REFUSED


def test_json_of_orders_is_not_mistaken(world: AmazonWorld) -> None:
    report = bring(world, Document.of("x.json", json.dumps({"payload": {"transactions": "none"}}).encode()))
    assert report.files[0].kind is DocumentKind.UNKNOWN
