"""Uploads that no function of the local AWS processes: a test processes and counts them itself."""

from collections.abc import Mapping

from chalicelib.adapters.media_bucket import S3MediaStore
from chalicelib.services.ports import ReadObject


class PrefixedBucket:
    """Reads from the media bucket under the prefix `counted/`, and stores there."""

    def __init__(self, bucket: S3MediaStore) -> None:
        self._bucket = bucket

    def read(self, key: str, max_bytes: int) -> ReadObject | None:
        return self._bucket.read(f"counted/{key}", max_bytes)

    def store(self, key: str, data: bytes, content_type: str, metadata: Mapping[str, str]) -> None:
        self._bucket.store(f"counted/{key}", data, content_type, metadata)
