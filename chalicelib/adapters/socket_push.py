"""Sending to open sockets through API Gateway's management API."""

from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.services.ports.sockets import PushFailed

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient


BOUNDED = Config(connect_timeout=2, read_timeout=3, retries={"max_attempts": 0})
"""One address that does not answer must not use up the time of all other sockets."""


@lru_cache(16)
def _client(endpoint: str) -> "ApiGatewayManagementApiClient":
    client: ApiGatewayManagementApiClient = boto3.client(
        "apigatewaymanagementapi", endpoint_url=endpoint, config=BOUNDED
    )
    return client


class SocketPush:
    """Sends text to a socket's connection."""

    def send(self, endpoint: str, connection_id: str, text: str) -> bool:
        """Send a text. Returns False where the socket is closed. Raises PushFailed."""
        client = _client(endpoint)
        try:
            client.post_to_connection(ConnectionId=connection_id, Data=text.encode())
        except client.exceptions.GoneException:
            return False
        except (BotoCoreError, ClientError) as error:
            raise PushFailed(connection_id) from error
        return True

    def close(self, endpoint: str, connection_id: str) -> None:
        """Close; one that is gone already is no error. Raises PushFailed."""
        client = _client(endpoint)
        try:
            with suppress(client.exceptions.GoneException):
                client.delete_connection(ConnectionId=connection_id)
        except (BotoCoreError, ClientError) as error:
            raise PushFailed(connection_id) from error
