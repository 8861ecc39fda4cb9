"""The world of what data triggers: light on requirements, for the functions' packages."""

from chalicelib.adapters.media_bucket import S3Media
from chalicelib.services.ports import DataWorld
from chalicelib.store.connections import DynamoConnections
from chalicelib.store.messages import DynamoMessages
from chalicelib.store.sessions import DynamoSessions
from chalicelib.wiring.settings import now, settings


def media() -> S3Media:
    """Return the media bucket."""
    return S3Media(settings().media_bucket)


def build_data_world() -> DataWorld:
    """Build what observing and telling need."""
    known = settings()
    return DataWorld(
        sessions=DynamoSessions(known.sessions_table),
        messages=DynamoMessages(known.sessions_table),
        connections=DynamoConnections(known.connections_table),
        media=media(),
        clock=now,
    )
