"""The address a person's browser came to after allowing a connection: code, state and company, or why not.

It is read the same whether a page of ours received it or the person pasted it. Source: Intuit, "Set up OAuth 2.0":
the redirect bears `code`, `state` and `realmId`, or `error`.
"""

import hmac
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from tieout.commands import connect_findings as say
from tieout.domain.finding import Finding

_CODE = re.compile(r"[A-Za-z0-9_.~-]{10,512}\Z", re.ASCII)
_REALM = re.compile(r"[0-9]{1,20}\Z", re.ASCII)
_PASTED_MAX = 4_000


@dataclass(frozen=True, slots=True)
class Granted:
    """A person's permission: a code that is good once, for a company of the books."""

    code: str
    realm_id: str

    def __repr__(self) -> str:
        return f"Granted({self.realm_id})"


def read_redirect(text: str, state: str) -> Granted | Finding:
    """The permission in an address (or in the part of it after the "?"), which answers the attempt of `state`."""
    address = "".join(text.split()).strip("<>\"'")
    if not address or len(address) > _PASTED_MAX:
        return say.no_address()
    query = urlsplit(address).query if "?" in address else address
    fields = dict(parse_qsl(query.split("#")[0]))
    if "error" in fields:
        return say.declined(fields["error"])
    if not _CODE.match(fields.get("code", "")):
        return say.no_address()
    if not hmac.compare_digest(fields.get("state", "").encode(), state.encode()):
        return say.of_another_attempt()
    if not _REALM.match(fields.get("realmId", "")):
        return say.no_company()
    return Granted(fields["code"], fields["realmId"])
