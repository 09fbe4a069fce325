"""The API: a call in, an answer out. Runs under the server's lock, in one transaction of the store."""

from collections.abc import Callable
from urllib.parse import parse_qsl

from tieout.practice.exact_json import NotJson, read_json, write_json
from tieout.practice.quickbooks import (
    attachables,
    batch,
    changes,
    currencies,
    faults,
    operations,
    query,
    reports,
    request_ids,
)
from tieout.practice.quickbooks.calls import Answer, Call, json_answer
from tieout.practice.quickbooks.catalogue import BY_PATH
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import Fault, fault
from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.kinds import Kind
from tieout.practice.quickbooks.request_ids import Mood

WRITES = frozenset({"create", "update", "delete", "void", "batch", "upload"})


def answer(company: Company, call: Call, mood: Mood) -> Answer:
    """Do the work of a company call; a refusal is a Fault with status 400 (or what the fault says)."""
    try:
        if call.op == "download":
            return _download(company, call)
        with company.store.transaction():
            return _answer(company, call, mood)
    except Fault as refused:
        return json_answer({"Fault": refused.body(), "time": company.time()}, refused.status)


def _answer(company: Company, call: Call, mood: Mood) -> Answer:
    request_id = call.params.get("requestid", "") if call.op in WRITES else ""
    if not request_id:
        return Answer(200, write_json(_do(company, call)))
    length_max = request_ids.BATCH_LENGTH_MAX if call.op == "batch" else request_ids.LENGTH_MAX
    request_ids.check(request_id, length_max)
    earlier = request_ids.earlier_answer(company, request_id, mood)
    if earlier is not None:
        return Answer(200, earlier)
    text = write_json(_do(company, call))
    if mood is not Mood.IGNORED:
        request_ids.remember(company, request_id, text)
    return Answer(200, text)


def _do(company: Company, call: Call) -> Doc:
    work = _WHOLE.get(call.op)
    result = work(company, call) if work is not None else _do_entity(company, call)
    return result if call.op == "report" else {**result, "time": company.time()}


def _do_entity(company: Company, call: Call) -> Doc:
    kind = BY_PATH.get(call.entity)
    if kind is None:
        raise fault("2000", f"The specified object name is unsupported or invalid. Object Name: {call.entity}")
    if call.op == "read":
        return {kind.name: operations.read(company, kind, call.tail)}
    manner = operations.Manner(call.include)
    return {kind.name: write(company, kind, call.op, json_body(call), manner)}


def write(company: Company, kind: Kind, op: str, body: object, manner: operations.Manner) -> Doc:
    """One create, update, delete or void."""
    work = {
        "create": operations.create,
        "update": operations.update,
        "delete": operations.delete,
        "void": operations.void,
    }[op]
    return work(company, kind, body, manner)


def json_body(call: Call) -> object:
    """The JSON of the request's body; 2010 if it has none."""
    try:
        return read_json(call.body)
    except NotJson as error:
        raise fault("2010", f"failed to parse json object: {error}") from None


def _query(company: Company, call: Call) -> Doc:
    statement = call.params.get("query", "")
    if call.method == "POST":
        text = call.body.decode("utf-8", "replace")
        # Most clients post the statement itself; a form field is taken too.
        is_form = call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        statement = dict(parse_qsl(text)).get("query", text) if is_form else text
    if not statement.strip():
        raise fault("4000", "QueryParserError: the query is empty")
    return {"QueryResponse": query.answer(company, statement)}


def _cdc(company: Company, call: Call) -> Doc:
    found = changes.since(company, call.params.get("entities", ""), call.params.get("changedSince", ""))
    return {"CDCResponse": found}


def _preferences(company: Company, _call: Call) -> Doc:
    return {"Preferences": company.preferences.body()}


def _company_info(company: Company, call: Call) -> Doc:
    if call.method != "GET":
        raise fault("500", "Operation update CompanyInfo is not supported.")
    return {"CompanyInfo": company.info()}


def _batch(company: Company, call: Call) -> Doc:
    return batch.run(company, json_body(call), has_request_id=bool(call.params.get("requestid")))


def _upload(company: Company, call: Call) -> Doc:
    answers = attachables.upload(company, call.headers.get("content-type", ""), call.body, call.base)
    return {"AttachableResponse": answers}


def _report(company: Company, call: Call) -> Doc:
    return reports.answer(company, call.tail, call.params)


def _exchange_rate(company: Company, call: Call) -> Doc:
    source = call.params.get("sourcecurrencycode", "")
    if not currencies.is_known(source):
        raise fault("2220", f"Invalid currency type. Supplied value:{source}", "sourcecurrencycode")
    return {
        "ExchangeRate": {
            "SourceCurrencyCode": source,
            "TargetCurrencyCode": company.home_currency,
            "Rate": currencies.usual_rate(source, company.home_currency),
            "AsOfDate": call.params.get("asofdate", company.today()),
            "domain": "QBO",
            "sparse": False,
        }
    }


def _download(company: Company, call: Call) -> Answer:
    """The address of a file as text, or with `content=true` (the address points there) the file itself."""
    content = attachables.content_of(company, call.tail)
    if call.params.get("content") == "true":
        return Answer(200, "", content_type="application/octet-stream", binary=content)
    address = f"{call.base}/v3/company/{company.realm_id}/download/{call.tail}?content=true"
    return Answer(200, address, content_type="text/plain")


_WHOLE: dict[str, Callable[[Company, Call], Doc]] = {
    "query": _query,
    "cdc": _cdc,
    "preferences": _preferences,
    "companyinfo": _company_info,
    "batch": _batch,
    "upload": _upload,
    "report": _report,
    "exchangerate": _exchange_rate,
}


def refuse(company: Company, body: Doc, status: int) -> Answer:
    """An answer that is only a `Fault`."""
    return json_answer({"Fault": body, "time": company.time()}, status)


def unauthorized(company: Company, detail: str) -> Answer:
    """A 401 as Intuit writes it."""
    body = {**faults.authentication_failed(detail), "time": company.time()}
    return json_answer(body, 401, **{"WWW-Authenticate": 'Bearer realm="Intuit", error="invalid_token"'})
