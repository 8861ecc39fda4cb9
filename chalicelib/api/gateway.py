"""Addresses at API Gateway, from the context of its events."""

import os
from collections.abc import Mapping
from typing import Any


def socket_endpoint(request_context: Mapping[str, Any]) -> str:
    """Return the address at which a socket's connection can be written to.

    On AWS it is the API's host; locally it is the one endpoint of all services.
    """
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        return f"{endpoint}/_aws/execute-api/{request_context['apiId']}/{request_context['stage']}"
    return f"https://{request_context['domainName']}/{request_context['stage']}"


def request_url(request_context: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """Return a request's address without its query, as the caller's browser knows it.

    On AWS the host comes from API Gateway, which cannot be forged; locally it is the one endpoint
    of all services, under the host name of the request.
    """
    if os.environ.get("AWS_ENDPOINT_URL"):
        path = f"_aws/execute-api/{request_context.get('apiId')}{request_context.get('path')}"
        return f"http://{headers.get('host')}/{path}"
    return f"https://{request_context.get('domainName')}{request_context.get('path')}"
