"""The evidence bucket: S3 Object Lock holds each object for the bucket's retention period."""

import base64
import hashlib
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.adapters.media_bucket import VIEW_URL_SECONDS, S3MediaStore
from chalicelib.adapters.s3_client import s3_client
from chalicelib.domain.errors import BadInput, NotFound
from chalicelib.domain.review.evidence import content_type_of, evidence_key
from chalicelib.domain.types import Millis
from chalicelib.services.ports import StoredFile

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MAX_BYTES = 6 * 1024 * 1024
"""More than the largest segment of a recording, and than a live screenshot."""


class S3EvidenceStore:
    """Implements the port `EvidenceStore`."""

    def __init__(self, bucket: str, media: S3MediaStore) -> None:
        self._bucket = bucket
        self._media = media

    @cached_property
    def _client(self) -> "S3Client":
        return s3_client()

    def keep(self, source_key: str, session_id: str, until: Millis) -> StoredFile:
        content_type = content_type_of(source_key)
        source = self._media.read(source_key, MAX_BYTES)
        if source is None:
            raise NotFound
        data = source.data
        if len(data) > MAX_BYTES:
            raise BadInput
        digest = hashlib.sha256(data)
        key = evidence_key(session_id, digest.hexdigest(), content_type)
        # S3 verifies the bytes against the hash, and locks them until their day.
        # The same bytes written again are another version under the same key.
        self._client.put_object(
            Bucket=self._bucket,
            Key=key,
            Body=data,
            ContentType=content_type,
            ChecksumSHA256=base64.b64encode(digest.digest()).decode(),
            ObjectLockMode="GOVERNANCE",
            ObjectLockRetainUntilDate=datetime.fromtimestamp(until / 1000, UTC),
        )
        return StoredFile(key, digest.hexdigest(), len(data), content_type)

    def read(self, key: str) -> bytes | None:
        try:
            response = self._client.get_object(Bucket=self._bucket, Key=key)
        except self._client.exceptions.NoSuchKey:
            return None
        with response["Body"] as body:
            return body.read()

    def view_url(self, key: str) -> str:
        return self._client.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=VIEW_URL_SECONDS
        )

    def delete(self, key: str) -> None:
        found = self._client.list_object_versions(Bucket=self._bucket, Prefix=key)
        for version in (*found.get("Versions", ()), *found.get("DeleteMarkers", ())):
            self._client.delete_object(
                Bucket=self._bucket, Key=version["Key"], VersionId=version["VersionId"]
            )
