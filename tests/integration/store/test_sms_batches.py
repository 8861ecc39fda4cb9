"""The ports `Mailings` and `Passcodes`, proved on the fake and on the real one alike."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.messaging.passcode_sms import Delivery, Mailing, Recipient, moved
from chalicelib.domain.types import SittingKind
from chalicelib.services.ports import Mailings, Passcodes
from tests.integration.store.conftest import BOTH
from tests.support.builders import NOW

pytestmark = BOTH


def mailing(fresh: str) -> Mailing:
    return Mailing(fresh, "exam", "subject", SittingKind.TRIAL, "zh", NOW, "admin:a")


def test_a_mailing_is_written_over_the_version_before(mailings: Mailings, fresh: str) -> None:
    with pytest.raises(NotFound):
        mailings.mailing(fresh)
    first = mailing(fresh)
    mailings.put_mailing(first)
    second = replace(first, walked_at=NOW, version=2)
    mailings.put_mailing(second)
    for one in (first, second, replace(second, version=4)):
        with pytest.raises(Conflict):
            mailings.put_mailing(one)
    assert mailings.mailing(fresh) == second


def test_recipients_stand_apart_and_each_moves_on_once(mailings: Mailings, fresh: str) -> None:
    mailings.put_mailing(mailing(fresh))
    for name in ("a", "b"):
        mailings.put_recipient(Recipient(fresh, name))
        with pytest.raises(Conflict):
            mailings.put_recipient(Recipient(fresh, name))
    sending = moved(Recipient(fresh, "a"), Delivery.SENDING)
    mailings.put_recipient(sending)
    with pytest.raises(Conflict):
        mailings.put_recipient(sending)
    assert mailings.recipient(fresh, "a") == sending
    assert list(mailings.recipients(fresh)) == [sending, Recipient(fresh, "b")]
    assert list(mailings.recipients(f"{fresh}-none")) == []
    with pytest.raises(NotFound):
        mailings.recipient(fresh, "none")


def test_a_store_of_passcodes_keeps_the_newest_of_each_sitting(
    passcodes: Passcodes, fresh: str
) -> None:
    subject = f"subject:{fresh}"
    assert passcodes.reveal(subject, SittingKind.TRIAL) is None
    for passcode in ("OLDER234", "NEWER234"):
        passcodes.keep(subject, SittingKind.TRIAL, passcode)
    passcodes.keep(subject, SittingKind.OFFICIAL, "OTHER234")
    assert passcodes.reveal(subject, SittingKind.TRIAL) == "NEWER234"
    assert passcodes.reveal(subject, SittingKind.OFFICIAL) == "OTHER234"
