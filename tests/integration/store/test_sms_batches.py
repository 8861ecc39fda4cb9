"""The ports `Mailings` and `Passcodes`, proved on the fake and on the real one alike."""

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


def mailing(fresh: str) -> SmsBatch:
    return SmsBatch(fresh, "exam", "subject", SittingKind.TRIAL, "zh", NOW, "admin:a")


def test_batch_write_requires_the_preceding_version(mailings: SmsBatches, fresh: str) -> None:
    with pytest.raises(NotFound):
        mailings.batch(fresh)
    first = mailing(fresh)
    mailings.put_batch(first)
    second = replace(first, enqueued_at=NOW, version=2)
    mailings.put_batch(second)
    for batch in (first, second, replace(second, version=4)):
        with pytest.raises(Conflict):
            mailings.put_batch(batch)
    assert mailings.batch(fresh) == second


def test_each_recipient_changes_status_once(mailings: SmsBatches, fresh: str) -> None:
    mailings.put_batch(mailing(fresh))
    for name in ("a", "b"):
        mailings.put_recipient(Recipient(fresh, name))
        with pytest.raises(Conflict):
            mailings.put_recipient(Recipient(fresh, name))
    sending = with_status(Recipient(fresh, "a"), DeliveryStatus.SENDING)
    mailings.put_recipient(sending)
    with pytest.raises(Conflict):
        mailings.put_recipient(sending)
    assert mailings.recipient(fresh, "a") == sending
    assert list(mailings.recipients(fresh)) == [sending, Recipient(fresh, "b")]
    assert list(mailings.recipients(f"{fresh}-none")) == []
    with pytest.raises(NotFound):
        mailings.recipient(fresh, "none")


def test_passcode_store_keeps_the_newest_of_each_sitting(passcodes: Passcodes, fresh: str) -> None:
    subject = f"subject:{fresh}"
    assert passcodes.reveal(subject, SittingKind.TRIAL) is None
    for passcode in ("OLDER234", "NEWER234"):
        passcodes.keep(subject, SittingKind.TRIAL, passcode)
    passcodes.keep(subject, SittingKind.OFFICIAL, "OTHER234")
    assert passcodes.reveal(subject, SittingKind.TRIAL) == "NEWER234"
    assert passcodes.reveal(subject, SittingKind.OFFICIAL) == "OTHER234"
