"""From a request to an answer: which operation, whose token, whether its bucket holds one more, what goes wrong.

The order of the checks is Amazon's gateway's: token first, then the usage plan, then the operation itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from secrets import token_hex
from urllib.parse import parse_qs, unquote, urlsplit

from tieout.practice.amazon import documents, feeds, lwa, reports
from tieout.practice.amazon.faults import Schedule
from tieout.practice.amazon.operations import find_operation
from tieout.practice.amazon.seller import Seller
from tieout.practice.amazon.usage_plans import Buckets, Plan
from tieout.practice.amazon.wire import Answer, ApiError, Request, denied, quota_exceeded
from tieout.practice.exact_json import write_json
from tieout.practice.fault_schedule import Fault

TOKEN_PATH = "/auth/o2/token"  # noqa: S105 - an address, not a secret
# Amazon's usage plan page: the limit's header comes with these statuses.
_LIMIT_STATUSES = (200, 201, 202, 204, 400, 404)
_PAGED = frozenset(
    {"getOrders", "searchOrders", "getReports", "getFeeds", "listTransactions", "searchListingsItems"}
    | {"getInventorySummaries"}
)
_TROUBLED = {
    500: ("InternalFailure", "We encountered an internal error. Please try again."),
    503: ("ServiceUnavailable", "Service is temporarily unavailable. Please try again."),
}
_GATEWAY_PAGE = b"<html><head><title>503</title></head><body><h1>503 Service Unavailable</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Served:
    """An answer as bytes, and what the line does to it: `drop` and `reset` instead of it, `pause_s` before it."""

    answer: Answer
    data: bytes
    drop: bool = False
    reset: bool = False
    pause_s: int = 0
    slowly: bool = False


class Handling:
    """Answers requests of one seller's application."""

    def __init__(self, seller: Seller, buckets: Buckets, schedule: Schedule) -> None:
        self._seller, self._buckets, self._schedule = seller, buckets, schedule
        self._last_pages: dict[str, bytes] = {}

    def serve(self, method: str, target: str, headers: Mapping[str, str], body: bytes, *, now_ms: int) -> Served:
        """The answer to a request, faults included."""
        parts = urlsplit(target)
        query = {name: tuple(values) for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        request = Request(method, parts.path, query, headers, body, now_ms)
        name = _name(method, parts.path)
        faults = {fault.name: fault for fault in self._schedule.faults(method, parts.path, name)}
        early = _early(faults)
        if early is not None:
            return early
        if "expire_token" in faults:
            lwa.expire_token(self._seller, request)
        answer = self._answer(name, request, expired="expire_url" in faults)
        data = answer.raw if answer.raw is not None else write_json(answer.body).encode()
        answer, data = self._late(name, faults, answer, data)
        pause = _seconds(faults, "timeout_after", 30) or _seconds(faults, "slow", 1)
        return Served(answer, data, drop="timeout_after" in faults, pause_s=pause, slowly="slow" in faults)

    def _answer(self, name: str, request: Request, *, expired: bool) -> Answer:
        try:
            if name == "token":
                return lwa.issue_token(self._seller, request)
            if name in ("download", "upload"):
                return self._document(name, request, expired=expired)
            return self._operation(request)
        except ApiError as error:
            return Answer(error.body(), status=error.status)

    def _document(self, name: str, request: Request, *, expired: bool) -> Answer:
        request = replace(request, parts=(unquote(request.path.split("/", 2)[2]),))
        if name == "upload":
            return feeds.upload(self._seller, request, expired=expired)
        return documents.download(
            self._seller,
            request,
            lambda document_id: (
                reports.report_content(self._seller, document_id, request.now_s)
                or feeds.feed_result(self._seller, document_id)
            ),
            expired=expired,
        )

    def _operation(self, request: Request) -> Answer:
        found = find_operation(request.method, request.path)
        if found is None:
            raise denied()  # what Amazon's gateway says to a path it does not have
        operation, parts = found
        lwa.check_token(self._seller, request)
        if not self._buckets.take(operation.name, self._seller.seller_id, operation.plan, request.now_ms):
            raise quota_exceeded()
        request = replace(request, parts=parts)
        try:
            answer = operation.handler(self._seller, request)
        except ApiError as error:
            answer = Answer(error.body(), status=error.status)
        return _with_limit(self._buckets.granted(operation.plan), answer)

    def _late(self, name: str, faults: Mapping[str, Fault], answer: Answer, data: bytes) -> tuple[Answer, bytes]:
        if "truncate_gzip" in faults and data[:2] == b"\x1f\x8b":
            data = data[: len(data) // 2]
        if "wrong_charset" in faults:
            swapped = {"UTF-8": "ISO-8859-1", "ISO-8859-1": "UTF-8"}
            kind, _, charset = answer.content_type.partition("charset=")
            answer = replace(answer, content_type=f"{kind}charset={swapped.get(charset, charset)}")
        if name in _PAGED and answer.status == 200:
            if "repeat_page" in faults and name in self._last_pages:
                return answer, self._last_pages[name]
            self._last_pages[name] = data
        return answer, data


def _name(method: str, path: str) -> str:
    if path == TOKEN_PATH:
        return "token"
    if path.startswith(documents.DOWNLOADS):
        return "download"
    if path.startswith(documents.UPLOADS):
        return "upload"
    found = find_operation(method, path)
    return found[0].name if found else ""


def _early(faults: Mapping[str, Fault]) -> Served | None:
    """What a fault makes of a request before any work is done; None if the work goes on."""
    if "reset" in faults:
        return Served(Answer(), b"", reset=True)
    if "timeout_before" in faults:
        return Served(Answer(), b"", drop=True, pause_s=_seconds(faults, "timeout_before", 30))
    if "throttle" in faults:
        error = quota_exceeded()
        return _json(Answer(error.body(), status=429))
    if "empty429" in faults:
        return Served(Answer(status=429, raw=b"", content_type="text/plain"), b"")
    if "error5xx" in faults:
        status = int(faults["error5xx"].options.get("status", 500))
        code, message = _TROUBLED.get(status, _TROUBLED[500])
        return _json(Answer(ApiError(status, code, message).body(), status=status))
    if "html503" in faults:
        return Served(Answer(status=503, raw=_GATEWAY_PAGE, content_type="text/html"), _GATEWAY_PAGE)
    return None


def _json(answer: Answer) -> Served:
    return Served(answer, write_json(answer.body).encode())


def _seconds(faults: Mapping[str, Fault], name: str, default: int) -> int:
    return int(faults[name].options.get("seconds", default)) if name in faults else 0


def _with_limit(plan: Plan, answer: Answer) -> Answer:
    headers = {"x-amzn-RequestId": token_hex(16), **answer.headers}
    if answer.status in _LIMIT_STATUSES:
        headers["x-amzn-RateLimit-Limit"] = plan.header
    return replace(answer, headers=headers)
