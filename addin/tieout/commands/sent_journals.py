"""Journals as they were sent, so that what the books hold is compared with that, and with no name or day instead.

A journal names accounts as the chart does; the books may call the same account otherwise (under a parent, in other
letters, renamed since). And it may have been posted on the first open day instead of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tieout.commands.posting_report import PostedJournal
from tieout.domain.books import BooksDocument, BooksLine
from tieout.domain.content import content_hash
from tieout.domain.journal import Journal
from tieout.ports import Books


@dataclass(frozen=True, slots=True)
class SentJournal:
    """A journal on the day it was sent for; the names its accounts have in it, by account id and description."""

    journal: Journal
    names: Mapping[tuple[str, str], str]


def sent_journal(row: PostedJournal, books: Books) -> SentJournal:
    """A posted journal as its own bytes have it; as it is where its posting is of other content, or there is none."""
    journal, posting = row.journal, row.posting
    if posting is None or not posting.body or posting.content_hash != content_hash(journal):
        return SentJournal(journal, {})
    sent = books.as_sent(posting.key.entity, posting.body, journal.currency)
    pairs = zip(sent.lines, journal.posted_lines, strict=True)
    return SentJournal(replace(journal, day=sent.day), {_key(theirs): ours.account for theirs, ours in pairs})


def with_drafted_names(
    held: Sequence[BooksDocument], sent: Sequence[SentJournal], names: Mapping[str, str]
) -> tuple[BooksDocument, ...]:
    """Documents of the books whose lines name their accounts as our journals do; else as the books do (`names`)."""
    by_line = {key: name for journal in sent for key, name in journal.names.items()}
    by_account = {account_id: name for (account_id, _), name in by_line.items()}

    def named(line: BooksLine) -> BooksLine:
        name = by_line.get(_key(line)) or by_account.get(line.account_id) or names.get(line.account_id)
        return replace(line, account_name=name or line.account_name)

    return tuple(replace(document, lines=tuple(named(line) for line in document.lines)) for document in held)


def _key(line: BooksLine) -> tuple[str, str]:
    return line.account_id, " ".join(line.description.split())
