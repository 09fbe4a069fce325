"""Faults come when the schedule says, and do or leave the work as they say."""

import gzip

import pytest
import requests

from tieout.practice.amazon.faults import FAULTS, Schedule

US = "ATVPDKIKX0DER"
REPORTS, DOCUMENTS = "/reports/2021-06-30/reports", "/reports/2021-06-30/documents"
SETTLEMENTS = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
LISTINGS_REPORT = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [US]}
ORDERS = {"createdAfter": "2026-09-01"}
NEW = "/orders/2026-01-01/orders"


def fault(do: str, *, op: str = "searchOrders", **more) -> list[dict]:
    match = {"op": op, **{name: more.pop(name) for name in ("nth", "times") if name in more}}
    return [{"match": match, "do": do, **more}]


def reports_made(client) -> int:
    return len(client.get(REPORTS, reportTypes="GET_MERCHANT_LISTINGS_ALL_DATA").json()["reports"])


def document_url(client, *, compressed: bool) -> str:
    for report in client.get(REPORTS, reportTypes=SETTLEMENTS, pageSize=100).json()["reports"]:
        told = client.get(f"{DOCUMENTS}/{report['reportDocumentId']}").json()
        if ("compressionAlgorithm" in told) == compressed:
            return told["url"]
    raise AssertionError("no such document")


@pytest.mark.parametrize(
    ("do", "status", "content_type", "start"),
    [
        ("throttle", 429, "application/json", b'{"errors"'),
        ("empty429", 429, "text/plain", b""),
        ("error5xx", 500, "application/json", b'{"errors"'),
        ("html503", 503, "text/html", b"<html>"),
    ],
)
def test_refusals_before_the_work(practice, do, status, content_type, start) -> None:
    client = practice(limits=False, faults=fault(do, op="createReport"))
    answer = client.call("POST", REPORTS, json=LISTINGS_REPORT)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, content_type)
    assert answer.content.startswith(start)
    assert bool(answer.content) == bool(start)
    assert reports_made(client) == 0
    assert client.call("POST", REPORTS, json=LISTINGS_REPORT).status_code == 202


def test_a_reset_comes_before_the_work(practice) -> None:
    client = practice(limits=False, faults=fault("reset", op="createReport"))
    client.sign_in()
    with pytest.raises(requests.ConnectionError):
        client.call("POST", REPORTS, json=LISTINGS_REPORT)
    assert reports_made(client) == 0


@pytest.mark.parametrize(("do", "done"), [("timeout_before", 0), ("timeout_after", 1)])
def test_a_time_out_before_the_work_and_one_after_it(practice, do, done) -> None:
    client = practice(limits=False, faults=fault(do, op="createReport"))
    client.sign_in()
    with pytest.raises(requests.Timeout):
        client.call("POST", REPORTS, json=LISTINGS_REPORT, timeout=0.2)
    assert reports_made(client) == done


def test_a_slow_answer_is_whole(practice) -> None:
    client = practice(limits=False, faults=fault("slow", seconds=0))
    assert client.get(NEW, **ORDERS).json() == client.get(NEW, **ORDERS).json()


def test_a_document_cut_in_half(practice) -> None:
    client = practice(limits=False, faults=fault("truncate_gzip", op="download"))
    url = document_url(client, compressed=True)
    with pytest.raises(EOFError):
        gzip.decompress(client.session.get(url, timeout=5).content)
    assert gzip.decompress(client.session.get(url, timeout=5).content).startswith(b"settlement-id")


def test_a_document_that_names_the_wrong_charset(practice) -> None:
    client = practice(limits=False, faults=fault("wrong_charset", op="download"))
    url = document_url(client, compressed=False)
    wrong, right = (client.session.get(url, timeout=5).headers["Content-Type"] for _ in range(2))
    assert (wrong, right) == ("text/plain; charset=ISO-8859-1", "text/plain; charset=UTF-8")


def test_a_page_that_repeats(practice) -> None:
    client = practice(limits=False, faults=fault("repeat_page", nth=2))
    first = client.get(NEW, **ORDERS).json()
    token = first["pagination"]["nextToken"]
    again = client.get(NEW, paginationToken=token).json()
    assert again == first
    second = client.get(NEW, paginationToken=again["pagination"]["nextToken"]).json()
    assert second["orders"][0] not in first["orders"]


def test_a_token_that_ends_in_the_middle(practice) -> None:
    client = practice(limits=False, faults=fault("expire_token", nth=2))
    assert client.get(NEW, **ORDERS).status_code == 200
    refused = client.get(NEW, **ORDERS)
    assert refused.json()["errors"][0]["details"] == "The access token you provided has expired."
    assert client.get(NEW, **ORDERS).status_code == 403
    client.sign_in()
    assert client.get(NEW, **ORDERS).status_code == 200


def test_an_address_that_is_over_at_once(practice) -> None:
    client = practice(limits=False, faults=fault("expire_url", op="download"))
    url = document_url(client, compressed=False)
    assert client.session.get(url, timeout=5).status_code == 403
    assert client.session.get(url, timeout=5).status_code == 200


def test_the_token_endpoint_can_fail_too(practice) -> None:
    client = practice(limits=False, faults=fault("error5xx", op="token", status=503))
    answer = client.session.post(client.connection["lwa"], data=client.form(), timeout=5)
    assert answer.status_code == 503
    assert client.sign_in()


def test_nth_and_times_count_matching_requests_only() -> None:
    entry = {"match": {"method": "GET", "path": "/ORDERS/", "nth": 2, "times": 2}, "do": "throttle"}
    schedule = Schedule([entry, {"match": {"op": "getReport", "times": 0}, "do": "html503"}])
    met = []
    for number in range(5):
        schedule.faults("POST", NEW, "searchOrders")
        schedule.faults("GET", REPORTS, "getReports")
        met += [number for fault in schedule.faults("GET", NEW, "searchOrders") if fault.do == "throttle"]
    assert met == [1, 2]
    assert all(schedule.faults("GET", REPORTS + "/1", "getReport")[0].do == "html503" for _ in range(9))
    schedule.clear()
    assert schedule.faults("GET", REPORTS + "/1", "getReport") == []


@pytest.mark.parametrize(
    "entry",
    [
        {"do": "explode"},
        {"match": {"where": "/"}, "do": "reset"},
        {"match": {"nth": 0}, "do": "reset"},
        {"match": {"times": -1}, "do": "reset"},
        {"match": "everything", "do": "reset"},
        {},
    ],
)
def test_a_schedule_that_cannot_be_meant_is_refused(entry) -> None:
    with pytest.raises(ValueError):
        Schedule([entry])


def test_every_fault_is_told_what_it_does() -> None:
    assert all(sentence and not sentence.endswith(".") for sentence in FAULTS.values())
