"""Login with Amazon: access tokens for a refresh token, and the restricted tokens of the Tokens API.

Source: Amazon's "Connect to the SP-API" page (form body, 3600 s, the refresh token comes back) and RFC 6749 for
the error names; the Tokens API model, 2021-03-01. Tokens end by the server's clock.
"""

import re
from secrets import token_urlsafe
from urllib.parse import parse_qs

from tieout.practice.amazon.seller import Seller
from tieout.practice.amazon.wire import Answer, Doc, Request, denied, invalid_input

TOKEN_LASTS_S = 3600
_KIND = "token"
_FORM_TYPE = "application/x-www-form-urlencoded"
_SCOPES = frozenset(
    f"sellingpartnerapi::{name}" for name in ("notifications", "migration", "client_credential:rotation")
)
_RESOURCES_MAX = 50
_ELEMENTS = frozenset({"buyerInfo", "shippingAddress", "buyerTaxInformation"})


def issue_token(seller: Seller, request: Request) -> Answer:
    """Answer the token endpoint; errors are OAuth's, not the SP-API's."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM_TYPE:
        return _refused(400, "invalid_request", f"The request must be sent as {_FORM_TYPE}")
    form = {name: values[0] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
    if missing := [name for name in ("grant_type", "client_id", "client_secret") if not form.get(name)]:
        return _refused(400, "invalid_request", f"The request is missing a required parameter : {missing[0]}")
    if form["client_id"] != seller.client_id or form["client_secret"] != seller.client_secret:
        return _refused(401, "invalid_client", "Client authentication failed")
    if form["grant_type"] == "client_credentials":
        if form.get("scope") not in _SCOPES:
            return _refused(400, "invalid_scope", "The scope is not one the client may ask for")
        return Answer(_fresh(seller, request, "grantless"))
    if form["grant_type"] != "refresh_token":
        return _refused(400, "unsupported_grant_type", "The authorization grant type is not supported")
    if not form.get("refresh_token"):
        return _refused(400, "invalid_request", "The request is missing a required parameter : refresh_token")
    if form["refresh_token"] != seller.refresh_token:
        return _refused(400, "invalid_grant", "The request has an invalid grant parameter : refresh_token")
    return Answer({**_fresh(seller, request, "access"), "refresh_token": seller.refresh_token})


def _fresh(seller: Seller, request: Request, kind: str) -> Doc:
    token = "Atza|practice-" + token_urlsafe(48)
    seller.state.put(_KIND, token, {"kind": kind, "until": request.now_s + TOKEN_LASTS_S, "resources": []})
    return {"access_token": token, "token_type": "bearer", "expires_in": TOKEN_LASTS_S}


def _refused(status: int, error: str, description: str) -> Answer:
    return Answer({"error": error, "error_description": description}, status=status)


def check_token(seller: Seller, request: Request) -> None:
    """Let a request in by its access token, or raise Unauthorized with Amazon's reason."""
    token = request.headers.get("x-amz-access-token", "")
    if not token:
        raise denied("Access token is missing in the request header.")
    known = seller.state.get(_KIND, token)
    if known is None or known["kind"] == "grantless":
        raise denied("The access token you provided is revoked, malformed or invalid.")
    if request.now_s >= known["until"]:
        raise denied("The access token you provided has expired.")
    named = any(_covers(resource, request) for resource in known["resources"])
    if known["kind"] == "restricted" and not named:
        raise denied("The access token you provided is not for this resource.")


def expire_token(seller: Seller, request: Request) -> None:
    """Let the token of a request be over at once."""
    token = request.headers.get("x-amz-access-token", "")
    known = seller.state.get(_KIND, token)
    if known is not None:
        seller.state.put(_KIND, token, {**known, "until": 0})


def _covers(resource: Doc, request: Request) -> bool:
    pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(resource["path"]))
    return resource["method"] == request.method and re.fullmatch(pattern, request.path) is not None


def restricted_data_token(seller: Seller, request: Request) -> Answer:
    """createRestrictedDataToken."""
    resources = request.json().get("restrictedResources")
    if not isinstance(resources, list) or not 1 <= len(resources) <= _RESOURCES_MAX:
        raise invalid_input(f"restrictedResources must hold 1 to {_RESOURCES_MAX} resources.")
    for resource in resources:
        if not isinstance(resource, dict) or resource.get("method") not in ("GET", "PUT", "POST", "DELETE"):
            raise invalid_input("A restricted resource needs a method and a path.")
        if not isinstance(resource.get("path"), str) or not set(resource.get("dataElements", ())) <= _ELEMENTS:
            raise invalid_input("The path or the data elements of a restricted resource are not valid.")
    token = "Atz.sprdt|practice-" + token_urlsafe(48)
    until = request.now_s + TOKEN_LASTS_S
    seller.state.put(_KIND, token, {"kind": "restricted", "until": until, "resources": resources})
    return Answer({"restrictedDataToken": token, "expiresIn": TOKEN_LASTS_S})
