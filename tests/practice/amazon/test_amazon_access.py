"""Who gets in, how often, and with which words the others are turned away."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
import requests

from tests.practice.amazon.client import HandClock
from tieout.practice.amazon import PracticeAmazon
from tieout.practice.amazon.seller import FINANCE, ORDERS, ROLES
from tieout.practice.amazon.usage_plans import Buckets, Plan

US = "ATVPDKIKX0DER"
PARTICIPATIONS = "/sellers/v1/marketplaceParticipations"
SETTLEMENTS = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"


def details(answer: requests.Response) -> str:
    assert answer.status_code == 403
    error = answer.json()["errors"][0]
    assert (error["code"], error["message"]) == ("Unauthorized", "Access to requested resource is denied.")
    return error["details"]


def test_a_token_lasts_an_hour_on_the_servers_clock(amazon) -> None:
    assert amazon.get(PARTICIPATIONS).status_code == 200
    amazon.clock.forward(seconds=3599)
    assert amazon.get(PARTICIPATIONS).status_code == 200
    amazon.clock.forward(seconds=1)
    assert details(amazon.get(PARTICIPATIONS)) == "The access token you provided has expired."
    amazon.sign_in()
    assert amazon.get(PARTICIPATIONS).status_code == 200


def test_tokens_that_were_never_given_out_and_requests_without_one(amazon) -> None:
    amazon.token = "Atza|made-up"
    assert details(amazon.get(PARTICIPATIONS)).endswith("revoked, malformed or invalid.")
    bare = amazon.session.get(amazon.connection["endpoint"] + PARTICIPATIONS, timeout=5)
    assert details(bare) == "Access token is missing in the request header."


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"refresh_token": "Atzr|other"}, 400, "invalid_grant"),
        ({"refresh_token": ""}, 400, "invalid_request"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "amzn1.application-oa2-client.0"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "client_credentials", "scope": "profile"}, 400, "invalid_scope"),
    ],
)
def test_the_token_endpoint_says_what_is_wrong(amazon, change, status, error) -> None:
    answer = amazon.session.post(amazon.connection["lwa"], data=amazon.form(**change), timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]


def test_the_token_endpoint_takes_forms_only(amazon) -> None:
    answer = amazon.session.post(amazon.connection["lwa"], json=amazon.form(), timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_token_without_a_seller_opens_no_sellers_door(amazon) -> None:
    form = amazon.form(grant_type="client_credentials", scope="sellingpartnerapi::notifications")
    amazon.token = amazon.session.post(amazon.connection["lwa"], data=form, timeout=5).json()["access_token"]
    assert amazon.get(PARTICIPATIONS).status_code == 403


def test_a_restricted_token_opens_what_it_names(amazon, shop) -> None:
    order = next(shop.orders("US")).order_id
    resource = {"method": "GET", "path": "/orders/v0/orders/{orderId}/address", "dataElements": ["shippingAddress"]}
    body = {"restrictedResources": [resource]}
    made = amazon.call("POST", "/tokens/2021-03-01/restrictedDataToken", json=body).json()
    assert made["expiresIn"] == 3600
    amazon.token = made["restrictedDataToken"]
    assert amazon.get(f"/orders/v0/orders/{order}/address").status_code == 200
    assert amazon.get(f"/orders/v0/orders/{order}").status_code == 403


def test_a_missing_role_shuts_its_operations_and_no_others(practice) -> None:
    client = practice(limits=False, roles=ROLES - {FINANCE})
    reports = "/reports/2021-06-30/reports"
    assert details(client.get(reports, reportTypes=SETTLEMENTS)) == ""
    assert details(client.get("/finances/2024-06-19/transactions", postedAfter="2026-09-01")) == ""
    assert client.get(reports, reportTypes="GET_MERCHANT_LISTINGS_ALL_DATA").status_code == 200
    assert client.get("/orders/v0/orders", MarketplaceIds=US, CreatedAfter="2026-09-01").status_code == 200
    blind = practice(limits=False, roles=ROLES - {ORDERS})
    assert blind.get("/orders/v0/orders", MarketplaceIds=US, CreatedAfter="2026-09-01").status_code == 403


def test_what_is_not_simulated_is_refused_as_by_the_gateway(amazon) -> None:
    assert amazon.get("/products/pricing/v0/price").status_code == 403
    assert amazon.call("DELETE", PARTICIPATIONS).status_code == 403


def test_the_bucket_empties_and_fills_at_the_published_rate(practice) -> None:
    client = practice()
    params = {"reportTypes": SETTLEMENTS}
    answers = [client.get("/reports/2021-06-30/reports", **params) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert {answer.headers["x-amzn-RateLimit-Limit"] for answer in answers[:10]} == {"0.0222"}
    assert answers[10].json()["errors"][0]["code"] == "QuotaExceeded"
    assert "Retry-After" not in answers[10].headers
    client.clock.forward(seconds=45)  # 45 s at 0.0222 a second are not yet a whole request
    assert client.get("/reports/2021-06-30/reports", **params).status_code == 429
    client.clock.forward(seconds=1)
    assert client.get("/reports/2021-06-30/reports", **params).status_code == 200
    assert client.get("/reports/2021-06-30/reports", **params).status_code == 429
    assert client.get(PARTICIPATIONS).status_code == 200  # another operation, another bucket


def test_a_refused_request_costs_a_token_of_the_bucket_too(practice) -> None:
    client = practice()
    bad = [client.get("/reports/2021-06-30/reports").status_code for _ in range(11)]
    assert bad == [400] * 10 + [429]


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    buckets, plan = Buckets(1), Plan(5000, 3)
    assert [buckets.take("op", "seller", plan, 0) for _ in range(4)] == [True, True, True, False]
    later = 3_600_000
    assert [buckets.take("op", "seller", plan, later) for _ in range(4)] == [True, True, True, False]
    assert buckets.take("op", "somebody else", plan, later)
    assert [buckets.take("op", "seller", plan, later + 2000 * n) for n in range(1, 4)] == [True, True, True]
    assert not buckets.take("op", "seller", plan, later)  # a clock that jumps back gives nothing


def test_a_server_that_grants_more_says_so_and_keeps_to_it(practice) -> None:
    client = practice(limits=100)
    params = {"reportTypes": SETTLEMENTS}
    answers = [client.get("/reports/2021-06-30/reports", **params) for _ in range(12)]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["x-amzn-RateLimit-Limit"] for answer in answers} == {"2.22"}
    buckets, plan = Buckets(2), Plan(5000, 3)
    assert [buckets.take("op", "seller", plan, 0) for _ in range(7)] == [True] * 6 + [False]
    assert [buckets.take("op", "seller", plan, 1000) for _ in range(2)] == [True, False]


def test_a_server_that_refuses_nothing_tells_the_published_rate(practice) -> None:
    client = practice(limits=0)
    answers = [client.get("/reports/2021-06-30/reports", reportTypes=SETTLEMENTS) for _ in range(12)]
    assert {(one.status_code, one.headers["x-amzn-RateLimit-Limit"]) for one in answers} == {(200, "0.0222")}


def test_the_date_header_is_the_servers_time_and_the_clock_runs_by_itself(shop) -> None:
    with PracticeAmazon(shop) as amazon:
        answer = requests.get(amazon.connection()["endpoint"] + "/", timeout=5)
        told = parsedate_to_datetime(answer.headers["Date"])
        assert shop.now <= told + timedelta(seconds=1)
        assert told - shop.now < timedelta(minutes=1)
        assert amazon.now() >= told


@pytest.mark.parametrize("place", [".", "practice/amazon.sqlite3"])
def test_what_was_asked_for_outlives_the_server(practice, shop, tmp_path, place) -> None:
    first = practice(limits=False, state=tmp_path / place)
    body = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [US]}
    made = first.call("POST", "/reports/2021-06-30/reports", json=body).json()["reportId"]
    first.amazon.stop()
    clock = HandClock(shop.now + timedelta(minutes=1))
    second = practice(limits=False, state=tmp_path / place, clock=clock)
    assert second.connection["refresh_token"] == first.connection["refresh_token"]
    second.token = first.token
    assert second.get(f"/reports/2021-06-30/reports/{made}").json()["processingStatus"] == "DONE"


def test_many_clients_at_once_are_all_served(amazon) -> None:
    amazon.sign_in()

    def ask(number: int) -> list[int]:
        with requests.Session() as session:
            url, headers = amazon.connection["endpoint"] + PARTICIPATIONS, {"x-amz-access-token": amazon.token}
            return [session.get(url, headers=headers, timeout=10).status_code for _ in range(10)]

    with ThreadPoolExecutor(8) as pool:
        answers = [status for statuses in pool.map(ask, range(8)) for status in statuses]
    assert answers == [200] * 80
    assert len(amazon.amazon.requests) == 81


def test_a_stopped_server_answers_nobody(practice) -> None:
    client = practice(limits=False)
    assert client.get(PARTICIPATIONS).status_code == 200
    client.amazon.stop()
    with pytest.raises(requests.ConnectionError):
        client.get(PARTICIPATIONS)


def test_connection_has_what_an_application_needs(amazon, shop) -> None:
    connection = amazon.amazon.connection()
    assert set(connection) == {
        *("endpoint", "lwa", "client_id", "client_secret", "refresh_token", "seller_id", "marketplaces"),
    }
    assert connection["endpoint"].startswith("http://127.0.0.1:")
    assert connection["client_id"].startswith("amzn1.application-oa2-client.")
    assert connection["refresh_token"].startswith("Atzr|")
    assert connection["marketplaces"][0] == US
