"""A company's books in QuickBooks Online, through python-quickbooks' client on our guarded session."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from tieout.domain.account import Account
from tieout.domain.books import (
    BooksAccount,
    BooksChange,
    BooksCompany,
    BooksDocument,
    BooksPreferences,
    BooksTaxCode,
    FoundDocument,
    is_sealed,
)
from tieout.domain.journal import Journal
from tieout.domain.posting import Outcome
from tieout.domain.private_note import marked_hash
from tieout.limits import QUICKBOOKS_DOC_NUMBER_CHARACTERS_MAX
from tieout.parse.exact_json import read_json
from tieout.ports import BooksUnavailable, JournalNames, Reply, Write
from tieout.quickbooks import decode, encode
from tieout.quickbooks.batch import batch_body, replies
from tieout.quickbooks.decode_documents import READERS, number_property
from tieout.quickbooks.documents import QuickBooksDocuments
from tieout.quickbooks.faults import no_answer
from tieout.quickbooks.kept_lists import ACTIVE_TOO, KeptLists
from tieout.quickbooks.name_lists import QuickBooksLists
from tieout.quickbooks.queries import Queries, asked
from tieout.quickbooks.readable import MALFORMED, NotOurs, readable
from tieout.quickbooks.restored_body import restored_body
from tieout.quickbooks.session import GuardedSession

_DOC_NUMBER = re.compile(rf"[A-Z0-9-]{{1,{QUICKBOOKS_DOC_NUMBER_CHARACTERS_MAX}}}\Z", re.ASCII)
_ID = re.compile(r"[0-9]{1,20}\Z", re.ASCII)
# The SyncToken of what nobody changed since it was made.
_FIRST_VERSION = "0"
COMPANY_PATH = "/company"


class QuickBooksBooks:
    """The books of one realm. Questions raise BooksUnavailable; writes answer with what is known of them."""

    def __init__(self, client: Any, session: GuardedSession, realm_id: str, kept: KeptLists | None = None) -> None:
        self._client = client
        self._session = session
        self._realm_id = realm_id
        self._queries = Queries(client)
        self._kept = kept
        self._home_currency = ""

    @property
    def realm_id(self) -> str:
        """The identity of the company these books are of."""
        return self._realm_id

    @property
    def documents(self) -> QuickBooksDocuments:
        """Documents as bytes, and bytes as what they say."""
        return QuickBooksDocuments()

    @property
    def lists(self) -> QuickBooksLists:
        """The lists that documents name."""
        return QuickBooksLists(self._rows, self._created, self._preferences, self._home)

    @readable
    def company(self) -> BooksCompany:
        """The company file."""
        answer = asked(lambda: self._client.get_single_object("CompanyInfo", self._realm_id))
        return decode.company(answer["CompanyInfo"], self._realm_id)

    @readable
    def preferences(self) -> BooksPreferences:
        """Home currency, several currencies or one, and the closing date; read anew each time."""
        found = decode.preferences(self._preferences())
        self._home_currency = found.home_currency
        return found

    @readable
    def accounts(self) -> tuple[BooksAccount, ...]:
        """Every account, inactive ones too."""
        home = self._home()
        return tuple(decode.account(each, home) for each in self._rows("Account", ACTIVE_TOO))

    @readable
    def classes(self) -> Mapping[str, str]:
        """The ids of the active classes, by full name."""
        return {str(each["FullyQualifiedName"]): str(each["Id"]) for each in self._rows("Class")}

    def locations(self) -> Mapping[str, str]:
        """The ids of the active locations, by full name."""
        return self.lists.locations()

    @readable
    def tax_codes(self) -> tuple[BooksTaxCode, ...]:
        """The active tax codes."""
        return decode.tax_codes(self._queries.all("TaxCode"), self._queries.all("TaxRate"))

    def create_account(self, account: Account, request_id: str) -> Reply:
        """Create an account in the home currency; a name that exists is CONFLICT."""
        home = self._home()
        self._touched("Account")
        create = partial(self._client.create_object, "Account", encode.account(account), request_id=request_id)
        return self._written(create, lambda answer, _: {"account": decode.account(answer["Account"], home)})

    def journal_body(self, journal: Journal, day: date, note: str, names: JournalNames, multicurrency: bool) -> bytes:
        """The exact bytes that post `journal` on `day`."""
        _check_number(journal.doc_number)
        return encode.journal_entry(journal, day, note, names, multicurrency)

    def as_sent(self, entity: str, body: bytes, home_currency: str) -> BooksDocument:
        """What a body says, read back from its bytes."""
        return _reader(entity)(read_json(body), home_currency, "")

    def find(self, entity: str, doc_number: str) -> tuple[BooksDocument, ...]:
        """The documents of a kind that bear `doc_number`, by id."""
        return self.find_many(entity, (doc_number,))[doc_number]

    @readable
    def find_many(self, entity: str, doc_numbers: Sequence[str]) -> Mapping[str, tuple[BooksDocument, ...]]:
        """The documents of a kind, by each of some numbers, by id."""
        for number in doc_numbers:
            _check_number(number)
        found: dict[str, list[BooksDocument]] = {number: [] for number in doc_numbers}
        asked_by = number_property(entity)
        rows = self._queries.of_values(entity, asked_by, tuple(found)) if asked_by else self._queries.all(entity)
        for row in rows:
            document = self._document(entity, row)
            found.setdefault(document.doc_number, []).append(document)
        return {number: tuple(sorted(found[number], key=lambda each: int(each.id))) for number in doc_numbers}

    @readable
    def read(self, entity: str, quickbooks_id: str) -> BooksDocument | None:
        """The document of an id; None where there is none, or it was deleted."""
        _check_id(quickbooks_id)
        try:
            answer = asked(lambda: self._client.get_single_object(entity, quickbooks_id))
        except BooksUnavailable as error:
            if error.finding.code == "quickbooks-inactive":
                return None
            raise
        found = answer[entity]
        return None if found.get("status") == "Deleted" else self._document(entity, found)

    @readable
    def read_many(self, entity: str, quickbooks_ids: Sequence[str]) -> Mapping[str, BooksDocument]:
        """The documents of some ids, by id; those that are not found are left out."""
        for each in quickbooks_ids:
            _check_id(each)
        documents = (self._document(entity, row) for row in self._queries.of_values(entity, "Id", quickbooks_ids))
        return {document.id: document for document in documents}

    @readable
    def ours(self, entity: str, since: date | None, until: date | None) -> tuple[FoundDocument, ...]:
        """The documents of a kind, dated between two days, that bear our marker; the note can't be asked for."""
        days = [f"TxnDate >= '{since.isoformat()}'"] if since else []
        days += [f"TxnDate <= '{until.isoformat()}'"] if until else []
        return tuple(
            self._found(entity, row)
            for row in self._queries.all_unchanging(entity, days)
            if marked_hash(str(row.get("PrivateNote", "")))
        )

    def send(self, entity: str, body: bytes, request_id: str) -> Reply:
        """Create a document from its exact bytes."""
        home = self._home()
        create = partial(self._client.create_object, entity, body, request_id=request_id)
        return self._written(create, lambda answer, tid: {"document": _held(entity, answer[entity], home, tid)})

    def delete(self, entity: str, quickbooks_id: str, sync_token: str, request_id: str) -> Reply:
        """Delete a document that nobody changed since `sync_token`."""
        body = encode.deletion(quickbooks_id, sync_token)
        delete = partial(self._client.delete_object, entity, body, request_id=request_id)
        return self._written(delete, lambda _answer, _tid: {})

    def deletion(self, quickbooks_id: str, sync_token: str) -> bytes:
        """The exact bytes that delete a document."""
        return encode.deletion(quickbooks_id, sync_token)

    def write_batch(self, writes: Sequence[Write], request_id: str) -> tuple[Reply, ...]:
        """Do several writes in one request; a reply each, in their order."""
        self._home()  # asked before the write is prepared: the answers are read with it
        url = f"{self._client.api_url}{COMPANY_PATH}/{self._realm_id}/batch"
        self._session.begin_write()
        try:
            answer = asked(partial(self._client.post, url, batch_body(writes), request_id=request_id))
        except BooksUnavailable as error:
            reply = Reply(error.outcome, finding=error.finding, intuit_tid=self._session.last_intuit_tid)
            return (reply,) * len(writes)
        return replies(answer, writes, self._session.last_intuit_tid, self._document)

    def batches_free(self) -> int:
        """How many batches could go out now without waiting for a minute to pass."""
        return self._session.batches_free()

    @readable
    def changed_since(self, entities: Sequence[str], moment: datetime) -> tuple[BooksChange, ...]:
        """What was created, changed or deleted since an aware moment (Intuit looks back 30 days, 1,000 objects)."""
        since = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        answer = asked(lambda: self._client.change_data_capture(",".join(entities), since))
        home = self._home()
        return tuple(
            change
            for response in answer["CDCResponse"]
            for group in response.get("QueryResponse", ())
            for entity in entities
            for change in decode.changes(entity, group.get(entity, []), home, _reader(entity))
        )

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _home(self) -> str:
        """The home currency, asked once: it can't be changed in QuickBooks once a document stands in it."""
        return self._home_currency or self.preferences().home_currency

    def _rows(self, entity: str, conditions: Sequence[str] = ()) -> list[Mapping[str, Any]]:
        """The rows of a list, out of the store where it keeps the list."""
        return (self._kept.rows if self._kept else self._queries.all)(entity, conditions)

    def _touched(self, entity: str) -> None:
        if self._kept is not None:
            self._kept.touched(entity)

    def _preferences(self) -> Mapping[str, Any]:
        url = f"{self._client.api_url}{COMPANY_PATH}/{self._realm_id}/preferences"
        found: Mapping[str, Any] = asked(lambda: self._client.get(url))["Preferences"]
        return found

    def _created(self, entity: str, body: bytes, request_id: str) -> tuple[Reply, str]:
        """Create an entry of a list; what is known of it, and its id."""
        made: list[str] = []
        self._touched(entity)
        create = partial(self._client.create_object, entity, body, request_id=request_id)

        def held(answer: Any, _tid: str) -> dict[str, Any]:
            made.append(str(answer[entity]["Id"]))
            return {}

        return self._written(create, held), "".join(made)

    def _document(self, entity: str, found: Mapping[str, Any], intuit_tid: str = "") -> BooksDocument:
        return _held(entity, found, self._home(), intuit_tid)

    def _found(self, entity: str, row: Mapping[str, Any]) -> FoundDocument:
        """A document of ours, and its bytes: without tax codes that QuickBooks put there, as the seal tells."""
        document = self._document(entity, row)
        body = restored_body(entity, row)
        if not is_sealed(self.as_sent(entity, body, self._home())) and document.sync_token == _FIRST_VERSION:
            bare = restored_body(entity, row, coded=False)
            body = bare if is_sealed(self.as_sent(entity, bare, self._home())) else body
        return FoundDocument(document, body)

    def _written(self, write: Callable[[], Any], held: Callable[[Any, str], dict[str, Any]]) -> Reply:
        """Do a write and say what is known of it; `held` takes out of the answer what the books hold now."""
        self._session.begin_write()
        try:
            answer = write()
            tid = self._session.last_intuit_tid
            return Reply(Outcome.APPLIED, intuit_tid=tid, **held(answer, tid))
        except BooksUnavailable as error:
            return Reply(error.outcome, finding=error.finding, intuit_tid=self._session.last_intuit_tid)
        except MALFORMED:
            tid = self._session.last_intuit_tid
            return Reply(Outcome.UNKNOWN, finding=no_answer("its answer could not be read", tid), intuit_tid=tid)


def _check_number(doc_number: str) -> None:
    """ValueError for a number that is not ours, and might not be safe in a query."""
    if not _DOC_NUMBER.match(doc_number):
        raise NotOurs(f"{doc_number!r} is not a document number of ours")


def _check_id(quickbooks_id: str) -> None:
    if not _ID.match(quickbooks_id):
        raise NotOurs(f"{quickbooks_id!r} is not an id of QuickBooks")


def _reader(entity: str) -> Callable[[Mapping[str, Any], str, str], BooksDocument]:
    """How a kind of document is read."""
    return READERS[entity]


def _held(entity: str, found: Mapping[str, Any], home_currency: str, intuit_tid: str) -> BooksDocument:
    """A document that the books hold; UnreadableAnswer where it has no id that one could ask for."""
    document = _reader(entity)(found, home_currency, intuit_tid)
    if not _ID.match(document.id):
        raise decode.UnreadableAnswer(f"a {entity} has no id")
    return document
