"""ICE servers and TURN credentials."""

import base64
import hashlib
import hmac

from chalicelib.domain.messaging.ice import IceConfig, IceServer, servers_for, without_relay

FULL = IceConfig(("stun:a",), ("turn:b", "turns:b"), "north")


def test_turn_password_is_the_one_coturn_computes() -> None:
    [stun, turn] = servers_for(FULL, "5e55", 1_800_000_060_999)
    assert stun == IceServer(("stun:a",))
    assert turn.username is not None
    assert turn.username.startswith("1800000060:")
    digest = hmac.new(b"north", turn.username.encode(), hashlib.sha1).digest()
    assert base64.b64decode(turn.credential or "") == digest


def test_turn_username_is_a_pseudonym_per_user() -> None:
    names = {servers_for(FULL, subject, 0)[1].username for subject in ("lin", "wang")}
    assert len(names) == 2
    assert not any("lin" in (name or "") or "wang" in (name or "") for name in names)


def test_without_a_secret_there_is_no_turn_server() -> None:
    assert servers_for(IceConfig(turn=("turn:b",)), "5e55", 0) == ()
    assert servers_for(without_relay(FULL), "5e55", 0) == (IceServer(("stun:a",)),)
