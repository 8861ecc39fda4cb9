"""The world of what data triggers: light on requirements, for the functions' packages."""

from chalicelib.adapters.media_bucket import S3MediaStore
from chalicelib.services.ports import FunctionContext
from chalicelib.store.connections import DynamoConnections
from chalicelib.store.messages import DynamoMessageStore
from chalicelib.store.sessions import DynamoSessionStore
from chalicelib.wiring.settings import now, settings


def media() -> S3MediaStore:
    """Return the media bucket."""
    return S3MediaStore(settings().media_bucket)


def build_function_context() -> FunctionContext:
    """Build what observing and telling need."""
    known = settings()
    return FunctionContext(
        sessions=DynamoSessionStore(known.sessions_table),
        messages=DynamoMessageStore(known.sessions_table),
        connections=DynamoConnections(known.connections_table),
        media=media(),
        clock=now,
    )
