"""The store is lost, or an old copy of it is put back: what was posted is found in the books again."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.faults.world import Effects, Killed, World, journal, two_settlements, world
from tests.orders.sale_world import FIRST_OPEN_DAY, SaleWorld, sale_world
from tests.orders.test_settled_orders import EXPECTED, ONE, SETTLEMENT, TWO, balances, settled, two_orders
from tieout.commands.post_orders import OrderState
from tieout.commands.posting_run import How
from tieout.commands.rebuild import KINDS, RebuildReport
from tieout.domain.posting import Posting, PostingState
from tieout.domain.posting_settings import FeeDocument, OrderDocument, PostingSettings, RefundDocument
from tieout.quickbooks.decode_documents import READERS


def _postings(there: World) -> dict[str, Posting]:
    with there.process() as process:
        return {str(posting.key): posting for posting in process.store.outbox.all()}


def _codes(report: RebuildReport) -> list[str]:
    return [finding.code for finding in report.findings]


def test_every_kind_of_document_is_looked_through() -> None:
    assert set(KINDS) == set(READERS)


def test_journals_are_restored_with_their_drafts_and_nothing_is_asked_again(tmp_path: Path) -> None:
    with world(tmp_path) as there:
        there.post(two_settlements())
        before = _postings(there)
        with there.process() as process:
            drafts = {each.content_hash: process.store.outbox.draft(each.content_hash) for each in before.values()}
        there.lose_store()
        report = there.rebuild()
        assert (report.restored, report.known, report.findings) == ({"JournalEntry": 3}, 0, [])
        after = _postings(there)
        for key, posting in before.items():
            assert after[key].content_hash == posting.content_hash
            assert (after[key].state, after[key].quickbooks_id) == (PostingState.POSTED, posting.quickbooks_id)
            assert after[key].subject == posting.subject
        with there.process() as process:
            for content, draft in drafts.items():
                kept = process.store.outbox.draft(content)
                assert kept is not None
                assert draft is not None
                assert [(line.account, line.amount) for line in kept.lines] == [
                    (line.account, line.amount) for line in draft.lines
                ]
        there.check_quiet(two_settlements())
        assert [row.how for row in there.undo(["222", "333"]).journals] == [How.UNDONE] * 3
        there.check_books([])
        assert there.post(two_settlements()).complete
        there.check_books(two_settlements())


def test_a_second_rebuild_changes_nothing(tmp_path: Path) -> None:
    with world(tmp_path) as there:
        there.post(two_settlements())
        report = there.rebuild()
        assert (report.restored, report.known) == ({}, 3)
        there.lose_store()
        there.rebuild()
        before = _postings(there)
        report = there.rebuild()
        assert (report.restored, report.known) == ({}, 3)
        assert _postings(there) == before


@pytest.mark.parametrize(
    "settings",
    [
        PostingSettings(),
        PostingSettings(order_document=OrderDocument.SALES_RECEIPT, refund_document=RefundDocument.REFUND_RECEIPT),
        PostingSettings(fee_document=FeeDocument.EXPENSE, refund_document=RefundDocument.JOURNAL_ENTRY),
        PostingSettings(fee_document=FeeDocument.BILL),
    ],
    ids=["default", "receipts", "expenses", "bills"],
)
def test_orders_and_their_settlement_are_restored_undone_and_posted_again(
    tmp_path: Path, settings: PostingSettings
) -> None:
    with sale_world(tmp_path, settings) as sales:
        sales.post(*two_orders())
        sales.settle(settled())
        before = _postings(sales.there)
        whole = balances(sales)
        sales.there.lose_store()
        report = sales.there.rebuild()
        assert report.findings == []
        assert sum(report.restored.values()) == len(before)
        after = _postings(sales.there)
        assert {key: (each.subject, each.quickbooks_id) for key, each in after.items()} == {
            key: (each.subject, each.quickbooks_id) for key, each in before.items()
        }
        _post_all(sales)
        assert balances(sales) == whole
        assert {key: each.content_hash for key, each in _postings(sales.there).items()} == {
            key: each.content_hash for key, each in before.items()
        }
        sales.there.lose_store()
        sales.there.rebuild()
        undone = sales.undo(ONE, TWO, settlement_ids=[SETTLEMENT], also_settlements=True)
        assert undone.complete, undone.findings
        assert sales.unsettle(SETTLEMENT).complete
        assert not any(balances(sales).values())
        _post_all(sales)
        assert balances(sales) == whole


def _post_all(sales: SaleWorld) -> None:
    assert sales.post(*two_orders()).count(OrderState.POSTED) == 2
    assert sales.settle(settled()).results[0].is_posted


def test_what_was_reversed_is_known_as_reversed(tmp_path: Path) -> None:
    sale = journal("AMZ-444-1", {"Business Checking": 2500, "Amazon Sales": -2500})
    with world(tmp_path) as there:
        there.post([sale])
        there.practice.close_books(date(2026, 2, 28))
        there.undo(["444"])
        there.lose_store()
        report = there.rebuild()
        assert (report.restored, report.findings) == ({"JournalEntry": 2}, [])
        states = {key: (each.state, each.reversed_by) for key, each in _postings(there).items()}
        assert states == {
            "JournalEntry AMZ-444-1": (PostingState.UNDONE, "AMZ-444-1R"),
            "JournalEntry AMZ-444-1R": (PostingState.POSTED, ""),
        }
        assert [finding.code for finding in there.undo(["444"]).findings] == ["nothing-to-undo"]
        there.practice.close_books(None)
        report_again = there.post([sale])
        assert [row.journal.doc_number for row in report_again.journals] == ["AMZ-444-1B"]


def test_orders_taken_back_in_a_closed_period_are_known_as_taken_back(tmp_path: Path) -> None:
    with sale_world(tmp_path) as sales:
        sales.post(*two_orders())
        sales.settle(settled())
        sales.there.practice.close_books(date(2026, 1, 31))
        assert sales.unsettle(SETTLEMENT).complete
        before = {key: (each.state, each.reversed_by) for key, each in _postings(sales.there).items()}
        sales.there.lose_store()
        report = sales.there.rebuild()
        assert report.findings == []
        assert {key: (each.state, each.reversed_by) for key, each in _postings(sales.there).items()} == before
        assert [finding.code for finding in sales.unsettle(SETTLEMENT).findings] == ["nothing-to-undo"]
        assert sales.settle(settled(), agreed=FIRST_OPEN_DAY).results[0].is_posted
        assert balances(sales) == EXPECTED


def test_a_restored_invoice_in_a_closed_period_is_taken_back_by_a_credit_memo(tmp_path: Path) -> None:
    with sale_world(tmp_path) as sales:
        sales.post(*two_orders())
        sales.there.lose_store()
        sales.there.rebuild()
        sales.there.practice.close_books(date(2026, 1, 31))
        undone = sales.undo(ONE, TWO)
        assert [each.how for each in undone.documents] == [How.REVERSED] * 2, undone.findings
        assert balances(sales) == {}


def test_a_document_changed_before_is_restored_by_its_mark_and_told_at_the_next_press(tmp_path: Path) -> None:
    """Its lines no longer give the hash, so no draft is proved; what stands there is what later is compared with."""
    with world(tmp_path) as there:
        there.post(two_settlements())
        entry = there.held()[2]
        for each in entry["Line"]:
            each["Amount"] += 1
        there.practice.edit_as_person("JournalEntry", entry["Id"], {"Line": entry["Line"]})
        there.lose_store()
        assert there.rebuild().restored == {"JournalEntry": 3}
        assert len(_postings(there)["JournalEntry AMZ-333-1"].content_hash) == 16
        report = there.post(two_settlements())
        assert [finding.code for finding in report.findings] == ["changed-in-quickbooks"]
        assert len(there.held()) == 3


def test_an_old_copy_of_the_store_learns_what_happened_since(tmp_path: Path) -> None:
    with world(tmp_path) as there:
        journals = two_settlements()
        there.post(journals[:2])
        with there.process():
            pass
        copy = tmp_path / "copy.sqlite3"
        shutil.copy(there.folder / "books.sqlite3", copy)
        there.post(journals)
        there.undo(["222"])
        there.lose_store()
        shutil.copy(copy, there.folder / "books.sqlite3")
        report = there.rebuild()
        assert (report.restored, report.known) == ({"JournalEntry": 1}, 0)
        assert _codes(report) == ["posted-not-found"] * 2
        there.undo(["222"])
        assert there.post(journals).complete
        there.check_books(journals)


def test_what_the_store_was_sending_is_found_posted(tmp_path: Path) -> None:
    with world(tmp_path) as there:
        effects = Effects()
        with pytest.raises(Killed):
            there.post(two_settlements(), _DeadOnceSent())
        report = there.rebuild(effects)
        assert report.restored == {"JournalEntry": 1}
        posting = _postings(there)["JournalEntry AMZ-222-1"]
        assert (posting.state, len(posting.content_hash)) == (PostingState.POSTED, 64)
        assert there.post(two_settlements()).complete
        there.check_books(two_settlements())


class _DeadOnceSent(Effects):
    """Dies when the first document was sent."""

    def around(self, what: str, effect: object) -> object:
        result = super().around(what, effect)  # type: ignore[arg-type]
        if what == "send journalentry":
            self.dead = True
            raise Killed("its answer never came")
        return result


def test_copies_of_a_document_and_lost_numbers_are_for_a_person(tmp_path: Path) -> None:
    with world(tmp_path) as there:
        there.post(two_settlements())
        first, second, _ = there.held()
        copied = {name: first[name] for name in ("DocNumber", "TxnDate", "PrivateNote", "Line")}
        there.practice.create_as_person("JournalEntry", copied)
        there.practice.edit_as_person("JournalEntry", second["Id"], {"DocNumber": "mine, not yours"})
        there.lose_store()
        report = there.rebuild()
        assert report.restored == {"JournalEntry": 2}
        assert sorted(_codes(report)) == ["found-twice", "found-without-number"]
        assert not report.complete


def test_a_document_that_was_numbered_anew_is_known_by_the_number_it_was_posted_under(tmp_path: Path) -> None:
    with world(tmp_path) as there:
        there.post(two_settlements())
        third = there.held()[2]
        for number in ("mine, not yours", "AMZ-999-1", ""):
            there.practice.edit_as_person("JournalEntry", third["Id"], {"DocNumber": number})
            there.lose_store()
            assert _codes(there.rebuild()) == ["found-without-number"]
            assert _postings(there)["JournalEntry AMZ-333-1"].quickbooks_id == third["Id"]
            there.check_quiet(two_settlements())
            assert _codes_of_undo(there) == ["changed-in-quickbooks"]
        there.practice.edit_as_person("JournalEntry", third["Id"], {"DocNumber": "AMZ-333-1"})
        assert there.undo(["333"]).complete
        assert [entry["DocNumber"] for entry in there.held()] == ["AMZ-222-1", "AMZ-222-2"]


def _codes_of_undo(there: World) -> list[str]:
    report = there.undo(["333"])
    return [finding.code for finding in report.findings if finding.stops]


def test_days_bound_what_is_looked_through(tmp_path: Path) -> None:
    with world(tmp_path) as there:
        there.post(two_settlements())
        there.lose_store()
        report = there.rebuild(since=date(2026, 2, 1), until=date(2026, 2, 20))
        assert report.restored == {"JournalEntry": 1}
        assert list(_postings(there)) == ["JournalEntry AMZ-222-2"]
        assert there.rebuild().restored == {"JournalEntry": 2}


def test_other_peoples_documents_stay_theirs(tmp_path: Path) -> None:
    with world(tmp_path) as there:
        there.post(two_settlements())
        entry = there.held()[0]
        theirs = {"DocNumber": "AMZ-9-1", "TxnDate": "2026-01-31", "Line": entry["Line"]}
        there.practice.create_as_person("JournalEntry", theirs)
        there.lose_store()
        assert there.rebuild().restored == {"JournalEntry": 3}


def test_a_kill_anywhere_is_finished_by_the_next_rebuild(tmp_path: Path) -> None:
    effects = Effects()
    with world(tmp_path / "whole") as there:
        there.post(two_settlements())
        there.lose_store()
        there.rebuild(effects)
    for number in range(1, len(effects.seen) + 1, 2):
        with world(tmp_path / str(number), direct=True) as there:
            there.post(two_settlements())
            there.lose_store()
            with pytest.raises(Killed):
                there.rebuild(Effects(number, after=number % 4 == 1))
            report = there.rebuild()
            assert sum(report.restored.values()) + report.known == 3
            there.check_quiet(two_settlements())


def test_a_list_that_changes_while_it_is_read_is_read_again(tmp_path: Path) -> None:
    with world(tmp_path) as there:
        there.post(two_settlements())
        there.lose_store()
        more = {name: there.held()[0][name] for name in ("TxnDate", "Line")}

        def add(_practice: object) -> None:
            there.practice.create_as_person("JournalEntry", more)

        there.practice.add_faults([{"match": {"op": "query", "nth": 3}, "do": add}])
        assert there.rebuild().restored == {"JournalEntry": 3}
        there.practice.add_faults([{"match": {"op": "query", "times": 0}, "do": add}])
        there.lose_store()
        assert _codes(there.rebuild()) == ["quickbooks-no-answer"]


def test_without_quickbooks_nothing_is_restored_and_it_is_said(tmp_path: Path) -> None:
    with world(tmp_path) as there:
        there.post(two_settlements())
        there.practice.stop()
        assert _codes(there.rebuild()) == ["quickbooks-unreachable"]
