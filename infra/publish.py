"""`python -m infra publish`: upload the built pages and config.json to the web bucket."""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from infra.api_record import fetch_record
from infra.aws import Aws
from infra.buckets import bucket_name, exists
from infra.content_policy import page_hosts, with_hosts
from infra.deployments import Deployment
from infra.endpoints import endpoints_of
from infra.errors import InfraError
from infra.progress import Progress

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import PutObjectRequestTypeDef

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
COMPRESSED = frozenset({".html", ".js", ".css", ".svg"})
"""S3 compresses nothing itself; every browser that the pages work in takes gzip."""
WORTH_COMPRESSING = 1024
HASHED = re.compile(r"-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$")  # Vite's asset names
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}


def publish(
    deployment: Deployment, progress: Progress, exam_id: str | None, default_exam: str
) -> int:
    """Upload the changed files of web/dist and the pages' config; return their number.

    Assets are uploaded before pages, so that a page never refers to a missing asset; old assets
    are kept for pages that are open. Without an `exam_id` the pages open the exam that they opened
    before, at first the default. Raises InfraError when the pages are not built.
    """
    dist = deployment.root / "web" / "dist"
    if not (dist / "exam" / "index.html").is_file():
        raise InfraError("The pages are not built: run `npm run build` in web/.")
    with progress.step("Pages published") as step:
        aws = Aws(deployment)
        fetch_record(deployment, aws)
        bucket = bucket_name(deployment, aws, "web")
        opened = exam_id or _published_exam(aws, bucket) or default_exam
        files = {"config.json": config(deployment, aws, opened)}
        built = {path.relative_to(dist).as_posix(): path.read_bytes() for path in _files(dist)}
        files |= with_hosts(built, page_hosts(deployment, aws, endpoints_of(deployment, aws)))
        encodings = {key: content_encoding(key, content) for key, content in files.items()}
        files = {key: encode(content, encodings[key]) for key, content in files.items()}
        etags = _published_etags(aws, bucket)
        changed = [key for key in sorted(files, key=_order) if etags.get(key) != _etag(files[key])]
        for key in changed:
            aws.s3.put_object(**_object(bucket, key, files[key], encodings[key]))
        step.update(f"{len(changed)} of {len(files)} files changed")
    return len(changed)


def _object(
    bucket: str, key: str, content: bytes, encoding: Literal["gzip"] | None
) -> PutObjectRequestTypeDef:
    stored: PutObjectRequestTypeDef = {
        "Bucket": bucket,
        "Key": key,
        "Body": content,
        "ContentType": content_type(key),
        "CacheControl": cache_control(key),
    }
    if encoding:
        stored["ContentEncoding"] = encoding
    return stored


def config(deployment: Deployment, aws: Aws, exam_id: str) -> bytes:
    """Return config.json, which the pages load at start."""
    endpoints = endpoints_of(deployment, aws)
    content = {
        "api_url": endpoints.api_url,
        "ws_url": endpoints.ws_url,
        "exam_id": exam_id,
        "stage": deployment.stage,
        "time_zone": deployment.env.get("INVIGIL_TIME_ZONE", "Asia/Shanghai"),
    }
    return json.dumps(content, indent=2).encode()


def _published_exam(aws: Aws, bucket: str) -> str | None:
    if not exists(aws, bucket, "config.json"):
        return None
    published = json.loads(aws.s3.get_object(Bucket=bucket, Key="config.json")["Body"].read())
    return str(published["exam_id"])


def content_type(key: str) -> str:
    """Return the Content-Type of a file."""
    return TYPES.get(Path(key).suffix) or mimetypes.guess_type(key)[0] or "application/octet-stream"


def content_encoding(key: str, content: bytes) -> Literal["gzip"] | None:
    """Return the Content-Encoding of a file: gzip where that is worth the work."""
    is_text = Path(key).suffix in COMPRESSED
    return "gzip" if is_text and len(content) > WORTH_COMPRESSING else None


def encode(content: bytes, encoding: Literal["gzip"] | None) -> bytes:
    """Return a file's content as it is stored: the same bytes for the same content."""
    return gzip.compress(content, mtime=0) if encoding else content


def cache_control(key: str) -> str:
    """Return the Cache-Control of a file: immutable if its name contains its hash."""
    return IMMUTABLE if HASHED.search(key) else REVALIDATE


def _order(key: str) -> tuple[bool, str]:
    return not HASHED.search(key), key


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _published_etags(aws: Aws, bucket: str) -> dict[str, str]:
    pages = aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {
        entry["Key"]: entry["ETag"].strip('"')
        for page in pages
        for entry in page.get("Contents", [])
    }


def _etag(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
