"""The context of deleting what is due, with few dependencies: it is packaged with a function."""

from chalicelib.adapters.evidence_bucket import S3EvidenceStore
from chalicelib.adapters.job_queue import SqsRetentionQueue
from chalicelib.adapters.media_bucket import S3MediaStore
from chalicelib.services.ports import RetentionContext
from chalicelib.store.sessions import DynamoSessionStore
from chalicelib.wiring.settings import now, settings


def build_retention_context() -> RetentionContext:
    """Build the context of deleting what is due."""
    config = settings()
    media = S3MediaStore(config.media_bucket)
    return RetentionContext(
        sessions=DynamoSessionStore(config.sessions_table),
        media=media,
        evidence_store=S3EvidenceStore(config.evidence_bucket, media),
        deletions=SqsRetentionQueue(config.retention_queue),
        clock=now,
    )
