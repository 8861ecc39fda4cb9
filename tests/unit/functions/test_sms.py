"""The function that sends passcodes, and the adapters that it uses."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from chalicelib.adapters.job_queue import parse_job, serialize_job
from chalicelib.adapters.sms import GatewaySms, NoSms, signature
from chalicelib.domain.messaging.passcode_sms import DeliveryFailure, SmsMessage
from chalicelib.domain.types import SittingKind
from chalicelib.services.admin.passcode_sms import SmsRequest, start_batch
from chalicelib.services.ports import (
    EnqueueRecipients,
    NotSent,
    SendToRecipients,
    SmsContext,
    SmsJob,
)
from functions.sms.handler import run_batch
from tests.support import builders as build
from tests.support.builders import EXAM, NOW, SUBJECT
from tests.support.fake_context import fake_context
from tests.support.fakes import FakeSmsSender

MESSAGE = SmsMessage("+8613900000001", "口令 ABC", "passcode-trial-zh", {"passcode": "ABC"})
KEY = "k" * 64


class Gateway(HTTPServer):
    """A gateway with a configurable response status, which records its requests."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 200
        self.requests: list[tuple[dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/sms"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Gateway)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def sender(address: str) -> GatewaySms:
    return GatewaySms(address, lambda: KEY, lambda: NOW)


def test_the_gateway_receives_a_signed_message(gateway: Gateway) -> None:
    sender(gateway.address).send(MESSAGE)
    [(headers, body)] = gateway.requests
    assert json.loads(body) == {
        "phone": MESSAGE.phone_number,
        "text": MESSAGE.text,
        "template": MESSAGE.template_name,
        "values": MESSAGE.template_values,
    }
    time = headers["X-Invigil-Time"]
    assert time == str(NOW // 1000)
    assert headers["X-Invigil-Signature"] == signature(KEY, time, body)
    assert signature(KEY, time, body) != signature(KEY, str(int(time) + 1), body)


@pytest.mark.parametrize(
    ("status", "retryable"), [(429, True), (503, True), (400, False), (401, False), (500, False)]
)
def test_a_refusal_is_retryable_for_some_statuses_only(
    gateway: Gateway, status: int, *, retryable: bool
) -> None:
    gateway.status = status
    with pytest.raises(NotSent) as exc_info:
        sender(gateway.address).send(MESSAGE)
    assert (exc_info.value.reason, exc_info.value.retryable) == (DeliveryFailure.REFUSED, retryable)
    assert MESSAGE.phone_number not in str(exc_info.value)


def test_an_unreachable_gateway_is_retryable(gateway: Gateway) -> None:
    gateway.shutdown()  # first stop accepting: otherwise closing leaves the socket open
    gateway.server_close()
    with pytest.raises(NotSent) as exc_info:
        sender(gateway.address).send(MESSAGE)
    assert exc_info.value.retryable


def test_without_a_configured_gateway_nothing_is_sent() -> None:
    with pytest.raises(NotSent) as exc_info:
        NoSms().send(MESSAGE)
    assert exc_info.value.reason is DeliveryFailure.NO_GATEWAY


@pytest.mark.parametrize(
    "job",
    [
        EnqueueRecipients("m", "ADM1", resend=True),
        EnqueueRecipients("m"),
        SendToRecipients("m", ("a", "b")),
    ],
)
def test_a_job_survives_serialization(job: SmsJob) -> None:
    assert parse_job(serialize_job(job)) == job


def test_only_failed_jobs_are_retried_and_logs_hold_no_numbers_or_passcodes(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    context, sms = fake_context(), FakeSmsSender()
    sms_context = SmsContext(
        context.registry, context.sms_batches, context.passcodes, context.jobs, sms, context.clock
    )
    request = SmsRequest(EXAM, SUBJECT, SittingKind.OFFICIAL, "zh")
    batch = start_batch(context, build.staff("admin"), request)

    def event(*bodies: str) -> dict[str, list[dict[str, str]]]:
        return {
            "Records": [
                {"messageId": str(number), "body": body} for number, body in enumerate(bodies)
            ]
        }

    response = run_batch(
        sms_context,
        event(
            "{}",
            serialize_job(EnqueueRecipients("none")),
            serialize_job(EnqueueRecipients(batch.batch_id)),
        ),
    )
    assert response == {"batchItemFailures": [{"itemIdentifier": "0"}, {"itemIdentifier": "1"}]}
    sms.busy = {"+8610000000001"}
    sends = [
        serialize_job(job) for job in context.jobs.waiting if isinstance(job, SendToRecipients)
    ]
    assert run_batch(sms_context, event(*sends))["batchItemFailures"]
    output = caplog.text + "".join(capsys.readouterr())
    assert "10000000001" not in output
    assert build.OFFICIAL not in output
