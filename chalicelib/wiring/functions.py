"""The context of the functions, with few dependencies: it is packaged with each of them."""

from chalicelib.adapters.media_bucket import S3MediaStore
from chalicelib.services.ports import FunctionContext
from chalicelib.store.connections import DynamoConnections
from chalicelib.store.messages import DynamoMessageStore
from chalicelib.store.sessions import DynamoSessionStore
from chalicelib.wiring.settings import now, settings


def media() -> S3MediaStore:
    """Return the store of the media bucket."""
    return S3MediaStore(settings().media_bucket)


def build_function_context() -> FunctionContext:
    """Build the context of recording observations and pushing changes."""
    config = settings()
    return FunctionContext(
        sessions=DynamoSessionStore(config.sessions_table),
        messages=DynamoMessageStore(config.sessions_table),
        connections=DynamoConnections(config.connections_table),
        media=media(),
        clock=now,
    )
