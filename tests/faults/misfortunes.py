"""Everything that can happen to a press on its way to QuickBooks, drawn from a seed.

A schedule holds one kind of misfortune for certain, by its seed, and up to two others by chance. What was drawn and
what really happened are two things (a fault may wait for a request that never comes), so a schedule tells what
happened, and `tests/faults/test_schedules.py` holds that every kind does, often.
"""

import random
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import requests

from tests.faults.world import Effects, World
from tieout.domain.posting import PostingState
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.practice.quickbooks.faults import Fault
from tieout.quickbooks.tokens import REFRESH_TOKEN, SERVICE, ask_for_tokens
from tieout.secrets import PracticeVault
from tieout.sign_in_ports import AppKeys

BANK = "Business Checking"
CLOSED_TO = date(2026, 2, 15)


class Kind(StrEnum):
    """What can happen."""

    KILLED = "the process is killed at an effect"
    DISK_FULL = "the disk is full"
    ANSWER_LOST = "the work is done and its answer lost"
    NEVER_DONE = "the request is broken off before any work"
    ID_IGNORED = "a request id comes twice to a server that ignores it"
    LAG = "queries lag behind"
    THROTTLED = "a storm of 429"
    ERRORS = "a storm of 5xx"
    EXPIRED = "access tokens expire in the middle"
    RACED = "another program spends the refresh token first"
    PRESSED_TWICE = "somebody else presses at the same time"
    LEASE_TAKEN = "another machine takes the lease"
    EDITED = "a person edits a document of ours"
    DELETED = "a person deletes a document of ours"
    ADDED = "a person adds a document under a number of ours"
    INACTIVE = "an account is made inactive in the middle"
    CLOSED = "the closing date is moved in the middle"


LOST = ("timeout_after", "reset_after", "error5xx_after", "garbage_after")
UNDONE = ("reset", "timeout_before", "error5xx", "html503")
_BY_NAME: Mapping[str, Kind] = {
    **dict.fromkeys(LOST, Kind.ANSWER_LOST),
    **dict.fromkeys(("reset", "timeout_before"), Kind.NEVER_DONE),
    "unauthorized": Kind.EXPIRED,
    "lag": Kind.LAG,
}
STORM = 3


class Misfortune(Effects):
    """A process that may die at an effect, and whose disk may be full for some commits."""

    def __init__(self, kill_at: int = 0, after: bool = False, full: range = range(0)) -> None:
        super().__init__(kill_at, after)
        self._full = full
        self._commits = 0
        self.was_full = False

    def around(self, what: str, effect: Callable[[], Any]) -> Any:
        if what == "commit" and not self.dead:
            self._commits += 1
            if self._commits in self._full:
                self.was_full = True
                raise sqlite3.OperationalError("database or disk is full")
        return super().around(what, effect)


@dataclass
class Meddling:
    """People, programs and machines at work in the same books meanwhile. Each action is also known by its name.

    `entity` is the kind of document that is posted and `numbers` those it has; `press` presses the button in a
    process of its own. An action that finds nothing to do is not counted as done.
    """

    there: World
    chance: random.Random
    entity: str
    numbers: list[str]
    press: Callable[[], object]
    done: list[Kind] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    edited: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    bank: str = ""

    def __post_init__(self) -> None:
        accounts = self.there.practice.transactions("Account")
        self.bank = next(each["Id"] for each in accounts if each["Name"] == BANK)

    def once(self, name: str, *, on_ours: bool = False) -> Callable[[PracticeQuickBooks], None]:
        """The action of a name, done at the first request that lets it, with a document of ours there if so."""
        done: list[None] = []

        def act(practice: PracticeQuickBooks) -> None:
            if done or (on_ours and not self._ours()):
                return
            before = len(self.done)
            done.append(None)  # what is done may send requests itself
            getattr(self, name)(practice)
            if len(self.done) == before:
                done.clear()

        act.__name__ = name
        return act

    def expire(self, practice: PracticeQuickBooks) -> None:
        """Every access token ends now."""
        practice.expire_access_tokens()
        self.done.append(Kind.EXPIRED)

    def race(self, practice: PracticeQuickBooks) -> None:
        """Another program spends the refresh token, and keeps the new one, without asking anybody's lock."""
        vault = PracticeVault(self.there.folder, self.there.clock)
        values = vault.load(SERVICE)
        address = self.there.address
        with requests.Session() as http:
            http.mount("http://", self.there.wire(Effects()))
            form = {"grant_type": "refresh_token", "refresh_token": values[REFRESH_TOKEN]}
            keys = AppKeys(address.client_id, values["client_secret"])
            answer = ask_for_tokens(http, address.token_url, keys, form)
        assert answer is not None
        vault.save(SERVICE, {**values, REFRESH_TOKEN: str(answer["refresh_token"])})
        practice.expire_access_tokens()
        self.done.append(Kind.RACED)

    def somebody_presses(self, _practice: PracticeQuickBooks) -> None:
        """Somebody else presses in the middle of our press, and waits as long as one does."""
        self.press()
        self.done.append(Kind.PRESSED_TWICE)

    def take_lease(self, _practice: PracticeQuickBooks) -> None:
        """Another machine takes the lease, as where ours slept for longer than a lease is."""
        with sqlite3.connect(self.there.folder / "books.sqlite3") as database:
            taken = database.execute("UPDATE leases SET token = 'another', holder = 'ben', host = 'elsewhere'")
        database.close()
        if taken.rowcount:
            self.done.append(Kind.LEASE_TAKEN)

    def edit(self, practice: PracticeQuickBooks) -> None:
        """A person changes the amounts of one of our documents."""
        held = [each for each in self._ours() if each["Id"] not in self.edited]
        if not held:
            return
        one = self.chance.choice(held)
        lines = _typed(one["Line"])
        with suppress(Fault):  # with an inactive account they can't
            practice.edit_as_person(self.entity, one["Id"], {"Line": _more(lines)})
            self.edited[one["Id"]] = lines
            self.done.append(Kind.EDITED)

    def remove(self, practice: PracticeQuickBooks) -> None:
        """A person deletes one of our documents."""
        held = self._ours()
        if not held:
            return
        one = self.chance.choice(held)
        practice.delete_as_person(self.entity, one["Id"])
        self.edited.pop(one["Id"], None)
        self.deleted.append(one["DocNumber"])
        self.done.append(Kind.DELETED)

    def add(self, practice: PracticeQuickBooks) -> None:
        """A person makes a document under a number of ours: a copy of ours where there is one, else an own one."""
        held = self._ours()
        if held:
            one = self.chance.choice(held)
            body = {name: one[name] for name in _COPIED if name in one}
            body["Line"] = [_without_id(line) for line in _typed(one["Line"])]
        else:
            body = {"DocNumber": self.chance.choice(self.numbers), **_OWN[self.entity](self)}
        with suppress(Fault):  # with an inactive account they can't either
            self.added.append(practice.create_as_person(self.entity, body)["Id"])
            self.done.append(Kind.ADDED)

    def inactivate(self, practice: PracticeQuickBooks) -> None:
        """A person makes the bank account inactive."""
        with suppress(ValueError):
            practice.inactivate_account(BANK)
            self.done.append(Kind.INACTIVE)

    def close(self, practice: PracticeQuickBooks) -> None:
        """A person closes the books up to a day in the middle of what is posted."""
        practice.close_books(CLOSED_TO)
        self.done.append(Kind.CLOSED)

    def _ours(self) -> list[dict[str, Any]]:
        held = self.there.practice.transactions(self.entity)
        return [each for each in held if each["DocNumber"] in self.numbers and each["Id"] not in self.added]

    def tidy(self) -> list[str]:
        """People undo what they did, and machines are well again; the numbers of ours that are gone for good."""
        practice = self.there.practice
        practice.clear_faults()
        practice.close_books(None)
        practice.edit_as_person("Account", self.bank, {"Active": True})
        alive = {each["Id"] for each in practice.transactions(self.entity)}
        for identity, lines in self.edited.items():
            if identity in alive:
                practice.edit_as_person(self.entity, identity, {"Line": lines})
        for identity in self.added:
            practice.delete_as_person(self.entity, identity)
        with sqlite3.connect(self.there.folder / "books.sqlite3") as database:
            database.execute("DELETE FROM leases")
        database.close()
        held = {each["DocNumber"] for each in practice.transactions(self.entity)}
        with self.there.process() as process:
            posted = [each for each in process.store.outbox.all() if each.state is PostingState.POSTED]
        return [each.key.doc_number for each in posted if each.key.doc_number in {*self.deleted} - held]


