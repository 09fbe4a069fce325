"""Practice Amazon: a loopback server that follows Amazon's documents, for one made-up seller.

Its time is the shop's: it starts at `Shop.now` and runs on with the real one (the Date header tells it), unless a
clock is given. It says what it does not simulate by answering it as Amazon answers a path it does not have.
"""

import socket
import struct
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from threading import Event, Thread
from time import monotonic_ns
from types import TracebackType
from typing import Any, Self

from tieout.practice.amazon.faults import Schedule
from tieout.practice.amazon.handling import TOKEN_PATH, Handling, Served
from tieout.practice.amazon.seller import ROLES, Seller
from tieout.practice.amazon.state import State
from tieout.practice.amazon.usage_plans import Buckets
from tieout.practice.amazon.wire import Doc, millis
from tieout.practice.shop.world import Shop

BODY_BYTES_MAX = 32 * 1024 * 1024
_SLOW_PARTS = 8
_CLOCK_KIND = "clock"


class PracticeAmazon:
    """The server; a context manager, started once. `faults` is a schedule (see `faults.py`).

    `state` is a file or folder that outlives it. `limits` is how many times the published usage plans it grants, and
    tells in x-amzn-RateLimit-Limit (Amazon grants busy sellers more, too); with 0 it refuses nothing. `roles` are
    those that the application was given.
    """

    def __init__(
        self,
        shop: Shop,
        *,
        limits: int = 1,
        faults: Sequence[Mapping[str, Any]] = (),
        clock: Callable[[], datetime] | None = None,
        port: int = 0,
        state: Path | None = None,
        roles: frozenset[str] = ROLES,
    ) -> None:
        self.shop = shop
        self.faults = Schedule(faults)
        self.requests: list[tuple[str, str, int]] = []
        self._port = port
        self._state = State(state)
        self._seller = Seller(shop, self._state, roles)
        self._clock = clock or self._running_clock()
        self._handling = Handling(self._seller, Buckets(limits), self.faults)
        self._stopping = Event()
        self._server: _Server | None = None
        self._thread: Thread | None = None

    def now(self) -> datetime:
        """The server's time."""
        return self._clock()

    def _running_clock(self) -> Callable[[], datetime]:
        """The shop's time, running on from where a server with the same state last changed anything."""
        kept = self._state.get(_CLOCK_KIND, "last")
        begin = self.shop.now if kept is None else datetime.fromtimestamp(kept["at"], UTC)
        started = monotonic_ns()
        return lambda: begin + timedelta(microseconds=(monotonic_ns() - started) // 1000)

    def start(self) -> None:
        """Listen on a loopback port; a second start is an error. A large shop's settlements are made up first."""
        if self._server is not None:
            raise RuntimeError("practice Amazon is already running")
        for account in self.shop.accounts:
            _ = account.statements
        self._server = _Server(("127.0.0.1", self._port), _handler(self))
        self._seller.address[0] = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="practice-amazon", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; what is waiting is let go."""
        if self._server is None or self._thread is None:
            return
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server.hang_up()
        self._state.close()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def connection(self) -> Doc:
        """Where the server is and what lets an application in; a practice company's credentials are no secrets."""
        seller = self._seller
        return {
            "endpoint": seller.url,
            "lwa": seller.url + TOKEN_PATH,
            "client_id": seller.client_id,
            "client_secret": seller.client_secret,
            "refresh_token": seller.refresh_token,
            "seller_id": seller.seller_id,
            "marketplaces": [account.place.market.marketplace_id for account in seller.accounts],
        }

    def serve(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Served:
        """The answer to one request; `requests` remembers method, path and status."""
        now_ms = millis(self.now())
        served = self._handling.serve(method, target, headers, body, now_ms=now_ms)
        if method != "GET":
            self._state.put(_CLOCK_KIND, "last", {"at": now_ms // 1000})
        status = 0 if served.drop or served.reset else served.answer.status
        self.requests.append((method, target.partition("?")[0], status))
        return served

    def wait(self, seconds: int) -> None:
        """Wait so many real seconds, or until the server stops."""
        self._stopping.wait(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(address, handler)

    def server_bind(self) -> None:
        """Bind without asking a name server what this machine is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", int(self.server_address[1])

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that clients keep open."""
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error of the server; a broken handler is, and shows."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def _handler(practice: PracticeAmazon) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "PracticeAmazon"
        sys_version = ""
        # Head and body leave together, at once: two small packets would wait for each other's receipt.
        wbufsize = 64 * 1024
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._serve()

        do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if length > BODY_BYTES_MAX:
                self.send_error(413)
                self.close_connection = True
                return
            body = self.rfile.read(length)
            headers = {name.lower(): value for name, value in self.headers.items()}
            self._send(practice.serve(self.command, self.path, headers, body))

        def _send(self, served: Served) -> None:
            if served.reset:
                _reset(self.connection)
                self.close_connection = True
                return
            if served.drop:
                practice.wait(served.pause_s)
                self.close_connection = True
                return
            self.send_response(served.answer.status)
            self.send_header("Content-Type", served.answer.content_type)
            self.send_header("Content-Length", str(len(served.data)))
            for name, value in served.answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self._write(served)

        def _write(self, served: Served) -> None:
            if not served.slowly:
                self.wfile.write(served.data)
                return
            step = max(1, len(served.data) // _SLOW_PARTS)
            practice.wait(served.pause_s)
            for start in range(0, len(served.data), step):
                self.wfile.write(served.data[start : start + step])
                self.wfile.flush()

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(practice.now().astimezone(UTC), usegmt=True)

        def log_message(self, *_: Any) -> None:
            return

    return Handler


def _reset(connection: socket.socket) -> None:
    """Close with a TCP reset instead of an orderly end."""
    connection.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    )
    connection.close()
