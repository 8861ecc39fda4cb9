"""Pictures and sound: the bucket they come into, and the one they are locked in."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SignedForm:
    """A form that lets a browser upload exactly one object."""

    url: str
    fields: dict[str, str]
    max_bytes: int
    content_type: str


class MediaStore(Protocol):
    """The bucket of pictures and sound, by signed addresses."""

    def upload_form(
        self, key: str, content_type: str, max_bytes: int, seconds: int
    ) -> SignedForm: ...
    def view_url(self, key: str) -> str: ...
    def delete(self, key: str) -> None:
        """Delete an object; that there is none is no error."""
        ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file under lock."""

    key: str
    sha256: str
    size: int
    content_type: str


class EvidenceStore(Protocol):
    """The bucket in which evidence is kept: nothing in it can be changed or deleted for its time."""

    def keep(self, source_key: str, session_id: str) -> StoredFile:
        """Keep an object of the media bucket under its hash; keeping it again is no error.

        Raises NotFound where there is none, BadInput where it is no picture or sound.
        """
        ...

    def read(self, key: str) -> bytes | None: ...
    def view_url(self, key: str) -> str: ...
