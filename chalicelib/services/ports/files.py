"""Pictures and sound: the media bucket and the evidence bucket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from chalicelib.domain.types import Millis


@dataclass(frozen=True, slots=True)
class SignedForm:
    """A form that lets a browser upload exactly one object."""

    url: str
    fields: dict[str, str]
    max_bytes: int
    content_type: str


@dataclass(frozen=True, slots=True)
class ObjectStart:
    """The size of an object in bytes, and its first bytes."""

    size: int
    start: bytes


@dataclass(frozen=True, slots=True)
class ReadObject:
    """An object's bytes as they were read, and the ETag that names this content of its key.

    `metadata` is what the browser said of it in fields `x-amz-meta-…` of its form.
    """

    data: bytes
    etag: str
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of the media bucket: its key, its size in bytes, and when it was uploaded."""

    key: str
    size: int
    uploaded_at: Millis


class MediaStore(Protocol):
    """The bucket of uploaded pictures and sound, reached by signed forms and addresses."""

    def upload_form(
        self,
        key: str,
        content_type: str,
        max_bytes: int,
        seconds: int,
        metadata: Sequence[str] = (),
    ) -> SignedForm:
        """Return a form that binds key, type and size.

        `metadata` names what the browser says of the object itself, in fields `x-amz-meta-…`.
        """
        ...

    def view_url(self, key: str) -> str: ...
    def start(self, key: str, length: int) -> ObjectStart | None:
        """Return an object's size and first bytes, or None where there is no such object."""
        ...

    def copy(self, source_key: str, key: str) -> None:
        """Copy an object within the bucket. Raises NotFound where there is none."""
        ...

    def uploads(self, folder: str, *, after: str, most: int) -> list[StoredObject]:
        """Return at most so many objects of a folder whose keys follow `after`, in their order."""
        ...

    def store(self, key: str, data: bytes, content_type: str, metadata: Mapping[str, str]) -> None:
        """Store an object, over one that is there."""
        ...

    def delete(self, key: str) -> None:
        """Delete an object, if there is one."""
        ...

    def delete_all(self, keys: Sequence[str]) -> None:
        """Delete objects, those that are there; at most 1,000."""
        ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the evidence bucket."""

    key: str
    sha256: str
    size: int
    content_type: str


class EvidenceStore(Protocol):
    """The bucket of evidence: nothing in it can be changed or deleted before its retention ends."""

    def keep(self, source_key: str, session_id: str, until: Millis) -> StoredFile:
        """Copy an object of the media bucket under a key with its hash, locked until then.

        Idempotent.

        Raises NotFound where there is none, BadInput where it is not a picture or sound.
        """
        ...

    def read(self, key: str) -> bytes | None: ...
    def view_url(self, key: str) -> str: ...
    def delete(self, key: str) -> None:
        """Delete a file with all its versions, if there is one, once its lock has ended."""
        ...
