"""The pictures in the demonstration's questions, drawn for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from chalicelib.wiring.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DRAWINGS = Path(__file__).with_name("drawings")


def picture_key_of(file: str) -> str:
    """Return where a picture of a paper is stored; candidates get signed addresses of it."""
    return f"papers/demo/{file}"


def store_pictures() -> None:
    """Upload every picture to the media bucket."""
    client: S3Client = boto3.client("s3")
    for drawing in sorted(DRAWINGS.glob("*.png")):
        client.put_object(
            Bucket=settings().media_bucket,
            Key=picture_key_of(drawing.name),
            Body=drawing.read_bytes(),
            ContentType="image/png",
        )
