"""A journal as JSON and back: everything it says but the rows behind its lines, which the documents hold."""

import json
from datetime import date

from tieout.domain.account import Group
from tieout.domain.journal import Journal, JournalLine, Side
from tieout.domain.money import Money


def journal_record(journal: Journal) -> str:
    """The journal as JSON text; the same journal, the same text."""
    lines = [
        [line.side, line.amount.minor, line.account, line.group, line.description, line.tax_code, line.class_name]
        for line in journal.lines
    ]
    head = {
        "doc_number": journal.doc_number,
        "day": journal.day.isoformat(),
        "currency": journal.currency,
        "memo": journal.memo,
        "settlement_id": journal.settlement_id,
        "part": journal.part,
        "parts": journal.parts,
        "marketplace": journal.marketplace,
        "reverses": journal.reverses,
        "lines": lines,
    }
    return json.dumps(head, ensure_ascii=False, sort_keys=True)


def journal_of(record: str) -> Journal:
    """The journal of such a text; it has to balance, like any."""
    fields = json.loads(record)
    currency = fields["currency"]
    lines = tuple(
        JournalLine(Side(side), Money(minor, currency), account, Group(group), description, tax_code, class_name)
        for side, minor, account, group, description, tax_code, class_name in fields.pop("lines")
    )
    day = date.fromisoformat(fields.pop("day"))
    return Journal(day=day, lines=lines, **fields)
