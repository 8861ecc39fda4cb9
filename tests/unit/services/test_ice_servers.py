"""Who gets which ICE servers, and for how long."""

import pytest

from chalicelib.domain.errors import NotFound
from chalicelib.domain.messaging.ice import CALL_CREDENTIAL_TTL, CHECK_CREDENTIAL_TTL
from chalicelib.domain.types import MINUTE
from chalicelib.services.messaging import ice_servers
from tests.support.builders import EXAM, NOW
from tests.support.fake_context import FakeContext


def test_call_gets_turn_servers(context: FakeContext) -> None:
    reach = ice_servers.ice_for(context, "5e55")
    assert [len(server.urls) for server in reach.servers] == [1, 1]
    assert (reach.relay_only, reach.expires_at) == (True, NOW + CALL_CREDENTIAL_TTL)


def test_check_before_sign_in_gets_turn_servers_while_a_window_is_open(
    context: FakeContext,
) -> None:
    reach = ice_servers.ice_for_check(context, EXAM)
    assert (len(reach.servers), reach.expires_at) == (2, NOW + CHECK_CREDENTIAL_TTL)
    context.clock.advance(601 * MINUTE)
    over = ice_servers.ice_for_check(context, EXAM)
    assert [server.username for server in over.servers] == [None]
    assert not over.relay_only
    with pytest.raises(NotFound):
        ice_servers.ice_for_check(context, "another")
