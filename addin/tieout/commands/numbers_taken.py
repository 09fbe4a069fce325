"""Whether numbers are free in the books, asked before anything is made for the documents that want them.

Sending asks again, for every document. This earlier question is only for documents that need an account, customer,
vendor or item made first, so that nothing is made for one that another document's number keeps out.
"""

from collections.abc import Iterable, Mapping, Sequence

from tieout.commands import posting_findings as say
from tieout.commands.posting_run import Parcel, PostingRun, planned
from tieout.domain.content import is_same_content
from tieout.domain.finding import Finding
from tieout.domain.posting import PostingKey
from tieout.domain.private_note import marked_hash


def numbers_taken(run: PostingRun, wanted: Iterable[Parcel]) -> Mapping[PostingKey, Finding]:
    """What stands under the numbers of some documents and is not them; their bytes are not looked at."""
    by_entity: dict[str, list[Parcel]] = {}
    for parcel in wanted:
        by_entity.setdefault(parcel.key.entity, []).append(parcel)
    found: dict[PostingKey, Finding] = {}
    for entity, parcels in by_entity.items():
        found |= _of_kind(run, entity, parcels)
    return found


def _of_kind(run: PostingRun, entity: str, parcels: Sequence[Parcel]) -> dict[PostingKey, Finding]:
    held = run.books.find_many(entity, [parcel.key.doc_number for parcel in parcels])
    found = {}
    for parcel in parcels:
        documents = held[parcel.key.doc_number]
        ours = [one for one in documents if is_same_content(marked_hash(one.note), parcel.content_hash)]
        if documents and not ours:
            found[parcel.key] = say.number_of_another(planned(None, parcel), documents)
    return found
