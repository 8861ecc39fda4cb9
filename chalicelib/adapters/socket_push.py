"""Sending to open sockets through API Gateway's management API."""

from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

import boto3

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient


@lru_cache(16)
def _client(endpoint: str) -> "ApiGatewayManagementApiClient":
    client: ApiGatewayManagementApiClient = boto3.client(
        "apigatewaymanagementapi", endpoint_url=endpoint
    )
    return client


class SocketPush:
    """Sends text to a socket's connection."""

    def send(self, endpoint: str, connection_id: str, text: str) -> bool:
        """Send a text. Returns False where the socket is closed."""
        client = _client(endpoint)
        try:
            client.post_to_connection(ConnectionId=connection_id, Data=text.encode())
        except client.exceptions.GoneException:
            return False
        return True

    def close(self, endpoint: str, connection_id: str) -> None:
        """Close; one that is gone already is no error."""
        client = _client(endpoint)
        with suppress(client.exceptions.GoneException):
            client.delete_connection(ConnectionId=connection_id)
