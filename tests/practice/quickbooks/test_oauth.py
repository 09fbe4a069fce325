"""Connecting: discovery, codes, tokens that rotate, revocation."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.practice.quickbooks.raw_client import Client, Clock, connected
from tieout.practice.quickbooks import PracticeQuickBooks


def refresh(client: Client, token: str) -> requests.Response:
    return client.grant({"grant_type": "refresh_token", "refresh_token": token})


def test_discovery_names_every_endpoint(practice: PracticeQuickBooks) -> None:
    connection = practice.connection()
    for url in (connection["discovery_url"], connection["discovery_url"].rstrip("/")):
        document = requests.get(url, timeout=5).json()
        assert document["token_endpoint"] == connection["token_url"]
        assert {"authorization_endpoint", "revocation_endpoint", "issuer", "jwks_uri", "userinfo_endpoint"} <= set(
            document
        )


def test_an_access_token_lasts_an_hour_on_the_servers_clock(client: Client, clock: Clock) -> None:
    clock.advance(minutes=59)
    assert client.call("GET", "preferences").status_code == 200
    clock.advance(minutes=2)
    response = client.call("GET", "preferences")
    assert response.status_code == 401
    error = response.json()["fault"]["error"][0]
    assert error["code"] == "3200"
    assert "AuthenticationFailed" in error["message"]
    assert "invalid_token" in response.headers["WWW-Authenticate"]
    client.refresh()
    assert client.call("GET", "preferences").status_code == 200


def test_the_old_refresh_token_dies_when_the_new_one_is_used(client: Client) -> None:
    first = client.refresh_token
    client.refresh()
    second = client.refresh_token
    assert second != first
    again = refresh(client, first)
    assert again.status_code == 200
    assert again.json()["refresh_token"] == second
    client.refresh()
    dead = refresh(client, first)
    assert dead.status_code == 400
    assert dead.json()["error"] == "invalid_grant"
    assert "Incorrect or invalid refresh token" in dead.json()["error_description"]


def test_the_old_refresh_token_dies_after_a_day_even_if_the_new_one_is_unused(client: Client, clock: Clock) -> None:
    first = client.refresh_token
    client.refresh()
    clock.advance(hours=23)
    assert refresh(client, first).status_code == 200
    clock.advance(hours=2)
    assert refresh(client, first).json()["error"] == "invalid_grant"
    assert refresh(client, client.refresh_token).status_code == 200


def test_a_refresh_token_dies_after_a_hundred_days_unused(client: Client, clock: Clock) -> None:
    clock.advance(days=100, seconds=1)
    assert refresh(client, client.refresh_token).json()["error"] == "invalid_grant"


def test_a_connection_ends_after_five_years_however_often_it_refreshes(client: Client, clock: Clock) -> None:
    for _ in range(19):
        clock.advance(days=95)
        client.refresh()
    form = {"grant_type": "refresh_token", "refresh_token": client.refresh_token}
    left = client.grant({**form, "includeRefreshTokenHardExpiresIn": "true"}).json()
    assert left["x_refresh_token_hard_expires_in"] == (5 * 365 - 19 * 95) * 86_400
    clock.advance(days=21)
    assert refresh(client, left["refresh_token"]).json()["error"] == "invalid_grant"


def test_the_token_endpoint_wants_the_client_and_a_known_grant(client: Client) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": client.refresh_token}
    assert client.grant(form, secret="wrong").status_code == 401
    assert client.grant({"grant_type": "password"}).json()["error"] == "unsupported_grant_type"
    without = client.session.post(client.connection["token_url"], data=form, timeout=5)
    assert without.json()["error"] == "invalid_client"


def test_a_redirect_brings_code_state_and_realm_and_the_code_works_once(client: Client) -> None:
    back = "https://relay.example/callback"
    response = client.session.get(
        f"{client.practice.base_url}/connect/oauth2",
        params={
            "client_id": client.connection["client_id"],
            "response_type": "code",
            "scope": "com.intuit.quickbooks.accounting openid",
            "redirect_uri": back,
            "state": "s-1",
        },
        allow_redirects=False,
        timeout=5,
    )
    assert response.status_code == 302
    target = urlsplit(response.headers["Location"])
    query = parse_qs(target.query)
    assert f"{target.scheme}://{target.netloc}{target.path}" == back
    assert query["state"] == ["s-1"]
    assert query["realmId"] == [client.connection["realm_id"]]
    form = {"grant_type": "authorization_code", "code": query["code"][0], "redirect_uri": back}
    assert client.grant({**form, "redirect_uri": "https://other.example/"}).json()["error"] == "invalid_grant"
    granted = client.grant(form)
    assert granted.status_code == 200
    client.access_token = granted.json()["access_token"]
    assert client.call("GET", "companyinfo/1").status_code == 200
    assert client.grant(form).json()["error"] == "invalid_grant"


def test_a_browser_is_asked_before_it_is_sent_back(client: Client) -> None:
    params = {
        "client_id": client.connection["client_id"],
        "response_type": "code",
        "scope": "com.intuit.quickbooks.accounting",
        "redirect_uri": "http://127.0.0.1:1/back",
        "state": "<s>",
    }
    page = client.session.get(
        f"{client.practice.base_url}/connect/oauth2", params=params, headers={"Accept": "text/html"}, timeout=5
    )
    assert page.status_code == 200
    assert "Practice Company" in page.text
    assert "&lt;s&gt;" in page.text
    allowed = client.session.get(
        f"{client.practice.base_url}/connect/oauth2",
        params={**params, "allow": "yes"},
        headers={"Accept": "text/html"},
        allow_redirects=False,
        timeout=5,
    )
    assert allowed.status_code == 302


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_id": "other"}, "invalid_client"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"state": ""}, "invalid_request"),
        ({"response_type": "token"}, "invalid_request"),
    ],
)
def test_a_bad_authorization_request_is_refused(client: Client, change: dict[str, str], error: str) -> None:
    params = {
        "client_id": client.connection["client_id"],
        "response_type": "code",
        "scope": "com.intuit.quickbooks.accounting",
        "redirect_uri": "https://relay.example/",
        "state": "s",
        **change,
    }
    response = client.session.get(f"{client.practice.base_url}/connect/oauth2", params=params, timeout=5)
    assert response.json()["error"] == error


def test_revoking_ends_the_connection_but_not_the_observers(practice: PracticeQuickBooks, client: Client) -> None:
    with connected(practice, observer=True) as observer:
        connection = client.connection
        response = client.session.post(
            f"{practice.base_url}/v2/oauth2/tokens/revoke",
            json={"token": client.refresh_token},
            auth=(connection["client_id"], connection["client_secret"]),
            timeout=5,
        )
        assert response.status_code == 200
        assert client.call("GET", "preferences").status_code == 401
        assert refresh(client, client.refresh_token).json()["error"] == "invalid_grant"
        assert observer.call("GET", "preferences").status_code == 200


def test_another_companys_address_is_forbidden(client: Client) -> None:
    response = client.call("GET", "preferences", realm="1234")
    assert response.status_code == 403
    assert response.json()["Fault"]["Error"][0]["code"] == "3100"


def test_expiring_access_tokens_ends_the_hour_early(practice: PracticeQuickBooks, client: Client) -> None:
    practice.expire_access_tokens()
    assert client.call("GET", "preferences").status_code == 401
    client.refresh()
    assert client.call("GET", "preferences").status_code == 200
