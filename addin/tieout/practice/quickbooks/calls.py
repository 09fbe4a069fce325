"""A request as the server understands it, and an answer as it sends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tieout.practice.exact_json import NotJson, read_json, write_json

_OAUTH = {
    "/.well-known/openid_configuration": "discovery",
    "/.well-known/openid_sandbox_configuration": "discovery",
    "/connect/oauth2": "authorize",
    "/oauth2/v1/tokens/bearer": "token",
    "/v2/oauth2/tokens/revoke": "revoke",
}
_WHOLE_RESOURCES = ("query", "batch", "cdc", "upload", "preferences", "companyinfo", "exchangerate")


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `op` names the operation, `entity` the kind in the path (lower case), `tail` what follows it,
    `base` the server's own address."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    op: str
    entity: str
    realm: str
    tail: str
    base: str = ""

    @property
    def include(self) -> frozenset[str]:
        """The `include` options of the request."""
        return frozenset(part.strip().lower() for part in self.params.get("include", "").split(",") if part.strip())


@dataclass(slots=True)
class Answer:
    """Status, JSON (or text) body and headers."""

    status: int
    body: str
    content_type: str = "application/json;charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)
    binary: bytes | None = None

    def payload(self) -> bytes:
        """The bytes of the body."""
        return self.body.encode() if self.binary is None else self.binary


def json_answer(value: Any, status: int = 200, **headers: str) -> Answer:
    """An answer with a JSON body."""
    return Answer(status, write_json(value), headers=headers)


def understand(method: str, target: str, headers: Mapping[str, str], body: bytes, base: str) -> Call:
    """Read a request line; an address the server does not have gets op ""."""
    parts = urlsplit(target)
    params = dict(parse_qsl(parts.query, keep_blank_values=True))
    # Some clients end the discovery address with a slash, and some join paths with two.
    path = "/" + "/".join(part for part in parts.path.split("/") if part)
    lowered = {name.lower(): value for name, value in headers.items()}
    op, entity, realm, tail = _OAUTH.get(path, ""), "", "", ""
    pieces = path.split("/")[1:]
    if pieces[:2] == ["v3", "company"] and len(pieces) >= 4:
        realm, entity = pieces[2], pieces[3].lower()
        tail = "/".join(pieces[4:])
        op = _company_op(method, entity, tail, params, body)
    return Call(method, path, params, lowered, body, op, entity, realm, tail, base)


def _company_op(method: str, entity: str, tail: str, params: Mapping[str, str], body: bytes) -> str:
    if entity in _WHOLE_RESOURCES:
        return entity if entity not in ("preferences",) or method == "GET" else "update"
    if entity == "reports":
        return "report"
    if entity == "download":
        return "download"
    if method == "GET":
        return "read"
    operation = params.get("operation", "").lower()
    if operation == "delete":
        return "delete"
    if operation == "void" or "void" in params.get("include", "").lower().split(","):
        return "void"
    return "update" if _has_id(body) else "create"


def _has_id(body: bytes) -> bool:
    """Whether a body is about an existing object; the full reading comes later, with its faults."""
    try:
        value = read_json(body)
    except NotJson:
        return False
    return isinstance(value, dict) and bool(value.get("Id"))
