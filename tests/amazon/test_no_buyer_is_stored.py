"""Nothing that tells who bought is in the store's bytes, even if Amazon tells of it unasked."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest

from tests.amazon.world import AmazonWorld
from tieout.commands import download_orders as orders_module
from tieout.commands.download_finances import download_deferred, download_vat
from tieout.commands.download_listings import download_listings
from tieout.practice.amazon import PracticeAmazon

NAME, MAIL, STREET, PHONE = "Wilhelmina Quince", "wq@buyers.example", "7 Larkspur Mews", "+44 20 7946 0999"
TOWNS = ("PORTLAND", "97201", "LEEDS", "LS1 1AA")
PERSON = {
    "buyer-name": NAME,
    "buyer-email": MAIL,
    "recipient-name": NAME,
    "ship-address-1": STREET,
    "ship-phone-number": PHONE,
    "BUYER_NAME": NAME,
    "ARRIVAL_ADDRESS": STREET,
}


def _told(served: Any, target: str) -> bytes:
    """An answer with a person in each order."""
    data: bytes = served.data
    if served.answer.status != 200:
        return data
    if target.startswith("/orders/2026-01-01/orders"):
        page = json.loads(data)
        for order in page["orders"]:
            order["buyer"] = {"buyerName": NAME, "buyerEmail": MAIL, "buyerPurchaseOrderNumber": "PO-4711-QUINCE"}
            order["recipient"] = {"deliveryAddress": {"name": NAME, "addressLine1": STREET, "phone": PHONE}}
        return json.dumps(page).encode()
    packed = data[:2] == b"\x1f\x8b"
    text = gzip.decompress(data) if packed else data
    if text.startswith((b"amazon-order-id", b"UNIQUE_ACCOUNT_IDENTIFIER")):
        end = b"\r\n" if b"\r\n" in text else b"\n"
        head, *rows = text.split(end)
        more = [b"\t".join((row, *(value.encode() for value in PERSON.values()))) if row else row for row in rows]
        text = end.join((b"\t".join((head, *(name.encode() for name in PERSON))), *more))
        return gzip.compress(text) if packed else text
    return data


@pytest.fixture
def telling() -> Iterator[list[int]]:
    """An Amazon that tells who bought; how often it did."""
    serve: Callable[..., Any] = PracticeAmazon.serve
    told: list[int] = []

    def tell(amazon: PracticeAmazon, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Any:
        served = serve(amazon, method, target, headers, body)
        data = _told(served, target)
        told.append(data != served.data)
        return replace(served, data=data)

    with mock.patch.object(PracticeAmazon, "serve", tell):
        yield told


def _everything(world: AmazonWorld) -> bytes:
    """All the bytes on disk, and every document unpacked."""
    with world.store() as store:
        documents = [store.documents.get(one) for one in store.documents.hashes()]
    files = [path.read_bytes() for path in world.folder.iterdir() if path.is_file()]
    return b"\n".join((*files, *(one.content for one in documents if one is not None)))


@pytest.mark.parametrize("by_report", [True, False])
def test_no_name_address_or_mail_of_a_buyer_is_in_the_bytes_of_the_store(
    world: AmazonWorld, telling: list[int], by_report: bool
) -> None:
    ways = mock.patch.object(orders_module, "pages_to_try", return_value=0 if by_report else 100)
    with ways:
        assert world.orders().complete
    for download in (download_deferred, download_vat, download_listings):
        assert world.press(download).complete
    assert world.settlements().complete
    assert sum(telling) > 0
    held = _everything(world)
    for secret in (NAME, MAIL, STREET, PHONE, "PO-4711-QUINCE", *TOWNS):
        assert secret.encode() not in held, secret
    with world.store() as store:
        assert len(list(store.orders.all())) > 100


def test_what_was_not_told_is_kept_byte_for_byte(world: AmazonWorld) -> None:
    with mock.patch.object(orders_module, "pages_to_try", return_value=100):
        world.orders()
    with world.store() as store:
        pages = [
            document
            for one in store.documents.hashes()
            if (document := store.documents.get(one)) is not None and document.name.startswith("page of orders")
        ]
        assert pages
        assert all(b'"orders"' in page.content and b'"buyer"' not in page.content for page in pages)