_COPIED = ("DocNumber", "TxnDate", "PrivateNote", "CustomerRef", "CurrencyRef", "GlobalTaxCalculation")


def _typed(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines that a person types; QuickBooks makes the subtotal itself."""
    return [line for line in lines if line["DetailType"] != "SubTotalLineDetail"]


def _more(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of one document with a dollar more in it: on its first line, or on the first of each side."""
    changed, sides = [], set()
    for line in lines:
        detail = line[line["DetailType"]]
        side = detail.get("PostingType", "")
        if side not in sides:
            sides.add(side)
            line = {**line, "Amount": line["Amount"] + 1}
            if not side:
                line[line["DetailType"]] = {**detail, "UnitPrice": line["Amount"], "Qty": 1}
        changed.append(line)
    return changed


def _without_id(line: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in {"Id", "LineNum"}}


def _own_entry(meddling: Meddling) -> dict[str, Any]:
    sides = [{"PostingType": side, "AccountRef": {"value": meddling.bank}} for side in ("Debit", "Credit")]
    lines = [{"Amount": 5, "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": each} for each in sides]
    return {"Line": lines}


def _own_invoice(meddling: Meddling) -> dict[str, Any]:
    practice = meddling.there.practice
    name = f"A customer of theirs {len(meddling.added)}"
    customer = practice.create_as_person("Customer", {"DisplayName": name})
    incomes = [each["Id"] for each in practice.transactions("Account") if each["AccountType"] == "Income"]
    item = practice.create_as_person(
        "Item", {"Name": name, "Type": "Service", "IncomeAccountRef": {"value": incomes[0]}}
    )
    detail = {"ItemRef": {"value": item["Id"]}}
    line = {"Amount": 5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
    return {"CustomerRef": {"value": customer["Id"]}, "Line": [line]}


_OWN: Mapping[str, Callable[[Meddling], dict[str, Any]]] = {"JournalEntry": _own_entry, "Invoice": _own_invoice}


def happened(meddling: Meddling, mood: str, processes: Iterable[Misfortune]) -> set[Kind]:
    """The kinds of misfortune that a schedule really met."""
    done = meddling.there.practice.faults_done()
    kinds = {*meddling.done} | {_BY_NAME[name] for name in done if name in _BY_NAME}
    if done.count("throttle") >= STORM:
        kinds.add(Kind.THROTTLED)
    if done.count("error5xx") + done.count("html503") >= STORM:
        kinds.add(Kind.ERRORS)
    ids = [seen.request_id for seen in meddling.there.practice.requests() if seen.request_id]
    if mood == "ignored" and len(set(ids)) < len(ids):
        kinds.add(Kind.ID_IGNORED)
    for process in processes:
        kinds |= ({Kind.KILLED} if process.dead else set()) | ({Kind.DISK_FULL} if process.was_full else set())
    return kinds
