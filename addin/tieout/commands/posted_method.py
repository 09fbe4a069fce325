"""By which method a settlement was posted, told by its documents."""

import re
from collections.abc import Sequence

from tieout.domain.posting import Posting
from tieout.domain.settings import Method
from tieout.rules.settlement_numbers import Letter

_JOURNAL = "JournalEntry"
# "AMZ-24288684721-1J" and what it is posted again as ("...-1JB"); a summary's journals have no letter of a kind.
_BY_ORDERS = re.compile(rf"-[0-9]+[{Letter.JOURNAL}{Letter.TRANSFER}][A-Z]?\Z", re.ASCII)


def posted_method(standing: Sequence[Posting]) -> Method | None:
    """The method by which postings of a settlement were made; None where there are none."""
    if not standing:
        return None
    is_by_orders = any(one.key.entity != _JOURNAL or _BY_ORDERS.search(one.key.doc_number) for one in standing)
    return Method.ORDERS if is_by_orders else Method.SUMMARY
