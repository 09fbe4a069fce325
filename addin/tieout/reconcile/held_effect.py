"""What a document does to accounts as the books hold it, where somebody changed it since it was sent.

What was sent and what is held are read the same way; the difference, account by account, is laid over the double
entry that the draft makes. So a changed document is compared line by line as a changed journal is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tieout.domain.account import Chart, Group
from tieout.domain.books import BooksDocument, BooksLine
from tieout.domain.journal import Journal, JournalLine, Side
from tieout.domain.money import Money
from tieout.rules.ledger_effect import PAYABLE, RECEIVABLE

_SAYS_MONEY = ("deposit to ", "paid from ")
_CONTROL = {
    **dict.fromkeys(("Payment", "Invoice", "CreditMemo"), RECEIVABLE),
    **dict.fromkeys(("Bill", "VendorCredit", "BillPayment"), PAYABLE),
}
# Documents whose lines are debits; those of the others are credits.
_LINES_ARE_DEBITS = frozenset({"Purchase", "Bill", "CreditMemo", "RefundReceipt"})
_JOURNALS = frozenset({"JournalEntry", "Transfer"})
CHANGED_THERE = "changed in QuickBooks"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where money moves: an account by its id in the books (or name), and a line's description; empty: the total."""

    account: str
    description: str = ""


def as_held(effect: Journal, entity: str = "JournalEntry") -> BooksDocument:
    """The double entry as the books would hold it: for a document that stands as it was sent."""
    lines = (
        BooksLine(line.side, line.amount, line.account, line.description, account_name=line.account)
        for line in effect.posted_lines
    )
    return BooksDocument(entity, effect.doc_number, effect.day, effect.currency, effect.debits, "", tuple(lines))


def effect_of_sent(sent: BooksDocument, names: Mapping[str, str], chart: Chart, settlement_id: str) -> Journal:
    """The double entry of a document by its own bytes, where it would be drafted otherwise now.

    Its lines stand for no rows. Groups are those of the accounts that balance drafts; all else is Other.
    """
    items = {line.account_id: line.account_name for line in sent.lines if line.account_name}
    groups = {RECEIVABLE: Group.CARRY_FORWARD, PAYABLE: Group.CARRY_FORWARD}
    for role, group in (("clearing", Group.CLEARING), ("bank", Group.BANK), ("card", Group.CARD)):
        account = chart.by_role(role)
        if account is not None:
            groups[account.name] = group
    lines = []
    for place, minor in _moved(sent).items():
        account_name = names.get(place.account) or items.get(place.account) or place.account
        group = groups.get(account_name, Group.OTHER)
        side = Side.DEBIT if minor >= 0 else Side.CREDIT
        text = place.description or f"{sent.entity} {sent.doc_number}"
        lines.append(JournalLine(side, Money(abs(minor), sent.currency), account_name, group, text))
    return Journal(sent.doc_number, sent.day, sent.currency, "", tuple(lines), settlement_id)


def held_effect(effect: Journal, sent: BooksDocument, held: BooksDocument, names: Mapping[str, str]) -> BooksDocument:
    """The double entry of a document as it is held; `effect` is that of its draft, `names` accounts by id."""
    moved = dict.fromkeys((*_moved(sent), *_moved(held)), 0)
    for place, minor in _moved(held).items():
        moved[place] += minor
    for place, minor in _moved(sent).items():
        moved[place] -= minor
    drafted = _drafted_names(effect, sent)
    lines = list(as_held(effect).lines)
    for place, minor in moved.items():
        if minor:
            account = drafted.get(place.account) or names.get(place.account) or place.account
            _lay(lines, account, place.description, Money(minor, effect.currency))
    return replace(as_held(effect), day=held.day, currency=held.currency, lines=tuple(lines), id=held.id)


def _moved(document: BooksDocument) -> dict[_Place, int]:
    """What a document moves, debit positive, in minor units of its currency."""
    found: dict[_Place, int] = {}
    if document.entity in _JOURNALS:
        for line in document.lines:
            place = _Place(line.account_id, line.description)
            found[place] = found.get(place, 0) + (
                line.amount.minor if line.side is Side.DEBIT else -line.amount.minor
            )
        return found
    sign = 1 if document.entity in _LINES_ARE_DEBITS else -1
    content = 0
    for line in _content(document):
        place = _Place(line.account_id, line.description)
        found[place] = found.get(place, 0) + sign * line.amount.minor
        content += sign * line.amount.minor
    money = _Place(_money_account(document) or _CONTROL.get(document.entity, ""))
    if document.entity in {"Payment", "BillPayment"}:
        received = document.total.minor if document.entity == "Payment" else -document.total.minor
        return {money: received, _Place(_CONTROL[document.entity]): -received}
    found[money] = found.get(money, 0) - content
    return found


def _content(document: BooksDocument) -> Iterator[BooksLine]:
    """The lines that say what it is for; not what it states beside them, and what it names."""
    for line in document.lines:
        if line.account_id == "tax" or line.account_id.startswith("item ") or line.account_id.isdigit():
            yield line


def _money_account(document: BooksDocument) -> str:
    for line in document.lines:
        for words in _SAYS_MONEY:
            if line.account_id.startswith(words):
                return line.account_id.removeprefix(words)
    return ""


def _drafted_names(effect: Journal, sent: BooksDocument) -> Mapping[str, str]:
    """The names that our draft gives to accounts, by their ids in what was sent."""
    found = {}
    for line in sent.lines:
        own = [
            each
            for each in effect.posted_lines
            if _plain(each.description) == _plain(line.description) and each.amount == abs(line.amount)
        ]
        if len({each.account for each in own}) == 1:
            found[line.account_id] = own[0].account
    money = _money_account(sent)
    balancing = [each.account for each in effect.posted_lines if not each.sources and each.amount == abs(sent.total)]
    if money and len(set(balancing)) == 1:
        found[money] = balancing[0]
    if sent.entity == "Transfer":
        for theirs, ours in zip(sent.lines, effect.posted_lines, strict=False):
            found[theirs.account_id] = ours.account
    return found


def _lay(lines: list[BooksLine], account: str, description: str, change: Money) -> None:
    """Lay a change over the first line of an account, and of a description where it has one; else beside them."""
    of_account = [n for n, line in enumerate(lines) if line.account_name == account]
    told = [n for n in of_account if _plain(lines[n].description) == _plain(description)]
    at = next(iter(told if description and told else [] if description else of_account), None)
    was = Money.zero(change.currency)
    text = description or CHANGED_THERE
    if at is not None:
        line = lines.pop(at)
        was = line.amount if line.side is Side.DEBIT else -line.amount
        text = line.description
    now = was + change
    if now:
        side = Side.DEBIT if now.minor > 0 else Side.CREDIT
        at = len(lines) if at is None else at
        lines.insert(at, BooksLine(side, abs(now), account, text, account_name=account))


def _plain(text: str) -> str:
    return " ".join(text.split())
