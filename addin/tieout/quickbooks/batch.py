"""Intuit's /batch: several writes in one request, with a request id, each answered by itself.

python-quickbooks' own batches bear no request id and random item ids too long for one, so the body is ours; it goes
through the library's client like any other. The items are done one after the other and do not see each other
(Intuit, "Batch"; its blog of 2017-07-27).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tieout.domain.books import BooksDocument
from tieout.domain.posting import Outcome
from tieout.limits import QUICKBOOKS_BATCH_ITEMS_MAX
from tieout.ports import Operation, Reply, Write
from tieout.quickbooks.exact_json import Written, write_json
from tieout.quickbooks.faults import no_answer, verdict
from tieout.quickbooks.readable import MALFORMED


def batch_body(writes: Sequence[Write]) -> bytes:
    """The body of a batch: the writes' own bytes, under item ids "1", "2" and so on; ValueError for too many."""
    if not 1 <= len(writes) <= QUICKBOOKS_BATCH_ITEMS_MAX:
        raise ValueError(f"a batch has 1 to {QUICKBOOKS_BATCH_ITEMS_MAX} items, not {len(writes)}")
    items = [
        {"bId": str(number), "operation": write.operation.value, write.entity: Written(write.body.decode("utf-8"))}
        for number, write in enumerate(writes, start=1)
    ]
    return write_json({"BatchItemRequest": items})


def replies(
    answer: Mapping[str, Any],
    writes: Sequence[Write],
    intuit_tid: str,
    read: Callable[[str, Mapping[str, Any]], BooksDocument],
) -> tuple[Reply, ...]:
    """What the answer to a batch says of each write. A write that it does not name is UNKNOWN."""
    items = answer.get("BatchItemResponse")
    by_id = (
        {str(item.get("bId")): item for item in items if isinstance(item, dict)} if isinstance(items, list) else {}
    )
    return tuple(
        _reply(by_id.get(str(number)), write, intuit_tid, read) for number, write in enumerate(writes, start=1)
    )


def _reply(
    item: Mapping[str, Any] | None,
    write: Write,
    tid: str,
    read: Callable[[str, Mapping[str, Any]], BooksDocument],
) -> Reply:
    if item is None:
        return Reply(Outcome.UNKNOWN, finding=no_answer("its answer leaves this document out", tid), intuit_tid=tid)
    found = verdict(200, dict(item), tid)
    if found is not None:
        return Reply(found.outcome, finding=found.finding, intuit_tid=tid)
    held = item.get(write.entity)
    if not isinstance(held, dict):
        return Reply(Outcome.UNKNOWN, finding=no_answer("its answer could not be read", tid), intuit_tid=tid)
    if write.operation is Operation.DELETE:
        return Reply(Outcome.APPLIED, intuit_tid=tid)
    try:
        return Reply(Outcome.APPLIED, document=read(write.entity, held), intuit_tid=tid)
    except MALFORMED:
        return Reply(Outcome.UNKNOWN, finding=no_answer("its answer could not be read", tid), intuit_tid=tid)
