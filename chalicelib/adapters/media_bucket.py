"""The media bucket: browsers upload and download directly, with signed forms and addresses."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.adapters.s3_client import s3_client
from chalicelib.domain.errors import NotFound
from chalicelib.services.ports import ObjectStart, ReadObject, SignedForm, StoredObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CopySourceTypeDef

VIEW_URL_SECONDS = 900


class NotDeleted(Exception):
    """S3 kept some objects. Deleting is idempotent, so all of them may be deleted again."""


class S3MediaStore:
    """Implements the port `MediaStore`."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    @cached_property
    def _client(self) -> "S3Client":
        return s3_client()

    def upload_form(
        self,
        key: str,
        content_type: str,
        max_bytes: int,
        seconds: int,
        metadata: Sequence[str] = (),
    ) -> SignedForm:
        signed = self._client.generate_presigned_post(
            self._bucket,
            key,
            Fields={"Content-Type": content_type},
            Conditions=[
                {"Content-Type": content_type},
                ["content-length-range", 0, max_bytes],
                *(["starts-with", f"$x-amz-meta-{name}", ""] for name in metadata),
            ],
            ExpiresIn=max(seconds, 1),
        )
        return SignedForm(signed["url"], signed["fields"], max_bytes, content_type)

    def view_url(self, key: str) -> str:
        return self._client.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=VIEW_URL_SECONDS
        )

    def start(self, key: str, length: int) -> ObjectStart | None:
        try:
            response = self._client.get_object(Bucket=self._bucket, Key=key)
        except self._client.exceptions.NoSuchKey:
            return None
        # Not by a range, which an empty object does not have; the rest is never read.
        with response["Body"] as body:
            return ObjectStart(response["ContentLength"], body.read(length))

    def copy(self, source_key: str, key: str) -> None:
        source: CopySourceTypeDef = {"Bucket": self._bucket, "Key": source_key}
        try:
            self._client.copy_object(Bucket=self._bucket, Key=key, CopySource=source)
        except self._client.exceptions.NoSuchKey:
            raise NotFound from None

    def uploads(self, folder: str, *, after: str, most: int) -> list[StoredObject]:
        found = self._client.list_objects_v2(
            Bucket=self._bucket, Prefix=folder, StartAfter=after, MaxKeys=most
        )
        return [
            StoredObject(entry["Key"], entry["Size"], int(entry["LastModified"].timestamp() * 1000))
            for entry in found.get("Contents", ())
        ]

    def store(self, key: str, data: bytes, content_type: str, metadata: Mapping[str, str]) -> None:
        self._client.put_object(
            Bucket=self._bucket, Key=key, Body=data, ContentType=content_type, Metadata=metadata
        )

    def delete(self, key: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=key)

    def delete_all(self, keys: Sequence[str]) -> None:
        if not keys:
            return
        response = self._client.delete_objects(
            Bucket=self._bucket,
            Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True},
        )
        if response.get("Errors"):
            raise NotDeleted

    def read(self, key: str, max_bytes: int) -> ReadObject | None:
        """Return an object, or its first `max_bytes` + 1 bytes where it is larger.

        None where there is no such object.
        """
        try:
            response = self._client.get_object(Bucket=self._bucket, Key=key)
        except self._client.exceptions.NoSuchKey:
            return None
        with response["Body"] as body:
            data = body.read(max_bytes + 1)
        return ReadObject(data, response["ETag"].strip('"'), response["Metadata"])
