"""Text messages: by SNS where it exists, by an HTTP gateway where it does not (aws-cn), or none.

A gateway is any HTTPS address that accepts this request; most carriers need a small proxy:

    POST <address>
    Content-Type: application/json
    X-Invigil-Time: <seconds since 1970>
    X-Invigil-Signature: <hex HMAC-SHA256 of «time.body» with the gateway's key>

    {"phone": "+86…", "text": "…", "template": "passcode-official-zh", "values": {"passcode": "…", …}}

2xx accepts the message; 429 and 503 ask to retry later; every other status rejects it.
"""

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from chalicelib.domain.messaging.passcode_sms import DeliveryFailure, SmsMessage
from chalicelib.domain.types import SECOND, Millis
from chalicelib.services.ports import NotSent

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

TIMEOUT_SECONDS = 20
RETRYABLE_STATUSES = frozenset({429, 503})
THROTTLING_CODES = frozenset(
    {"Throttled", "ThrottledException", "Throttling", "ThrottlingException"}
)


class SnsSms:
    """Implements the port `SmsSender` with SNS. The local AWS records messages and sends none."""

    @cached_property
    def _client(self) -> "SNSClient":
        client: SNSClient = boto3.client("sns")
        return client

    def send(self, message: SmsMessage) -> None:
        try:
            self._client.publish(
                PhoneNumber=message.phone_number,
                Message=message.text,
                MessageAttributes={
                    "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}
                },
            )
        except ClientError as error:
            throttled = error.response["Error"]["Code"] in THROTTLING_CODES
            # «from None»: the error's text repeats the phone number, which belongs in no log.
            raise NotSent(DeliveryFailure.REFUSED, retryable=throttled) from None


class GatewaySms:
    """Implements the port `SmsSender` with an HTTP gateway; `key` returns the signing key."""

    def __init__(self, address: str, key: Callable[[], str], clock: Callable[[], Millis]) -> None:
        self._address = address
        self._key = key
        self._clock = clock

    def send(self, message: SmsMessage) -> None:
        body = json.dumps(_gateway_body(message), ensure_ascii=False).encode()
        time = str(self._clock() // SECOND)
        request = urllib.request.Request(  # noqa: S310  (an address of the deployment's own)
            self._address,
            data=body,
            headers={
                "Content-Type": "application/json",
                "X-Invigil-Time": time,
                "X-Invigil-Signature": signature(self._key(), time, body),
            },
        )
        try:
            urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS).close()  # noqa: S310
        except urllib.error.HTTPError as error:
            error.close()
            raise NotSent(
                DeliveryFailure.REFUSED, retryable=error.code in RETRYABLE_STATUSES
            ) from None
        except OSError as error:
            # Without a connection nothing was sent; after that, the outcome is unknown.
            refused = isinstance(getattr(error, "reason", error), ConnectionRefusedError)
            raise NotSent(DeliveryFailure.UNCLEAR, retryable=refused) from None


def _gateway_body(message: SmsMessage) -> dict[str, object]:
    """Return the body as documented above: its names do not depend on the fields' names here."""
    return {
        "phone": message.phone_number,
        "text": message.text,
        "template": message.template_name,
        "values": message.template_values,
    }


def signature(key: str, time: str, body: bytes) -> str:
    """Return the signature that proves to a gateway who sends the request, and when."""
    return hmac.new(key.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest()


class NoSms:
    """Implements the port `SmsSender` where no gateway is configured."""

    def send(self, message: SmsMessage) -> None:  # noqa: ARG002
        raise NotSent(DeliveryFailure.NO_GATEWAY, retryable=False)
