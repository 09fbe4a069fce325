"""A page on this machine through which a person signs in: it asks for what is missing, leads to the other side's,
and takes the address that the browser comes back to, by itself where it may be sent here, pasted where not.

It listens on the loopback only, answers to this machine's own names only, and its forms stand under a path that
nobody can guess. It stops when the sign-in has ended.
"""

import html
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock
from time import monotonic
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from tieout.domain.finding import Finding, Severity
from tieout.limits import SIGN_IN_FORM_BYTES_MAX, SIGN_IN_WAIT_SECONDS_MAX

_HOSTS = ("localhost", "127.0.0.1")
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:3em auto;padding:0 1em}label{display:block;"
    "margin:1em 0 .2em}input{width:100%;font:inherit;padding:.4em;box-sizing:border-box}button,a.go{display:"
    "inline-block;margin:1em 0;padding:.5em 1.2em;font:inherit;background:#0b5;color:#fff;border:0;border-radius:4px;"
    "text-decoration:none}p.no{background:#fee;border-left:4px solid #c00;padding:.6em 1em}"
)


@dataclass(frozen=True, slots=True)
class Field:
    """Something the page asks for once; what is `secret` is not shown while it is typed."""

    name: str
    label: str
    secret: bool = False


class SignInTalk(Protocol):
    """What the page talks about. Its methods are called one at a time."""

    @property
    def title(self) -> str:
        """What is connected to what."""
        ...

    @property
    def asked(self) -> tuple[Field, ...]:
        """What still has to be said before the person can be led away; empty where all is known."""
        ...

    def say(self, values: dict[str, str]) -> Finding | None:
        """Take what was asked for; the finding if it can't be right."""
        ...

    def leads_to(self, callback: str) -> str | Finding:
        """The address at which the person allows it; `callback` is this page's own, for those that may come to it."""
        ...

    def comes_back(self, address: str) -> str | Finding:
        """Take the address that the browser came to; the sentence that it is done, or the finding."""
        ...


def sign_in_by_page(
    talk: SignInTalk,
    open_browser: Callable[[str], object],
    *,
    port: int = 0,
    callback_path: str = "/callback",
    waiting: Callable[[], None] | None = None,
) -> Finding | None:
    """Lead a person through signing in; the finding if nobody finished in time.

    `waiting` is called about twice a second, and may raise to stop. OSError where the port can't be had.
    """
    with _Server(port, callback_path, talk) as server:
        open_browser(server.front)
        deadline = monotonic() + SIGN_IN_WAIT_SECONDS_MAX
        server.timeout = 0.5
        while not server.done.is_set():
            if monotonic() > deadline:
                return _nobody_came()
            server.handle_request()
            if waiting is not None:
                waiting()
    return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, port: int, callback_path: str, talk: SignInTalk) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.talk = talk
        self.callback_path = callback_path
        self.lock = Lock()
        self.done = Event()
        self.path = f"/{secrets.token_urlsafe(16)}/"
        self.root = f"http://localhost:{self.server_address[1]}"

    @property
    def front(self) -> str:
        """The page's address."""
        return f"{self.root}{self.path}"

    @property
    def callback(self) -> str:
        """Where browsers may be sent back to, if that is allowed."""
        return f"{self.root}{self.callback_path}"


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 20

    def do_GET(self) -> None:
        """The page itself, and the way back to it."""
        if not self._is_for_us():
            return
        path = urlsplit(self.path).path
        with self.server.lock:
            if path == self.server.path:
                self._front()
            elif path == self.server.callback_path and not self.server.done.is_set():
                self._came_back(f"{self.server.root}{self.path}")
            else:
                self._page(404, "<p>There is nothing here.</p>")

    def do_POST(self) -> None:
        """What a person filled in."""
        if not self._is_for_us():
            return
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= SIGN_IN_FORM_BYTES_MAX:
            self._page(413, "<p>That is too long.</p>")
            return
        form = dict(parse_qsl(self.rfile.read(length).decode("utf-8", "replace")))
        path = urlsplit(self.path).path
        with self.server.lock:
            if path == f"{self.server.path}keys":
                self._front(self.server.talk.say(form))
            elif path == f"{self.server.path}paste" and not self.server.done.is_set():
                self._came_back(form.get("address", ""))
            else:
                self._page(404, "<p>There is nothing here.</p>")

    def _is_for_us(self) -> bool:
        """Whether the browser means this machine: a name of somebody else's that leads here is not answered."""
        host = self.headers.get("Host", "").rpartition(":")[0]
        if host in _HOSTS:
            return True
        self._page(403, "<p>This page answers on this computer only.</p>")
        return False

    def _front(self, finding: Finding | None = None) -> None:
        talk, path = self.server.talk, self.server.path
        asked = talk.asked
        if asked:
            fields = "".join(
                f'<label for="{field.name}">{html.escape(field.label)}</label><input id="{field.name}"'
                f' name="{field.name}" type="{"password" if field.secret else "text"}" autocomplete="off" required>'
                for field in asked
            )
            form = f'<form method="post" action="{path}keys">{fields}<button>Go on</button></form>'
            self._page(200, _told(finding) + form)
            return
        leads_to = talk.leads_to(self.server.callback)
        if isinstance(leads_to, Finding):
            self._page(200, _told(leads_to))
            return
        self._page(
            200,
            f"{_told(finding)}<p>1. Sign in and allow the connection:</p>"
            f'<a class="go" href="{html.escape(leads_to)}" target="_blank" rel="noreferrer">Connect</a>'
            "<p>2. If this page does not say by itself that it is done: copy the whole address of the page you came"
            f' to, and paste it here.</p><form method="post" action="{path}paste">'
            '<label for="address">Address</label><input id="address" name="address" autocomplete="off" required>'
            "<button>Done</button></form>",
        )

    def _came_back(self, address: str) -> None:
        said = self.server.talk.comes_back(address)
        if isinstance(said, Finding):
            self._front(said)
            return
        self._page(200, f"<p><b>{html.escape(said)}</b></p><p>You can close this page.</p>")
        self.server.done.set()

    def _page(self, status: int, body: str) -> None:
        title = html.escape(self.server.talk.title)
        content = (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
            f"<h1>{title}</h1>{body}</html>"
        ).encode()
        self.send_response(status)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(content))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"),
            ("X-Frame-Options", "DENY"),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing on the terminal: addresses hold codes."""


def _told(finding: Finding | None) -> str:
    return f'<p class="no">{html.escape(finding.what)} {html.escape(finding.to_do)}</p>' if finding else ""


def _nobody_came() -> Finding:
    return Finding(
        code="sign-in-not-finished",
        severity=Severity.REFUSED,
        what=f"Nobody finished signing in within {SIGN_IN_WAIT_SECONDS_MAX // 60} minutes.",
        to_do="Start again when you have the time; nothing was changed.",
    )
