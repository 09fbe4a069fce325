"""Every settlement that Amazon lists, once, kept before it is read."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.amazon.world import AmazonWorld, of_marketplaces
from tieout.commands.download_desk import DownloadDesk
from tieout.commands.mapping_source import MappingSource
from tieout.commands.review_settlements import review_settlements
from tieout.domain.document import Document
from tieout.domain.settings import SettlementSettings
from tieout.download_ports import SETTLEMENT_REPORT, DownloadState
from tieout.practice.shop import Shop, make_shop

Worlds = Callable[..., AmazonWorld]


def codes(report) -> set[str]:
    return {finding.code for finding in report.findings}


def test_all_that_is_listed_comes_once_whatever_its_marketplace_says(world: AmazonWorld) -> None:
    report = world.settlements()
    world.check_settlements()
    assert set(report.new) == {one.settlement_id for one in world.amazon.shop.settlements}
    assert report.complete
    with world.store() as store:
        currencies = {one.total.currency for one in store.settlements.all()}
        downloads = store.downloads.of_kind(SETTLEMENT_REPORT)
    assert currencies == {"USD", "CAD", "MXN", "GBP", "EUR"}
    # One is listed twice: both reports are kept, the settlement is one.
    assert len(downloads) == len(report.new) + 1
    assert {one.state for one in downloads} == {DownloadState.READ}


def test_a_second_press_with_nothing_new_changes_nothing(world: AmazonWorld) -> None:
    world.settlements()
    before, asked = world.content(), world.sent("/documents/")
    report = world.settlements()
    assert not report.changed
    assert report.new == report.updated == ()
    assert world.content() == before
    assert world.sent("/documents/") == asked
    assert report.requests == 1  # the listing


def test_later_settlements_come_with_a_later_press(world: AmazonWorld) -> None:
    world.settlements()
    world.clock.forward(days=20)
    report = world.settlements()
    assert report.new
    world.check_settlements()


def test_the_first_press_says_what_is_out_of_reach_and_how_to_bring_it(world: AmazonWorld) -> None:
    first = next(one for one in world.settlements().findings if one.code == "settlements-out-of-reach")
    assert "2026-07-15" in first.what
    assert "import" in first.to_do
    assert "settlements-out-of-reach" not in codes(world.settlements())


def test_a_press_that_comes_too_late_says_what_may_be_missing(world: AmazonWorld) -> None:
    world.settlements()
    world.clock.forward(days=120)
    report = world.settlements()
    assert "settlements-missed" in codes(report)
    assert not report.complete
    assert "settlement-missing" in codes(report)
    assert "settlements-missed" not in codes(world.settlements())


def test_a_settlement_missing_between_two_others_is_said(world: AmazonWorld) -> None:
    def without_one(desk: DownloadDesk):
        from tieout.commands import download_settlements as module

        record = desk.settlements.record
        american = sorted(
            (one for one in world.amazon.shop.settlements if one.currency == "USD"), key=lambda one: one.start
        )

        class Forgetful:
            get, all = desk.settlements.get, desk.settlements.all

            def record(self, settlement):
                return None if settlement.settlement_id == american[1].settlement_id else record(settlement)

        return module.download_settlements(replace(desk, settlements=Forgetful()))

    report = world.press(without_one)
    (finding,) = (one for one in report.findings if one.code == "settlement-missing")
    assert "US, USD" in finding.what


def test_settlements_that_came_by_file_are_known_to_the_download(world: AmazonWorld) -> None:
    from tieout.commands.import_files import ImportState, import_documents

    one = world.amazon.shop.settlements[3]
    with world.desk() as desk:
        result = import_documents([Document.of("mine.txt", one.flat_file_v2())], desk)
    assert [each.state for each in result.files] == [ImportState.NEW]
    report = world.settlements()
    assert one.settlement_id not in report.new
    world.check_settlements()


def test_what_was_kept_and_not_read_is_read_by_the_next_press(world: AmazonWorld) -> None:
    from unittest import mock

    from tieout.commands import download_settlements as module
    from tieout.domain.finding import Finding, Severity

    puzzled = Finding("x", Severity.REFUSED, "It can't be read.", "Wait.")
    with mock.patch.object(module, "read_for_account", return_value=(None, (puzzled,))):
        report = world.settlements()
    assert report.new == ()
    documents = world.sent("/documents/")
    assert set(world.settlements().new) == {one.settlement_id for one in world.amazon.shop.settlements}
    assert world.sent("/documents/") == documents
    world.check_settlements()


def test_other_content_under_a_known_id_is_an_alarm_at_every_press(world: AmazonWorld) -> None:
    one = world.amazon.shop.settlements[0]
    lines = one.flat_file_v2().split(b"\n")
    # The same total by other rows: the first two amounts change places with a cent moved.
    from tieout.parse.settlement_file import read_settlement

    changed = b"\n".join([*lines[:2], *lines[3:-1], lines[2], b""])
    settlement, _ = read_settlement(Document.of("x", changed.replace(b"Principal", b"Principle")))
    assert settlement is not None
    with world.store() as store:
        store.documents.put(Document.of("x", changed.replace(b"Principal", b"Principle")))
        assert store.settlements.record(settlement) is None
    for _ in range(2):
        report = world.settlements()
        assert "settlement-content-changed" in codes(report)
        assert not report.complete


def test_a_damaged_document_does_not_keep_the_others(worlds: Worlds) -> None:
    world = worlds(faults=[{"match": {"op": "download", "nth": 1, "times": 3}, "do": "expire_url"}])
    report = world.settlements()
    assert "amazon-document-damaged" in codes(report)
    assert len(report.new) >= len(world.amazon.shop.settlements) - 1
    second = world.settlements()
    assert second.complete
    world.check_settlements()


def test_a_seller_of_one_euro_marketplace_needs_not_say_which(worlds: Worlds, tmp_path: Path) -> None:
    from tieout.commands.download_settlements import read_for_account

    german = make_shop(3, orders=60, marketplaces=("DE",))
    text = german.settlements[0].flat_file_v2().replace(b"Amazon.de", b"")
    document = Document.of("x.txt", text)
    settlement, findings = read_for_account(document, ["A1F83G8C2ARO7P", "A1PA6795UKMFR9"])
    assert settlement is not None
    assert settlement.marketplace == "DE"
    settlement, findings = read_for_account(document, ["A13V1IB3VIYZZH", "A1PA6795UKMFR9"])
    assert settlement is None
    assert {finding.code for finding in findings} == {"settlement-marketplace-undecided"}


def test_downloaded_settlements_flow_into_the_review(world: AmazonWorld) -> None:
    world.settlements()
    with world.store() as store:
        documents = [store.documents.get(one.document_sha256) for one in store.settlements.all()]
        reviews = review_settlements(
            [one for one in documents if one is not None],
            mappings=MappingSource(),
            settings=SettlementSettings(),
        )
    assert len(reviews.reviews) == len(world.amazon.shop.settlements)
    assert all(review.ready or not review.draft.journals for review in reviews.reviews)


def test_each_seller_has_a_download_of_its_own(worlds: Worlds, shop: Shop) -> None:
    """A company with two sellers: what stops one's download does not stop the other's."""
    good = worlds()
    bad = worlds(faults=[{"match": {"op": "getReports", "times": 0}, "do": "html503"}])
    with good.desk() as desk, bad.connections() as broken:
        from tieout.commands.download_settlements import download_settlements

        report = download_settlements(replace(desk, sellers=(broken, *desk.sellers)))
    assert "amazon-in-trouble" in codes(report)
    assert len(report.new) == len(shop.settlements)
    good.check_settlements()


def test_a_company_of_one_region_asks_for_its_own(world: AmazonWorld) -> None:
    american = of_marketplaces(world, "ATVPDKIKX0DER")
    assert american.settlements().complete
    assert american.orders().complete
    with american.store() as store:
        assert {order.marketplace for order in store.orders.all()} == {"US"}


def test_the_activity_log_tells_of_what_came_and_not_of_what_did_not(world: AmazonWorld) -> None:
    world.settlements()
    world.settlements()
    with world.store() as store:
        entries = [one.activity for one in store.activity.entries()]
    assert [entry.what for entry in entries] == ["downloaded settlements"]
    assert entries[0].after.startswith(f"Settlements: {len(world.amazon.shop.settlements)} new")


def test_progress_says_what_how_many_and_how_long_amazon_makes_us_wait(worlds: Worlds) -> None:
    world = worlds(limits=True)
    heard: list[tuple[str, int, int | None]] = []
    with world.desk() as desk:
        from tieout.commands.download_settlements import download_settlements

        download_settlements(desk, lambda *told: heard.append(told))
    whats = {what for what, _, _ in heard}
    assert {"Listing settlements", "Downloading settlements"} <= whats
    counts = [(done, of) for what, done, of in heard if what == "Downloading settlements"]
    assert counts == [(number, counts[0][1]) for number in range(len(counts))]
    assert world.clock.slept < timedelta(minutes=10).total_seconds()
    assert all(status == 200 for _, _, status in world.amazon.requests)


@pytest.mark.parametrize("op", ["getReports"])
def test_a_page_that_repeats_is_asked_for_again(worlds: Worlds, op: str) -> None:
    many = make_shop(9, orders=80, marketplaces=("US", "UK", "DE", "FR", "IT", "ES"), months=2)
    world = worlds(shop=many, faults=[{"match": {"op": op, "nth": 2, "times": 2}, "do": "repeat_page"}])
    from unittest import mock

    with mock.patch("tieout.amazon.connection._REPORTS_A_PAGE", 7):
        report = world.settlements()
    assert report.complete
    with world.store() as store:
        assert len(store.settlements.all()) == len(report.new) > 20
    stuck = worlds(shop=many, faults=[{"match": {"op": op, "nth": 2, "times": 0}, "do": "repeat_page"}])
    with mock.patch("tieout.amazon.connection._REPORTS_A_PAGE", 7):
        assert "amazon-page-repeats" in codes(stuck.settlements())
