"""The OAuth addresses: discovery, the page that asks the owner, the token endpoint, revocation."""

import html
from urllib.parse import parse_qsl

from tieout.practice.exact_json import NotJson, read_json
from tieout.practice.quickbooks import oauth
from tieout.practice.quickbooks.calls import Answer, Call, json_answer
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.oauth import OAuth, OAuthError


def answer(company: Company, tokens: OAuth, call: Call) -> Answer:
    """Answer an OAuth call; what the endpoint refuses is {"error", "error_description"}."""
    try:
        with company.store.transaction():
            if call.op == "discovery":
                return json_answer(oauth.discovery(call.base))
            if call.op == "authorize":
                return _authorize(company, tokens, call)
            if call.op == "token":
                form = dict(parse_qsl(call.body.decode("utf-8", "replace")))
                return json_answer(tokens.token(call.headers.get("authorization", ""), form, company.now()))
            tokens.revoke(call.headers.get("authorization", ""), _token_of(call))
            return Answer(200, "")
    except OAuthError as refused:
        return json_answer(refused.body(), refused.status)


def _authorize(company: Company, tokens: OAuth, call: Call) -> Answer:
    """A browser gets a page with one button; anything else is sent back to the redirect address at once."""
    if "text/html" in call.headers.get("accept", "") and call.params.get("allow") != "yes":
        return Answer(200, _page(company, call), content_type="text/html;charset=UTF-8")
    address = tokens.authorize(call.params, company.realm_id, company.now())
    return Answer(302, "", headers={"Location": address})


def _page(company: Company, call: Call) -> str:
    fields = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in (*call.params.items(), ("allow", "yes"))
    )
    name = html.escape(company.info()["CompanyName"])
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Practice QuickBooks</title>'
        f"<h1>Connect to {name}?</h1><p>This is a practice company. No real books are touched.</p>"
        f'<form method="get" action="/connect/oauth2">{fields}<button type="submit">Connect</button></form></html>'
    )


def _token_of(call: Call) -> str:
    """The token to revoke, from a JSON body or a form."""
    if "json" in call.headers.get("content-type", ""):
        try:
            body = read_json(call.body)
        except NotJson:
            return ""
        return str(body.get("token", "")) if isinstance(body, dict) else ""
    return dict(parse_qsl(call.body.decode("utf-8", "replace"))).get("token", "")
