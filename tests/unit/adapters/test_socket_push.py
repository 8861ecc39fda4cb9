"""Sending to sockets whose address cannot be reached."""

import pytest

from chalicelib.adapters.socket_push import SocketPush
from chalicelib.services.ports.sockets import PushFailed

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")


def test_unreachable_address_is_told_as_such() -> None:
    push = SocketPush()
    with pytest.raises(PushFailed):
        push.send(NOWHERE, "connection", "text")
    with pytest.raises(PushFailed):
        push.close(NOWHERE, "connection")
