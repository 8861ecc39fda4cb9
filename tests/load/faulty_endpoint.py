"""A proxy before the local AWS that fails a share of the calls to DynamoDB, SQS and S3."""

import http.client
import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "content-length", "expect"}
)
TIMEOUT_S = 60


class Fault(StrEnum):
    """What becomes of a call."""

    LOST_REQUEST = "lost request"  # it never arrives
    LOST_RESPONSE = "lost response"  # it is carried out, and nobody hears of it
    THROTTLED = "throttled"
    FAILED = "failed"  # an internal error of the service, which carried nothing out


THROTTLING = {
    "dynamodb": (400, "ProvisionedThroughputExceededException"),
    "sqs": (400, "ThrottlingException"),
    "s3": (503, "SlowDown"),
}
FAILURES = {
    "dynamodb": (500, "InternalServerError"),
    "sqs": (500, "InternalError"),
    "s3": (500, "InternalError"),
}


def service_of(headers: Mapping[str, str]) -> str:
    """Return the service that a call is for: dynamodb, sqs, s3 or other."""
    target = headers.get("X-Amz-Target", "")
    if target.startswith("DynamoDB"):
        return "dynamodb"
    if target.startswith("AmazonSQS"):
        return "sqs"
    is_s3 = "/s3/" in headers.get("Authorization", "")
    return "s3" if is_s3 else "other"


class FaultyEndpoint:
    """Forwards calls to `target`, and fails `share` of those to the three services, by `seed`."""

    def __init__(self, target: str, share: float, seed: int) -> None:
        self._target = urlsplit(target).netloc
        self._share, self._dice = share, random.Random(seed)  # noqa: S311
        self._lock, self._lines = threading.Lock(), threading.local()
        self.calls: Counter[str] = Counter()
        """By service."""
        self.faults: Counter[tuple[str, Fault]] = Counter()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                """Say nothing: faults are counted."""

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except ConnectionError:  # the client went away
                    self.close_connection = True

            def finish(self) -> None:
                super().finish()
                endpoint.close_line()

            def do_POST(self) -> None:
                endpoint.serve(self)

            do_GET = do_PUT = do_DELETE = do_HEAD = do_POST  # noqa: N815  (as the base class asks)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def run(self) -> None:
        """Serve until `stop`."""
        self._server.serve_forever(poll_interval=0.2)

    def stop(self) -> None:
        """End `run`, and close the port."""
        self._server.shutdown()
        self._server.server_close()

    def serve(self, call: BaseHTTPRequestHandler) -> None:
        """Carry out a call, or fail it."""
        body = call.rfile.read(int(call.headers.get("Content-Length") or 0))
        headers = dict(call.headers.items())
        service = service_of(headers)
        fault = self._draw(service)
        if fault in {Fault.LOST_REQUEST, Fault.LOST_RESPONSE}:
            if fault is Fault.LOST_RESPONSE:
                self._forward(call.command, call.path, headers, body)
            call.close_connection = True
            return
        if fault is None:
            status, answered, content = self._forward(call.command, call.path, headers, body)
        else:
            refusals = THROTTLING if fault is Fault.THROTTLED else FAILURES
            status, code = refusals[service]
            answered, content = refusal(service, code)
        call.send_response_only(status)
        for name, value in answered.items():
            if name.lower() not in HOP_BY_HOP:
                call.send_header(name, value)
        length = answered.get("Content-Length", "0") if call.command == "HEAD" else len(content)
        call.send_header("Content-Length", str(length))
        call.end_headers()
        if call.command != "HEAD":
            call.wfile.write(content)

    def _draw(self, service: str) -> Fault | None:
        with self._lock:
            self.calls[service] += 1
            if service == "other" or self._dice.random() >= self._share:
                return None
            fault = self._dice.choice(list(Fault))
            self.faults[service, fault] += 1
            return fault

    def _forward(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        sent = {name: value for name, value in headers.items() if name.lower() not in HOP_BY_HOP}
        for attempt in range(2):
            line = self._line()
            try:
                line.request(method, path, body, sent)
                response = line.getresponse()
                return response.status, dict(response.getheaders()), response.read()
            except (http.client.HTTPException, ConnectionError):  # an idle line that was closed
                line.close()
                if attempt:
                    raise
        raise AssertionError

    def close_line(self) -> None:
        """Close this thread's line: its client is gone."""
        if hasattr(self._lines, "line"):
            self._lines.line.close()

    def _line(self) -> http.client.HTTPConnection:
        """Return this thread's line to the target."""
        if not hasattr(self._lines, "line"):
            self._lines.line = http.client.HTTPConnection(self._target, timeout=TIMEOUT_S)
        line: http.client.HTTPConnection = self._lines.line
        return line


def refusal(service: str, code: str) -> tuple[dict[str, str], bytes]:
    """Return headers and body with which a service refuses a call."""
    if service == "s3":
        text = f"<Error><Code>{code}</Code><Message>played</Message></Error>"
        return {"Content-Type": "application/xml"}, text.encode()
    kind = f"com.amazonaws.dynamodb.v20120810#{code}" if service == "dynamodb" else code
    text = f'{{"__type":"{kind}","message":"played"}}'
    return {"Content-Type": "application/x-amz-json-1.0"}, text.encode()


@contextmanager
def faulty_endpoint(target: str, share: float, seed: int = 1) -> Iterator[FaultyEndpoint]:
    """Serve a faulty endpoint on a free port for the block."""
    endpoint = FaultyEndpoint(target, share, seed)
    thread = threading.Thread(target=endpoint.run, name="faulty endpoint")
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.stop()
        thread.join()
