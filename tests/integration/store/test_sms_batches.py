"""The ports `SmsBatches` and `Passcodes`, proved on the fake and on the real one."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.messaging.passcode_sms import (
    DeliveryStatus,
    Recipient,
    SmsBatch,
    with_status,
)
from chalicelib.domain.types import SittingKind
from chalicelib.services.ports import Passcodes, SmsBatches
from tests.integration.store.conftest import BOTH
from tests.support.builders import NOW

pytestmark = BOTH


def make_batch(unique_id: str) -> SmsBatch:
    return SmsBatch(unique_id, "exam", "subject", SittingKind.TRIAL, "zh", NOW, "admin:a")


def test_batch_write_requires_the_preceding_version(
    sms_batches: SmsBatches, unique_id: str
) -> None:
    with pytest.raises(NotFound):
        sms_batches.batch(unique_id)
    first = make_batch(unique_id)
    sms_batches.put_batch(first)
    second = replace(first, enqueued_at=NOW, version=2)
    sms_batches.put_batch(second)
    for batch in (first, second, replace(second, version=4)):
        with pytest.raises(Conflict):
            sms_batches.put_batch(batch)
    assert sms_batches.batch(unique_id) == second


def test_each_recipient_changes_status_once(sms_batches: SmsBatches, unique_id: str) -> None:
    sms_batches.put_batch(make_batch(unique_id))
    for name in ("a", "b"):
        sms_batches.put_recipient(Recipient(unique_id, name))
        with pytest.raises(Conflict):
            sms_batches.put_recipient(Recipient(unique_id, name))
    sending = with_status(Recipient(unique_id, "a"), DeliveryStatus.SENDING)
    sms_batches.put_recipient(sending)
    with pytest.raises(Conflict):
        sms_batches.put_recipient(sending)
    assert sms_batches.recipient(unique_id, "a") == sending
    assert list(sms_batches.recipients(unique_id)) == [sending, Recipient(unique_id, "b")]
    assert list(sms_batches.recipients(f"{unique_id}-none")) == []
    with pytest.raises(NotFound):
        sms_batches.recipient(unique_id, "none")


def test_passcode_store_keeps_each_passcode_under_its_hash(
    passcodes: Passcodes, unique_id: str
) -> None:
    subject, trial, official = f"subject:{unique_id}", SittingKind.TRIAL, SittingKind.OFFICIAL
    passcodes.keep(subject, trial, "older$hash", "AGED2345")
    passcodes.keep(subject, trial, "newer$hash", "NEWR2345")
    passcodes.keep(subject, official, "older$hash", "RARE2345")
    assert passcodes.reveal(subject, trial, "older$hash") == "AGED2345"
    assert passcodes.reveal(subject, trial, "newer$hash") == "NEWR2345"
    assert passcodes.reveal(subject, official, "older$hash") == "RARE2345"
    assert passcodes.reveal(subject, official, "newer$hash") is None
    for _ in range(2):
        passcodes.forget(subject, trial, "older$hash")
    assert passcodes.reveal(subject, trial, "older$hash") is None
    assert passcodes.reveal(subject, trial, "newer$hash") == "NEWR2345"


def test_other_worker_reads_a_passcode_that_it_does_not_know(
    passcodes: Passcodes, other_passcodes: Passcodes, unique_id: str
) -> None:
    subject = f"subject:{unique_id}"
    passcodes.keep(subject, SittingKind.TRIAL, "hash", "NEWR2345")
    assert other_passcodes.reveal(subject, SittingKind.TRIAL, "hash") == "NEWR2345"
