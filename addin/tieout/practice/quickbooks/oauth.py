"""OAuth 2.0 as Intuit runs it: codes, access tokens of an hour, refresh tokens that rotate, revocation.

Every refresh gives a new refresh token. The one before it works until the new one is used or 24 hours have
passed, whichever is first, and is `invalid_grant` after that; using it again in that time gives the same new
token again. Refresh tokens die after 100 days without use and, however often they rotate, five years after the
connection was made. Sources: Intuit's OAuth 2.0 pages and its notice of 2025-11-12 on refresh tokens.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.records import micros
from tieout.practice.quickbooks.store import Store

ACCESS_SECONDS = 3_600
REFRESH_SECONDS = 100 * 86_400
HARD_SECONDS = 5 * 365 * 86_400
OVERLAP_SECONDS = 86_400
CODE_SECONDS = 600
FIRST, OBSERVER = "first", "observer"
_SECOND = 1_000_000


class OAuthError(Exception):
    """An error of the token endpoint: {"error", "error_description"}."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description
        self.status = status

    def body(self) -> Doc:
        """The JSON of the answer."""
        return {"error": self.error, "error_description": self.description}


class OAuth:
    """The authorization server of one practice company."""

    def __init__(self, store: Store, seed: int) -> None:
        self._store = store
        self._seed = seed
        self.client_id = f"ABpractice{_digest(seed, 'client')[:30]}"
        self.client_secret = _digest(seed, "secret")[:40]

    def begin(self, now: datetime) -> None:
        """Make the two connections of a new company."""
        for name in (FIRST, OBSERVER):
            self._connect(name, now)

    def _connect(self, name: str, now: datetime) -> str:
        self._store.run("INSERT INTO connections VALUES (?, 0)", (name,))
        return self._new_refresh_token(name, now, micros(now))

    def refresh_token(self, connection: str) -> str:
        """The newest refresh token of a connection."""
        row = self._store.row(
            "SELECT token FROM refresh_tokens WHERE connection = ? ORDER BY serial DESC LIMIT 1", (connection,)
        )
        assert row is not None, "every connection begins with a refresh token"
        return str(row[0])

    def authorize(self, query: Mapping[str, str], realm_id: str, now: datetime) -> str:
        """The address to send the browser back to, with code, state and realmId; OAuthError for a bad request."""
        if query.get("client_id") != self.client_id:
            raise OAuthError("invalid_client", "The client_id is not known", 401)
        if query.get("response_type") != "code" or not query.get("redirect_uri") or not query.get("state"):
            raise OAuthError("invalid_request", "response_type=code, redirect_uri and state are required")
        if "com.intuit.quickbooks.accounting" not in query.get("scope", "").split():
            raise OAuthError("invalid_scope", "The scope com.intuit.quickbooks.accounting is required")
        code = "XAB" + _digest(self._seed, "code", self._store.next_in("oauth"))[:45]
        expires = micros(now) + CODE_SECONDS * _SECOND
        self._store.run("INSERT INTO codes VALUES (?, ?, ?, 0)", (code, query["redirect_uri"], expires))
        back = urlencode({"code": code, "state": query["state"], "realmId": realm_id})
        return f"{query['redirect_uri']}{'&' if '?' in query['redirect_uri'] else '?'}{back}"

    def token(self, authorization: str, form: Mapping[str, str], now: datetime) -> Doc:
        """The answer of the token endpoint; OAuthError if it refuses."""
        self._check_client(authorization)
        grant = form.get("grant_type")
        if grant == "refresh_token":
            connection, refresh = self._rotate(form.get("refresh_token", ""), now)
        elif grant == "authorization_code":
            connection, refresh = self._redeem(form, now)
        else:
            raise OAuthError("unsupported_grant_type", f"grant_type {grant} is not supported")
        answer: Doc = {
            "token_type": "bearer",
            "access_token": self._new_access_token(connection, now),
            "expires_in": ACCESS_SECONDS,
            "refresh_token": refresh,
            "x_refresh_token_expires_in": REFRESH_SECONDS,
        }
        if form.get("includeRefreshTokenHardExpiresIn") == "true":
            answer["x_refresh_token_hard_expires_in"] = self._hard_seconds_left(refresh, now)
        return answer

    def _check_client(self, authorization: str) -> None:
        scheme, _, encoded = authorization.partition(" ")
        try:
            given = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            given = ""
        if scheme.lower() != "basic" or given != f"{self.client_id}:{self.client_secret}":
            raise OAuthError("invalid_client", "The client id or secret is wrong", 401)

    def _rotate(self, token: str, now: datetime) -> tuple[str, str]:
        row = self._store.row(
            "SELECT t.connection, t.serial, t.issued, t.first_issued, t.superseded, t.dead, c.revoked"
            " FROM refresh_tokens t JOIN connections c ON c.name = t.connection WHERE t.token = ?",
            (token,),
        )
        moment = micros(now)
        if row is None:
            raise _invalid_grant()
        connection, serial, issued, first_issued, superseded, dead, revoked = row
        if (
            dead
            or revoked
            or moment - issued > REFRESH_SECONDS * _SECOND
            or moment - first_issued > HARD_SECONDS * _SECOND
            or (superseded is not None and moment - superseded > OVERLAP_SECONDS * _SECOND)
        ):
            raise _invalid_grant()
        # The token in hand was used: whatever came before it is over.
        self._store.run(
            "UPDATE refresh_tokens SET dead = 1 WHERE connection = ? AND serial < ?", (connection, serial)
        )
        if superseded is not None:
            return connection, self.refresh_token(connection)
        self._store.run("UPDATE refresh_tokens SET superseded = ? WHERE token = ?", (moment, token))
        return connection, self._new_refresh_token(connection, now, first_issued)

    def _redeem(self, form: Mapping[str, str], now: datetime) -> tuple[str, str]:
        code = form.get("code", "")
        row = self._store.row("SELECT redirect_uri, expires, used FROM codes WHERE code = ?", (code,))
        if row is None or row[2] or micros(now) > row[1] or row[0] != form.get("redirect_uri"):
            raise OAuthError("invalid_grant", "Invalid authorization code")
        self._store.run("UPDATE codes SET used = 1 WHERE code = ?", (code,))
        name = f"connection {self._store.next_in('connection')}"
        return name, self._connect(name, now)

    def _new_refresh_token(self, connection: str, now: datetime, first_issued: int) -> str:
        serial = self._store.next_in("oauth")
        token = "RT1-" + _digest(self._seed, "refresh", serial)[:40]
        self._store.run(
            "INSERT INTO refresh_tokens VALUES (?, ?, ?, ?, ?, NULL, 0)",
            (token, connection, serial, micros(now), first_issued),
        )
        return token

    def _new_access_token(self, connection: str, now: datetime) -> str:
        token = "eyJ" + _digest(self._seed, "access", self._store.next_in("oauth"))
        expires = micros(now) + ACCESS_SECONDS * _SECOND
        self._store.run("INSERT INTO access_tokens VALUES (?, ?, ?)", (token, connection, expires))
        self._store.run("DELETE FROM access_tokens WHERE expires < ?", (micros(now) - 86_400 * _SECOND,))
        return token

    def _hard_seconds_left(self, token: str, now: datetime) -> int:
        row = self._store.row("SELECT first_issued FROM refresh_tokens WHERE token = ?", (token,))
        assert row is not None, "the token was just issued"
        return HARD_SECONDS - (micros(now) - int(row[0])) // _SECOND

    def connection_of(self, authorization: str, now: datetime) -> str | None:
        """Which connection a Bearer header belongs to; None if the token is unknown, expired or revoked."""
        scheme, _, token = authorization.partition(" ")
        row = self._store.row(
            "SELECT a.connection, a.expires FROM access_tokens a JOIN connections c ON c.name = a.connection"
            " WHERE a.token = ? AND c.revoked = 0",
            (token.strip(),),
        )
        if scheme.lower() != "bearer" or row is None or micros(now) >= row[1]:
            return None
        return str(row[0])

    def expire_access_tokens(self) -> None:
        """Let every access token end now, as if its hour were over."""
        self._store.run("UPDATE access_tokens SET expires = 0")

    def revoke(self, authorization: str, token: str) -> None:
        """End the whole connection a refresh or access token belongs to; OAuthError if there is none."""
        self._check_client(authorization)
        row = self._store.row(
            "SELECT connection FROM refresh_tokens WHERE token = ? UNION"
            " SELECT connection FROM access_tokens WHERE token = ?",
            (token, token),
        )
        if row is None:
            raise OAuthError("invalid_request", "The token is not known")
        self._store.run("UPDATE connections SET revoked = 1 WHERE name = ?", (row[0],))


def _invalid_grant() -> OAuthError:
    return OAuthError("invalid_grant", "Incorrect or invalid refresh token")


def _digest(seed: int, *parts: object) -> str:
    return hashlib.sha256("|".join(map(str, ("practice", seed, *parts))).encode()).hexdigest()


def discovery(base: str) -> Doc:
    """Intuit's OpenID discovery document, with this server's addresses."""
    return {
        "issuer": f"{base}/op/v1",
        "authorization_endpoint": f"{base}/connect/oauth2",
        "token_endpoint": f"{base}/oauth2/v1/tokens/bearer",
        "userinfo_endpoint": f"{base}/v1/openid_connect/userinfo",
        "revocation_endpoint": f"{base}/v2/oauth2/tokens/revoke",
        "jwks_uri": f"{base}/op/v1/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile", "address", "phone"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
    }
