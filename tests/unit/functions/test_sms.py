"""The function that sends, and the adapters behind it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from chalicelib.adapters.job_queue import read_job, write_job
from chalicelib.adapters.sms import GatewaySms, NoSms, signature
from chalicelib.domain.messaging.passcode_sms import DeliveryFailure, SmsMessage
from chalicelib.domain.types import SittingKind
from chalicelib.services.admin.passcode_sms import SmsRequest, start_batch
from chalicelib.services.ports import EnqueueRecipients, NotSent, SendBatch, SmsContext, SmsJob
from functions.sms.handler import run_batch
from tests.support import builders as build
from tests.support.builders import EXAM, NOW, SUBJECT
from tests.support.fake_context import fake_context
from tests.support.fakes import FakeSmsSender

MESSAGE = SmsMessage("+8613900000001", "口令 ABC", "passcode-trial-zh", {"passcode": "ABC"})
KEY = "k" * 64


class Gateway(HTTPServer):
    """A gateway that answers as told and remembers what it got."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = 200
        self.got: list[tuple[dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/sms"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Gateway)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def through(address: str) -> GatewaySms:
    return GatewaySms(address, lambda: KEY, lambda: NOW)


def test_a_gateway_gets_the_message_signed(gateway: Gateway) -> None:
    through(gateway.address).send(MESSAGE)
    [(headers, body)] = gateway.got
    assert json.loads(body) == {
        "phone": MESSAGE.phone_number,
        "text": MESSAGE.text,
        "template": MESSAGE.template,
        "values": MESSAGE.values,
    }
    time = headers["X-Invigil-Time"]
    assert time == str(NOW // 1000)
    assert headers["X-Invigil-Signature"] == signature(KEY, time, body)
    assert signature(KEY, time, body) != signature(KEY, str(int(time) + 1), body)


@pytest.mark.parametrize(
    ("answer", "passing"), [(429, True), (503, True), (400, False), (401, False), (500, False)]
)
def test_a_gateways_no(gateway: Gateway, answer: int, *, passing: bool) -> None:
    gateway.answer = answer
    with pytest.raises(NotSent) as refusal:
        through(gateway.address).send(MESSAGE)
    assert (refusal.value.reason, refusal.value.passing) == (DeliveryFailure.REFUSED, passing)
    assert MESSAGE.phone_number not in str(refusal.value)


def test_a_gateway_that_is_not_there_got_nothing(gateway: Gateway) -> None:
    gateway.shutdown()  # a socket that is still waited on stays open behind its closing
    gateway.server_close()
    with pytest.raises(NotSent) as refusal:
        through(gateway.address).send(MESSAGE)
    assert refusal.value.passing


def test_where_nothing_is_configured_it_says_so() -> None:
    with pytest.raises(NotSent) as refusal:
        NoSms().send(MESSAGE)
    assert refusal.value.reason is DeliveryFailure.NO_GATEWAY


@pytest.mark.parametrize(
    "job",
    [
        EnqueueRecipients("m", "ADM1", again=True),
        EnqueueRecipients("m"),
        SendBatch("m", ("a", "b")),
    ],
)
def test_a_job_comes_back_from_its_message(job: SmsJob) -> None:
    assert read_job(write_job(job)) == job


def test_of_a_batch_only_what_failed_comes_again_and_no_log_tells_numbers(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    context, sms = fake_context(), FakeSmsSender()
    post = SmsContext(
        context.registry, context.sms_batches, context.passcodes, context.jobs, sms, context.clock
    )
    request = SmsRequest(EXAM, SUBJECT, SittingKind.OFFICIAL, "zh")
    batch = start_batch(context, build.staff("admin"), request)

    def event(*bodies: str) -> dict[str, list[dict[str, str]]]:
        return {"Records": [{"messageId": str(n), "body": body} for n, body in enumerate(bodies)]}

    told = run_batch(
        post,
        event(
            "{}",
            write_job(EnqueueRecipients("none")),
            write_job(EnqueueRecipients(batch.batch_id)),
        ),
    )
    assert told == {"batchItemFailures": [{"itemIdentifier": "0"}, {"itemIdentifier": "1"}]}
    sms.busy = {"+8610000000001"}
    sends = [write_job(job) for job in context.jobs.waiting if isinstance(job, SendBatch)]
    assert run_batch(post, event(*sends))["batchItemFailures"]
    said = caplog.text + "".join(capsys.readouterr())
    assert "10000000001" not in said
    assert build.OFFICIAL not in said
