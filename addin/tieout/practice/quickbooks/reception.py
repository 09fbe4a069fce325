"""What happens to a call on its way in and out: the schedule's faults, the token, the limits, then the work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, RLock
from typing import TYPE_CHECKING, Any

from tieout.practice.fault_schedule import Fault
from tieout.practice.quickbooks import chart, faults, oauth_pages, routes
from tieout.practice.quickbooks.calls import Answer, Call, json_answer
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.oauth import OAuth
from tieout.practice.quickbooks.preferences import BOOK_CLOSE_DATE
from tieout.practice.quickbooks.records import micros
from tieout.practice.quickbooks.request_ids import Mood
from tieout.practice.quickbooks.schedule import AFTER, Schedule
from tieout.practice.quickbooks.throttle import Throttle

if TYPE_CHECKING:
    from tieout.practice.quickbooks.server import PracticeQuickBooks

_HTML_503 = (
    "<html><head><title>503 Service Temporarily Unavailable</title></head>"
    "<body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>"
)
_OAUTH_OPS = frozenset({"discovery", "authorize", "token", "revoke"})


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer: the connection is held until the client gives up (`held`), then broken off."""

    held: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """One request in the server's log: what was asked and the status of the answer (0 for none)."""

    method: str
    op: str
    entity: str
    status: int
    request_id: str


class Reception:
    """Takes calls one at a time through the company's lock."""

    def __init__(
        self,
        practice: "PracticeQuickBooks",
        company: Company,
        tokens: OAuth,
        *,
        throttle: Throttle,
        schedule: Schedule,
        mood: Mood,
    ) -> None:
        self._practice = practice
        self.company = company
        self.tokens = tokens
        self.throttle = throttle
        self.schedule = schedule
        self.mood = mood
        self.lock = RLock()
        self.stopping = Event()
        self.log: list[Seen] = []
        self._answers = 0

    def take(self, call: Call) -> Answer | Silence:
        """The answer to a call, or silence where the schedule wants it."""
        actions = self.schedule.actions(method=call.method, path=call.path, op=call.op, entity=call.entity)
        result = self._before(call, actions)
        if isinstance(result, Answer):
            for action in actions:
                if action.do in AFTER:
                    result = _after(action)
        with self.lock:
            if isinstance(result, Answer):
                self._answers += 1
                result.headers.setdefault("intuit_tid", f"1-{self.company.seed:08x}-{self._answers:024x}")
            status = result.status if isinstance(result, Answer) else 0
            self.log.append(Seen(call.method, call.op, call.entity, status, call.params.get("requestid", "")))
        return result

    def _before(self, call: Call, actions: Sequence[Fault]) -> Answer | Silence:
        mood = self.mood
        lag_seconds = 0
        for action in actions:
            early = self._early(action)
            if early is not None:
                return early
            if action.do == "requestid_ignored":
                mood = Mood.IGNORED
            if action.do == "lag":
                lag_seconds = int(action.options["seconds"])
        if call.op in _OAUTH_OPS:
            with self.lock:
                return oauth_pages.answer(self.company, self.tokens, call)
        return self._admitted(call, mood, lag_seconds)

    def _early(self, action: Fault) -> Answer | Silence | None:
        """What an entry of the schedule does before the work: an answer in its place, or a change of the company."""
        if callable(action.do):
            action.do(self._practice)
            return None
        with self.lock:
            if action.do in _REFUSALS:
                return _REFUSALS[action.do](self.company, action.options)
            if action.do == "close_period":
                self.company.preferences.set(BOOK_CLOSE_DATE, action.options["date"])
            if action.do == "inactivate_account":
                inactivate_account(self.company, action.options["account"])
        if action.do in ("reset", "timeout_before"):
            return Silence(held=action.do == "timeout_before")
        if action.do == "slow":
            self.stopping.wait(float(action.options["seconds"]))
        return None

    def _admitted(self, call: Call, mood: Mood, lag_seconds: int) -> Answer:
        refused = self._refused(call)
        if refused is not None:
            return refused
        if not self.throttle.enter(batch=call.op == "batch"):
            with self.lock:
                return routes.refuse(self.company, faults.throttled(), 429)
        try:
            with self.lock:
                return self._work(call, mood, lag_seconds)
        finally:
            self.throttle.leave()

    def _refused(self, call: Call) -> Answer | None:
        with self.lock:
            if not call.realm:
                return Answer(404, "", content_type="text/html")
            if call.op == "download" and call.params.get("content") == "true":
                return None  # the temporary address of a file is its own key
            connection = self.tokens.connection_of(call.headers.get("authorization", ""), self.company.now())
            if connection is None:
                return routes.unauthorized(self.company, "Token expired, revoked or malformed")
            if call.realm != self.company.realm_id:
                return routes.refuse(self.company, faults.forbidden(), 403)
            return None

    def _work(self, call: Call, mood: Mood, lag_seconds: int) -> Answer:
        records = self.company.records
        if lag_seconds:
            records.created_before = micros(self.company.now() - timedelta(seconds=lag_seconds))
        try:
            return routes.answer(self.company, call, mood)
        finally:
            records.created_before = None


def inactivate_account(company: Company, full_name: str) -> None:
    """Make an account inactive, as a person in QuickBooks would; ValueError if no active one has the name."""
    from tieout.practice.quickbooks import operations
    from tieout.practice.quickbooks.accounts import ACCOUNTS

    record = chart.account_named(company, full_name)
    if record is None:
        raise ValueError(f"the practice company has no active account {full_name!r}")
    with company.store.transaction():
        body = {"Id": record.id, "Active": False, "sparse": True}
        operations.update(company, ACCOUNTS, body, operations.Manner(by_person=True))


def inactivate_tax_code(company: Company, name: str) -> None:
    """Make a tax code inactive, which the API can't and a person can; ValueError if no active one has the name."""
    for record in company.records.select("TaxCode", "active = 1 AND name = ?", (name,), unseen=True):
        with company.store.transaction():
            company.records.update(record, {**record.document, "Active": False}, company.now())
            company.written()
        return
    raise ValueError(f"the practice company has no active tax code {name!r}")


def _system_error(company: Company, options: Mapping[str, Any]) -> Answer:
    body = faults.fault("10000", "An unexpected error occurred. Please wait a few minutes and try again.").body()
    return routes.refuse(company, body, int(options.get("status", 500)))


def _after(action: Fault) -> Answer | Silence:
    """The work is done; what the client gets instead of its answer."""
    if action.do == "garbage_after":
        return Answer(200, '{"JournalEntry":{"Id":"', content_type="application/json;charset=UTF-8")
    if action.do == "error5xx_after":
        return Answer(int(action.options.get("status", 502)), _HTML_503, content_type="text/html")
    return Silence(held=action.do == "timeout_after")


_REFUSALS: Mapping[str | Callable[[Any], None], Callable[[Company, Mapping[str, Any]], Answer]] = {
    "throttle": lambda company, _options: routes.refuse(company, faults.throttled(), 429),
    "error5xx": _system_error,
    "html503": lambda _company, _options: Answer(503, _HTML_503, content_type="text/html"),
    "unauthorized": lambda company, _options: routes.unauthorized(company, "Token expired"),
    "subscription_ended": lambda company, _options: json_answer(
        {
            "Fault": faults.fault(
                "6190",
                "Subscription period has ended or canceled or there was a billing problem : You can't add data to"
                " QuickBooks Online Plus because your trial or subscription period ended.",
            ).body(),
            "time": company.time(),
        },
        400,
    ),
    "fault_in_200": lambda company, _options: routes.refuse(
        company, faults.business("The request could not be processed.").body(), 200
    ),
}
