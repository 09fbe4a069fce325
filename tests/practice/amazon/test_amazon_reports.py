"""Reports: listed and asked for, made in a while, fetched before their address is over."""

import csv
import gzip
from datetime import timedelta

import pytest

from tieout.practice.shop import make_shop

US, UK, DE, CA, MX = "ATVPDKIKX0DER", "A1F83G8C2ARO7P", "A1PA6795UKMFR9", "A2EUQ1WTGCTBG2", "A1AM78C64UM0Y8"
REPORTS, DOCUMENTS = "/reports/2021-06-30/reports", "/reports/2021-06-30/documents"
SETTLEMENTS = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
BY_UPDATE = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
BY_ORDER = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"
LISTINGS = "GET_MERCHANT_LISTINGS_ALL_DATA"
STOCK = "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA"


def listed(client, **params) -> list[dict]:
    """Every report of a listing, the token alone on every page but the first."""
    found, asked = [], {"reportTypes": SETTLEMENTS, **params}
    while True:
        body = client.get(REPORTS, **asked).json()
        found += body["reports"]
        if "nextToken" not in body:
            return found
        asked = {"nextToken": body["nextToken"]}


def fetch(client, document_id: str) -> tuple[str, str]:
    """The text of a document, by its charset, and its content type."""
    told = client.get(f"{DOCUMENTS}/{document_id}").json()
    answer = client.session.get(told["url"], timeout=5)
    assert answer.status_code == 200, answer.text
    data = gzip.decompress(answer.content) if told.get("compressionAlgorithm") == "GZIP" else answer.content
    content_type = answer.headers["Content-Type"]
    return data.decode(content_type.rpartition("charset=")[2]), content_type


def ask(client, kind: str, *marketplaces: str, **body: str) -> str:
    made = client.call("POST", REPORTS, json={"reportType": kind, "marketplaceIds": marketplaces, **body})
    assert made.status_code == 202, made.text
    return made.json()["reportId"]


def made(client, report_id: str) -> dict:
    """A report when it is done with, seen in every state on the way."""
    seen = []
    for _ in range(10):
        told = client.get(f"{REPORTS}/{report_id}").json()
        seen.append(told["processingStatus"])
        if told["processingStatus"] not in ("IN_QUEUE", "IN_PROGRESS"):
            assert seen[:2] != ["IN_QUEUE", "DONE"]
            return told
        client.clock.forward(seconds=1)
    raise AssertionError(seen)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def test_settlement_documents_are_the_shops_files_to_the_byte(amazon, shop) -> None:
    reports = listed(amazon, pageSize=4)
    files = {settlement.settlement_id: settlement.flat_file_v2().decode() for settlement in shop.settlements}
    found = {}
    for report in reports:
        text, _ = fetch(amazon, report["reportDocumentId"])
        found[text.splitlines()[1].split("\t")[0]] = text
    assert found == files
    assert len(reports) == len(files) + 1  # one document is listed twice


def test_a_us_filter_brings_canada_and_mexico_along(amazon) -> None:
    american = listed(amazon, marketplaceIds=US)
    assert all(report["marketplaceIds"] == [US, CA, MX] for report in american)
    texts = [fetch(amazon, report["reportDocumentId"])[0] for report in american]
    assert {text.splitlines()[1].split("\t")[5] for text in texts} == {"USD", "CAD", "MXN"}
    british = listed(amazon, marketplaceIds=UK)
    assert all(report["marketplaceIds"] == [UK, DE] for report in british)


def test_settlements_are_listed_for_ninety_days(amazon, shop) -> None:
    before = {report["reportDocumentId"] for report in listed(amazon)}
    amazon.clock.at = shop.settlements[0].listed + timedelta(days=90, minutes=2)
    amazon.sign_in()
    later = {report["reportDocumentId"] for report in listed(amazon)}
    assert not any(shop.settlements[0].settlement_id in document for document in later)
    assert later - before  # settlements that closed meanwhile
    old = amazon.moment(days=91)
    assert amazon.get(REPORTS, reportTypes=SETTLEMENTS, createdSince=old).status_code == 400


