"""HTTP on the loopback: requests read whole, answers sent in one piece, connections broken where asked."""

import contextlib
import select
import socket
import struct
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from tieout.practice.quickbooks.calls import Answer, understand
from tieout.practice.quickbooks.reception import Reception, Silence

BODY_BYTES_MAX = 110 * 1024 * 1024
HELD_SECONDS_MAX = 130
_LOOK_SECONDS = 0.05


class Server(ThreadingHTTPServer):
    """A threading server that knows its connections, so that `close_all` leaves no thread behind."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, port: int, reception: Reception) -> None:
        self.reception = reception
        self._lock = Lock()
        self._open: dict[socket.socket, Thread] = {}
        self._wake, self._waker = socket.socketpair()
        super().__init__(("127.0.0.1", port), Handler)

    def run(self) -> None:
        """Accept connections until `close_all`; nothing runs while none comes."""
        while True:
            ready, _, _ = select.select([self.socket, self._wake], [], [])
            if self._wake in ready:
                return
            self._handle_request_noblock()  # type: ignore[attr-defined]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in its own thread, and remember both."""
        thread = Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        with self._lock:
            self._open[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        """A connection has ended."""
        with self._lock:
            self._open.pop(request, None)
        with contextlib.suppress(OSError):
            super().shutdown_request(request)

    def close_all(self, accepting: Thread) -> None:
        """Stop accepting, break every open connection, and wait for all threads."""
        self.reception.stopping.set()
        self._waker.send(b"x")
        accepting.join()
        with self._lock:
            still_open = dict(self._open)
        for connection in still_open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in still_open.values():
            thread.join()
        self._wake.close()
        self._waker.close()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of ours; anything else is shown."""
        import sys

        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection; requests on it are served in turn."""

    protocol_version = "HTTP/1.1"
    server: Server
    disable_nagle_algorithm = True
    wbufsize = -1

    def _serve(self) -> None:
        body = self._body()
        if body is None:
            self._send(Answer(413, ""))
            self.close_connection = True
            return
        call = understand(self.command, self.path, dict(self.headers.items()), body, self._base())
        try:
            result = self.server.reception.take(call)
        except Exception:  # a broken practice company: shown on its console, and a 500 to the client
            self.server.handle_error(self.request, self.client_address)
            result = Answer(500, "", content_type="text/html")
        if isinstance(result, Silence):
            if result.held:
                self._hold()
            self._break_off()
        else:
            self._send(result)

    def _body(self) -> bytes | None:
        """The whole body, of a known length or in chunks (a client that streams a file); None if it is too long."""
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            length = int(self.headers.get("Content-Length") or 0)
            return self.rfile.read(length) if length <= BODY_BYTES_MAX else None
        parts: list[bytes] = []
        total = 0
        while size := int(self.rfile.readline().partition(b";")[0].strip() or b"0", 16):
            total += size
            if total > BODY_BYTES_MAX:
                return None
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers
        return b"".join(parts)

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815

    def _base(self) -> str:
        address: tuple[str, int] = self.server.server_address[:2]  # type: ignore[assignment]
        return f"http://{address[0]}:{address[1]}"

    def _send(self, answer: Answer) -> None:
        payload = answer.payload()
        self.send_response(answer.status, HTTPStatus(answer.status).phrase)
        if payload:
            self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(payload)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)
        self.wfile.flush()

    def _hold(self) -> None:
        """Say nothing until the client hangs up, the server stops, or Intuit's own limit has passed."""
        waited = 0.0
        while waited < HELD_SECONDS_MAX and not self.server.reception.stopping.wait(_LOOK_SECONDS):
            readable, _, _ = select.select([self.connection], [], [], 0)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return
            waited += _LOOK_SECONDS

    def _break_off(self) -> None:
        """Reset the connection: linger zero makes the close an RST."""
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep quiet; `PracticeQuickBooks.requests` is the log."""

    def version_string(self) -> str:
        """The Server header."""
        return "practice"
