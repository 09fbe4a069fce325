"""Posted orders are compared with what Amazon tells now: each once, and again where something happened to it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.faults.world import TestClock
from tests.orders.making import line, order
from tieout.commands.presses.orders_overtaken import overtaken
from tieout.domain.activity import Activity
from tieout.domain.finding import Finding, Severity
from tieout.domain.order import Order
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.download_ports import Source
from tieout.store.company_store import CompanyStore, open_store

IDS = [f"113-0000000-{number:07}" for number in range(1, 6)]


@dataclass
class Desk:
    """A store, a clock, and presses that compare."""

    store: CompanyStore
    clock: TestClock
    compared: list[str] = field(default_factory=list)
    differing: set[str] = field(default_factory=set)

    def download(self, *ids: str, version: int = 0) -> None:
        """Amazon tells orders."""
        updated = datetime(2026, 1, 16, 20, tzinfo=UTC) + timedelta(days=version)
        told = [replace(order(line(price=f"{20 + version}.00"), order_id=each), updated=updated) for each in ids]
        self.store.orders.save(told, Source.REPORT)

    def post(self, *ids: str, state: PostingState = PostingState.POSTED, sent: datetime | None = None) -> None:
        """Their documents are posted."""
        now = self.clock.now()
        postings = [
            Posting(
                key=PostingKey("1", "Invoice", each),
                state=state,
                content_hash="0" * 64,
                request_id=f"{each} {now.isoformat()}",
                body=b"{}",
                subject=each,
                sent_at=sent or now,
            )
            for each in ids
        ]
        with self.store.outbox.writer("anna") as writer:
            writer.save([(each, Activity(now, "anna", "posted", str(each.key), "", "")) for each in postings])

    def press(self) -> tuple[list[str], list[str]]:
        """Which orders a press compares, and which it finds to differ."""
        posted = self.store.outbox.of_kinds("1", ("Invoice",), (PostingState.POSTED,))
        self.compared.clear()
        press: Any = SimpleNamespace(clock=self.clock, store=self.store, realm_id="1")
        found = overtaken(press, {each.subject: each for each in posted}, self._differs)
        return sorted(self.compared), sorted(finding.subject for finding in found)

    def _differs(self, newer: Order, _: Posting) -> list[Finding]:
        self.compared.append(newer.order_id)
        if newer.order_id not in self.differing:
            return []
        return [
            Finding("order-changed-after-posting", Severity.BLOCKED, "it differs", "look", subject=newer.order_id)
        ]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = TestClock()
    store = open_store(tmp_path / "books.sqlite3", clock)
    assert isinstance(store, CompanyStore)
    with store:
        made = Desk(store, clock)
        made.download(*IDS)
        clock.sleep(120)
        made.post(*IDS)
        clock.sleep(1_200)
        yield made


def test_what_was_posted_soon_after_it_was_downloaded_is_compared_once(desk: Desk) -> None:
    assert desk.press() == (IDS, [])
    assert desk.press() == ([], [])
    desk.clock.sleep(86_400)
    assert desk.press() == ([], [])


def test_what_was_posted_long_after_is_never_compared(desk: Desk) -> None:
    desk.clock.sleep(86_400)
    desk.post(*IDS)
    assert desk.press() == ([], [])


def test_a_newer_version_is_compared_and_found_until_it_is_settled(desk: Desk) -> None:
    desk.press()
    desk.clock.sleep(3_600)
    desk.download(IDS[1], IDS[3], version=1)
    desk.clock.sleep(1_200)
    desk.differing = {IDS[3]}
    assert desk.press() == ([IDS[1], IDS[3]], [IDS[3]])
    desk.clock.sleep(3_600)
    assert desk.press() == ([IDS[3]], [IDS[3]])
    assert desk.press() == ([IDS[3]], [IDS[3]])
    desk.differing = set()
    desk.download(IDS[3], version=2)
    desk.clock.sleep(1_200)
    assert desk.press() == ([IDS[3]], [])
    desk.clock.sleep(3_600)
    assert desk.press() == ([], [])


def test_what_is_posted_anew_is_compared_again(desk: Desk) -> None:
    desk.press()
    desk.clock.sleep(60)
    desk.download(IDS[0], version=1)
    desk.clock.sleep(60)
    desk.post(IDS[0])
    desk.clock.sleep(1_200)
    assert desk.press() == ([IDS[0]], [])
    assert desk.press() == ([], [])


def test_what_was_not_answered_yet_is_compared_when_it_is_known_to_be_posted(desk: Desk) -> None:
    sent = desk.clock.now()
    desk.download("114-0000000-0000001")
    desk.post("114-0000000-0000001", state=PostingState.SENDING, sent=sent)
    desk.press()
    desk.clock.sleep(7_200)
    assert desk.press() == ([], [])
    desk.post("114-0000000-0000001", sent=sent)
    assert desk.press() == (["114-0000000-0000001"], [])
    assert desk.press() == ([], [])


def test_a_clock_that_was_put_back_compares_all_again(desk: Desk) -> None:
    desk.press()
    desk.clock.sleep(-30 * 86_400)
    assert desk.press() == (IDS, [])


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"until": 7}', '{"until": "x", "again": []}'])
def test_a_memory_that_says_nothing_is_begun_anew(desk: Desk, kept: str) -> None:
    desk.press()
    desk.store.settings.put("orders-compared", kept)
    assert desk.press() == (IDS, [])
    assert desk.press() == ([], [])


def test_many_orders_are_looked_up_at_once(desk: Desk) -> None:
    many = [f"115-0000000-{number:07}" for number in range(1_203)]
    desk.download(*many)
    found = desk.store.orders.get_many([*many, "unknown"])
    assert found.keys() == set(many)
    assert desk.store.orders.get_many([]) == {}


def test_postings_are_asked_for_by_kind_and_state(desk: Desk) -> None:
    desk.post(IDS[0], state=PostingState.CONFLICT)
    outbox = desk.store.outbox
    assert [each.subject for each in outbox.of_kinds("1", ("Invoice",), (PostingState.CONFLICT,))] == [IDS[0]]
    assert outbox.of_kinds("1", ("Payment", "Bill"), tuple(PostingState)) == ()
    assert outbox.of_kinds("2", ("Invoice",), tuple(PostingState)) == ()
    assert outbox.subjects("1", (PostingState.POSTED,)) == set(IDS[1:])
    assert outbox.subjects("1", ()) == frozenset()