def test_the_next_token_stands_alone(amazon) -> None:
    token = amazon.get(REPORTS, reportTypes=SETTLEMENTS, pageSize=2).json()["nextToken"]
    assert amazon.get(REPORTS, nextToken=token).status_code == 200
    answer = amazon.get(REPORTS, nextToken=token, reportTypes=SETTLEMENTS)
    assert answer.status_code == 400
    assert "nextToken" in answer.json()["errors"][0]["message"]
    assert amazon.get(REPORTS, nextToken=token[:-6] + "AAAAAA").status_code == 400


def test_a_settlement_cannot_be_asked_for(amazon) -> None:
    body = {"reportType": SETTLEMENTS, "marketplaceIds": [US]}
    answer = amazon.call("POST", REPORTS, json=body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")


@pytest.mark.parametrize("kind", [BY_UPDATE, BY_ORDER])
def test_order_reports_in_windows_tell_every_order(amazon, shop, kind) -> None:
    start, told = shop.start, set()
    for number in range(3):
        window = {
            "dataStartTime": f"{start + timedelta(days=15 * number)}T00:00:00Z",
            "dataEndTime": f"{start + timedelta(days=15 * (number + 1))}T00:00:00Z",
        }
        report = made(amazon, ask(amazon, kind, US, **window))
        text, content_type = fetch(amazon, report["reportDocumentId"])
        assert content_type == "text/plain; charset=UTF-8"
        told |= {row["amazon-order-id"] for row in rows(text)}
    assert told == {order.order_id for order in shop.orders("US")}


def test_the_european_order_report_heeds_no_marketplace_and_the_american_does(amazon) -> None:
    window = {"dataStartTime": "2026-09-10", "dataEndTime": "2026-10-05"}
    european = made(amazon, ask(amazon, BY_ORDER, UK, **window))
    channels = {row["sales-channel"] for row in rows(fetch(amazon, european["reportDocumentId"])[0])}
    assert channels == {"Amazon.co.uk", "Amazon.de", "Non-Amazon UK", "Non-Amazon DE"}
    american = made(amazon, ask(amazon, BY_ORDER, US, **window))
    channels = {row["sales-channel"] for row in rows(fetch(amazon, american["reportDocumentId"])[0])}
    assert channels == {"Amazon.com", "Non-Amazon US"}


def test_a_report_without_data_is_cancelled_and_a_period_too_long_is_fatal(amazon) -> None:
    empty = made(amazon, ask(amazon, BY_ORDER, US, dataStartTime="2026-01-01", dataEndTime="2026-01-20"))
    assert empty["processingStatus"] == "CANCELLED"
    assert "reportDocumentId" not in empty
    long = made(amazon, ask(amazon, BY_ORDER, US, dataStartTime="2026-09-01", dataEndTime="2026-10-02"))
    assert long["processingStatus"] == "FATAL"
    assert "30 days" in fetch(amazon, long["reportDocumentId"])[0]


def test_stock_reports_are_made_once_in_half_an_hour(amazon) -> None:
    first, again = ask(amazon, STOCK, US), ask(amazon, STOCK, US)
    assert made(amazon, first)["processingStatus"] == "DONE"
    assert made(amazon, again)["processingStatus"] == "CANCELLED"
    amazon.clock.forward(minutes=30)
    assert made(amazon, ask(amazon, STOCK, US))["processingStatus"] == "DONE"


def test_listings_reports_have_a_charset_of_their_own(amazon, shop) -> None:
    american, content_type = fetch(amazon, made(amazon, ask(amazon, LISTINGS, US))["reportDocumentId"])
    assert content_type == "text/plain; charset=UTF-8"
    german, content_type = fetch(amazon, made(amazon, ask(amazon, LISTINGS, DE))["reportDocumentId"])
    assert content_type == "text/plain; charset=ISO-8859-1"
    assert german == "".join(shop.listings_report("DE"))
    assert "ä" in german
    assert {row["fulfillment-channel"] for row in rows(american)} == {"DEFAULT", "AMAZON_NA"}
    body = {"reportType": LISTINGS, "marketplaceIds": [UK, DE]}
    assert amazon.call("POST", REPORTS, json=body).status_code == 400


def test_an_address_is_over_after_five_minutes_and_a_new_one_is_good(amazon) -> None:
    document = listed(amazon)[0]["reportDocumentId"]
    url = amazon.get(f"{DOCUMENTS}/{document}").json()["url"]
    amazon.clock.forward(minutes=5)
    assert amazon.session.get(url, timeout=5).status_code == 200
    amazon.clock.forward(seconds=1)
    answer = amazon.session.get(url, timeout=5)
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/xml")
    assert "expired" in answer.text
    assert amazon.session.get(amazon.get(f"{DOCUMENTS}/{document}").json()["url"], timeout=5).status_code == 200
    assert amazon.session.get(url.replace("X-Amz-Signature=", "X-Amz-Signature=0"), timeout=5).status_code == 403


def test_content_encoding_lets_a_client_decompress_by_itself(amazon) -> None:
    told = amazon.get(REPORTS, reportTypes=SETTLEMENTS, pageSize=100).json()["reports"]
    for report in told:
        path = f"{DOCUMENTS}/{report['reportDocumentId']}"
        document = amazon.get(path, enableContentEncodingUrlHeader="true").json()
        answer = amazon.session.get(document["url"], timeout=5)
        assert answer.text.startswith("settlement-id\t")
        assert ("Content-Encoding" in answer.headers) == ("compressionAlgorithm" in document)


def test_only_a_report_in_the_queue_can_be_cancelled(amazon) -> None:
    report = ask(amazon, LISTINGS, US)
    assert amazon.call("DELETE", f"{REPORTS}/{report}").status_code == 200
    assert amazon.get(f"{REPORTS}/{report}").json()["processingStatus"] == "CANCELLED"
    other = ask(amazon, LISTINGS, US)
    amazon.clock.forward(seconds=2)
    assert amazon.call("DELETE", f"{REPORTS}/{other}").status_code == 400


def test_a_report_keeps_what_it_said(amazon) -> None:
    window = {"dataStartTime": amazon.moment(days=20), "dataEndTime": amazon.moment(days=0)}
    report = made(amazon, ask(amazon, BY_UPDATE, US, **window))
    first = fetch(amazon, report["reportDocumentId"])
    amazon.clock.forward(days=3)
    amazon.sign_in()
    assert fetch(amazon, report["reportDocumentId"]) == first
    amazon.clock.forward(days=27)
    amazon.sign_in()
    assert "reportDocumentId" not in amazon.get(f"{REPORTS}/{report['reportId']}").json()


def test_the_vat_report_says_who_answers_for_the_tax(amazon, shop) -> None:
    window = {"dataStartTime": "2026-09-01", "dataEndTime": "2026-10-01"}
    report = made(amazon, ask(amazon, "GET_VAT_TRANSACTION_DATA", UK, DE, **window))
    told = rows(fetch(amazon, report["reportDocumentId"])[0])
    assert {row["TRANSACTION_TYPE"] for row in told} == {"SALE", "REFUND"}
    for row in told:
        order = shop.order(row["TRANSACTION_EVENT_ID"])
        assert order is not None
        responsible = "MARKETPLACE" if order.withheld else "SELLER"
        assert row["TAX_COLLECTION_RESPONSIBILITY"] == responsible
        net, tax, gross = (
            int(row[f"TOTAL_ACTIVITY_VALUE_{name}"].replace(".", ""))
            for name in ("AMT_VAT_EXCL", "VAT_AMT", "AMT_VAT_INCL")
        )
        assert net + tax == gross


def test_planted_unknown_statuses_reach_the_order_report(practice) -> None:
    client = practice(shop=make_shop(3, orders=300, exceptions=True), limits=False)
    window = {"dataStartTime": "2026-09-01", "dataEndTime": "2026-09-30"}
    report = made(client, ask(client, BY_ORDER, US, **window))
    statuses = {row["order-status"] for row in rows(fetch(client, report["reportDocumentId"])[0])}
    assert "Shipped - Held at Border" in statuses
