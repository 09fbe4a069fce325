"""Requests that go out together: which documents share one, and all of them on their way at once.

A document goes in a batch only the first time it is sent. A batch is never sent again: what came of it is asked
about, and what it did not do goes out by itself, under the document's own request id. So neither a batch that was
done in part nor one that Intuit does twice can double anything.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from tieout.commands.posting_run import PostingRun, batch_request_id
from tieout.domain.posting import Posting
from tieout.limits import QUICKBOOKS_BATCH_BYTES_MAX, QUICKBOOKS_BATCH_ITEMS_MAX, QUICKBOOKS_REQUESTS_AT_ONCE_MAX
from tieout.ports import Operation, Reply, Write

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")

# The postings of one request; several make a batch.
Request = tuple[Posting, ...]


def next_volley(waiting: deque[Posting], batches_free: int) -> list[Request]:
    """The requests that go out next, taken from the front of `waiting`.

    Batches as long as the minute has some left; then single documents, of which it lets many more through.
    """
    requests: list[Request] = []
    while waiting and len(requests) < QUICKBOOKS_REQUESTS_AT_ONCE_MAX:
        batch = _batch(waiting) if len(requests) < batches_free else ()
        requests.append(batch or (waiting.popleft(),))
    return requests


def exchange(run: PostingRun, requests: Sequence[Request]) -> list[tuple[Reply, ...]]:
    """Send requests at once; the replies to each, in their order. Nothing of it touches the store."""
    return at_once(partial(_send, run), requests)


def at_once(send: Callable[[_Item], _Answer], items: Sequence[_Item]) -> list[_Answer]:
    """Do something for each of a few items, all of them on their way at the same time; in their order."""
    if len(items) == 1:
        return [send(items[0])]
    with ThreadPoolExecutor(len(items), thread_name_prefix="posting") as pool:
        return list(pool.map(send, items))


def _batch(waiting: deque[Posting]) -> Request:
    """The documents at the front that may share a request; empty where it would be one alone."""
    batch: list[Posting] = []
    size = 0
    while waiting and len(batch) < QUICKBOOKS_BATCH_ITEMS_MAX:
        following = waiting[0]
        size += len(following.body)
        if following.attempts or size > QUICKBOOKS_BATCH_BYTES_MAX:
            break
        batch.append(waiting.popleft())
    if len(batch) == 1:
        waiting.appendleft(batch.pop())
    return tuple(batch)


def _send(run: PostingRun, request: Request) -> tuple[Reply, ...]:
    if len(request) == 1:
        (posting,) = request
        return (run.books.send(posting.key.entity, posting.body, posting.request_id),)
    writes = [Write(Operation.CREATE, posting.key.entity, posting.body) for posting in request]
    return run.books.write_batch(writes, batch_request_id(request))
