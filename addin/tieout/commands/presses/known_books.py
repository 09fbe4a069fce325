"""What QuickBooks' lists said when it was last asked, kept in the store: previewing needs no connection."""

import json
from dataclasses import asdict

from tieout.commands.presses.choices import Choices
from tieout.commands.presses.press import Press
from tieout.commands.settled_books import SettledBooks, read_settled_books
from tieout.sale_ports import SaleBooks

_KNOWN_BOOKS = "known-books"


def known_books(press: Press, choices: Choices) -> SettledBooks:
    """What was last read; before anything was, the home currency of Settings, and no names."""
    text = press.store.settings.get(_KNOWN_BOOKS)
    kept = json.loads(text) if text else {}
    if kept.pop("realm_id", "") != press.realm_id or not kept:
        return SettledBooks(home_currency=str(choices.settings.values["home_currency"]))
    return SettledBooks(**kept)


def learn_books(press: Press, books: SaleBooks) -> SettledBooks:
    """Read them, and keep them for presses without a connection; BooksUnavailable."""
    found = read_settled_books(books)
    text = json.dumps({"realm_id": press.realm_id, **asdict(found)}, sort_keys=True)
    if text != press.store.settings.get(_KNOWN_BOOKS):
        press.store.settings.put(_KNOWN_BOOKS, text)
    return found


def has_news(press: Press, choices: Choices, books: SaleBooks) -> bool:
    """Read them; whether they say something else than drafting by orders went by so far. BooksUnavailable."""
    before = known_books(press, choices)
    return learn_books(press, books) != before
