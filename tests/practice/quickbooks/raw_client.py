"""A client with no knowledge of QuickBooks beyond the documents: plain requests, plain JSON, exact numbers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import requests

from tieout.practice.quickbooks import PracticeQuickBooks

START = datetime(2026, 2, 10, 20, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: int) -> None:
        self.now += timedelta(**parts)


@dataclass
class Client:
    """One connection to a practice company."""

    practice: PracticeQuickBooks
    session: requests.Session
    refresh_token: str
    access_token: str = ""
    last: requests.Response | None = None
    timeout: float = 10
    ids: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def connection(self) -> dict[str, str]:
        return self.practice.connection()

    def grant(self, form: Mapping[str, str], secret: str | None = None) -> requests.Response:
        connection = self.connection
        auth = (connection["client_id"], secret or connection["client_secret"])
        return self.session.post(connection["token_url"], data=form, auth=auth, timeout=self.timeout)

    def refresh(self) -> dict[str, Any]:
        response = self.grant({"grant_type": "refresh_token", "refresh_token": self.refresh_token})
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        self.access_token, self.refresh_token = answer["access_token"], answer["refresh_token"]
        return answer

    def call(self, method: str, path: str, *, realm: str | None = None, **kwargs: Any) -> requests.Response:
        connection = self.connection
        url = f"{connection['endpoint']}{realm or connection['realm_id']}/{path}"
        headers = {"Authorization": f"Bearer {self.access_token}", **kwargs.pop("headers", {})}
        self.last = self.session.request(method, url, headers=headers, timeout=self.timeout, **kwargs)
        return self.last

    def post(self, path: str, body: Any, **params: str) -> requests.Response:
        return self.call("POST", path, json=body, params={"minorversion": "75", **params})

    def ok(self, path: str, body: Any, **params: str) -> dict[str, Any]:
        """Post and expect success; the entity of the answer."""
        response = self.post(path, body, **params)
        assert response.status_code == 200, response.text
        answer = exact(response)
        assert "Fault" not in answer, response.text
        answer.pop("time")
        (entity,) = answer.values()
        return dict(entity)

    def refused(self, path: str, body: Any, **params: str) -> dict[str, Any]:
        """Post and expect a validation fault; its first error."""
        response = self.post(path, body, **params)
        assert response.status_code == 400, response.text
        error: dict[str, Any] = response.json()["Fault"]["Error"][0]
        return error

    def code(self, path: str, body: Any, **params: str) -> str:
        return str(self.refused(path, body, **params)["code"])

    def read(self, path: str) -> dict[str, Any]:
        response = self.call("GET", path)
        assert response.status_code == 200, response.text
        answer = exact(response)
        answer.pop("time")
        (entity,) = answer.values()
        return dict(entity)

    def query(self, statement: str) -> dict[str, Any]:
        response = self.call("GET", "query", params={"query": statement})
        assert response.status_code == 200, response.text
        return dict(exact(response)["QueryResponse"])

    def query_code(self, statement: str) -> str:
        response = self.call("GET", "query", params={"query": statement})
        assert response.status_code == 400, response.text
        return str(response.json()["Fault"]["Error"][0]["code"])

    def named(self, kind: str, name: str) -> str:
        """The Id of the object of that name."""
        key = "DisplayName" if kind in ("Customer", "Vendor") else "Name"
        if (kind, name) not in self.ids:
            found = self.query(f"select * from {kind} where {key} = '{name}'")
            self.ids[kind, name] = found[kind][0]["Id"]
        return self.ids[kind, name]

    def account(self, name: str) -> dict[str, str]:
        return {"value": self.named("Account", name)}

    def journal(self, *lines: tuple[str, str, str], **fields: Any) -> dict[str, Any]:
        """A journal entry of (posting type, account name, amount)."""
        return {
            "TxnDate": "2026-01-31",
            "Line": [
                {
                    "DetailType": "JournalEntryLineDetail",
                    "Amount": amount,
                    "JournalEntryLineDetail": {"PostingType": side, "AccountRef": self.account(account)},
                }
                for side, account, amount in lines
            ],
            **fields,
        }

    def simple_journal(self, amount: str = "10.50", **fields: Any) -> dict[str, Any]:
        return self.journal(("Debit", "Business Checking", amount), ("Credit", "Amazon Clearing", amount), **fields)


@dataclass
class Shop:
    """What a seller's company has before its first sale."""

    client: Client
    customer: dict[str, Any]
    vendor: dict[str, Any]
    item: dict[str, Any]

    @classmethod
    def opened(cls, client: Client, currency: str | None = None) -> "Shop":
        """A customer, a vendor and a product, in a currency."""
        money = {} if currency is None else {"CurrencyRef": {"value": currency}}
        mark = currency or ""
        return cls(
            client,
            client.ok("customer", {"DisplayName": f"Amazon customer{mark}", **money}),
            client.ok("vendor", {"DisplayName": f"Amazon{mark}", **money}),
            client.ok(
                "item",
                {
                    "Name": f"Mug{mark}",
                    "Sku": "MUG-1",
                    "Type": "NonInventory",
                    "IncomeAccountRef": client.account("Amazon Sales"),
                    "ExpenseAccountRef": client.account("Amazon Other Fees"),
                },
            ),
        )

    def sold(self, amount: str, code: str | None = None, **detail: Any) -> dict[str, Any]:
        """A sales line for the product."""
        tax = {} if code is None else {"TaxCodeRef": {"value": code}}
        return {
            "DetailType": "SalesItemLineDetail",
            "Amount": amount,
            "SalesItemLineDetail": {"ItemRef": {"value": self.item["Id"]}, **tax, **detail},
        }

    def sale(self, *lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """A sales form to the customer."""
        return {
            "CustomerRef": {"value": self.customer["Id"]},
            "TxnDate": "2026-01-31",
            "Line": list(lines),
            **fields,
        }

    def payment(self, amount: str, *linked: tuple[str, dict[str, Any], str], **fields: Any) -> dict[str, Any]:
        """A payment of the customer, applied to (kind, transaction, amount)."""
        return {
            "CustomerRef": {"value": self.customer["Id"]},
            "TxnDate": "2026-02-02",
            "TotalAmt": amount,
            "Line": [
                {"Amount": part, "LinkedTxn": [{"TxnId": entity["Id"], "TxnType": kind}]}
                for kind, entity, part in linked
            ],
            **fields,
        }

    def cost(self, amount: str, account: str = "Amazon Selling Fees", code: str | None = None) -> dict[str, Any]:
        """An expense line."""
        tax = {} if code is None else {"TaxCodeRef": {"value": code}}
        return {
            "DetailType": "AccountBasedExpenseLineDetail",
            "Amount": amount,
            "AccountBasedExpenseLineDetail": {"AccountRef": self.client.account(account), **tax},
        }


def key(entity: dict[str, Any]) -> dict[str, str]:
    """What a change of an entity needs."""
    return {"Id": entity["Id"], "SyncToken": entity["SyncToken"]}


def exact(response: requests.Response) -> dict[str, Any]:
    """The JSON of an answer with its decimals as they were written."""
    answer: dict[str, Any] = response.json(parse_float=Decimal)
    return answer


@contextmanager
def connected(practice: PracticeQuickBooks, *, observer: bool = False) -> Iterator[Client]:
    """A client with an access token."""
    key = "observer_refresh_token" if observer else "refresh_token"
    with requests.Session() as session:
        client = Client(practice, session, practice.connection()[key])
        client.refresh()
        yield client
