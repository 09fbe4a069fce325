"""Taking settlements back out of QuickBooks, each by the method by which it stands there."""

from collections.abc import Sequence
from dataclasses import dataclass

from tieout.commands.post_documents import standing_postings
from tieout.commands.post_settled_orders import undo_settled_orders
from tieout.commands.posted_method import posted_method
from tieout.commands.posting_run import How
from tieout.commands.presses.order_book import sale_desk
from tieout.commands.presses.press import Press
from tieout.commands.undo_journals import undo_journals
from tieout.domain.finding import Finding
from tieout.domain.settings import Method
from tieout.ports import Books


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The settlements of which nothing stands any more, and how many documents were deleted and reversed."""

    settlements: frozenset[str] = frozenset()
    deleted: int = 0
    reversed: int = 0
    findings: tuple[Finding, ...] = ()


def take_back_settlements(press: Press, settlement_ids: Sequence[str], books: Books) -> TakenBack:
    """Take back what stands of some settlements; one of which nothing does is said."""
    outbox = press.store.outbox
    standing = {one: standing_postings(outbox, press.realm_id, one) for one in settlement_ids}
    by_orders = [one for one, postings in standing.items() if posted_method(postings) is Method.ORDERS]
    in_summary = [one for one in settlement_ids if one not in set(by_orders)]
    hows: list[How] = []
    findings: list[Finding] = []
    if by_orders:
        undone = undo_settled_orders(by_orders, sale_desk(press, books), press.tell)
        hows += [document.how for document in undone.documents]
        findings += undone.findings
    if in_summary:
        report = undo_journals(
            in_summary,
            books=books,
            outbox=outbox,
            clock=press.clock,
            company=press.company,
            who=press.who,
            progressed=press.tell,
        )
        hows += [row.how for row in report.journals]
        findings += report.findings
    return TakenBack(
        settlements=frozenset(
            one
            for one, postings in standing.items()
            if postings and not standing_postings(outbox, press.realm_id, one)
        ),
        deleted=hows.count(How.UNDONE),
        reversed=hows.count(How.REVERSED),
        findings=tuple(dict.fromkeys(findings)),
    )
