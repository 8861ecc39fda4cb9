"""`python -m infra publish`: the built pages and their config.json into the web bucket."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import re
from pathlib import Path

from infra.aws import Aws
from infra.buckets import bucket_name
from infra.deployments import Deployment
from infra.endpoints import endpoints_of
from infra.errors import InfraError
from infra.progress import Progress

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
HASHED = re.compile(r"-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$")  # as Vite names its assets
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}


def publish(deployment: Deployment, progress: Progress, exam_id: str) -> int:
    """Upload what changed of web/dist and the pages' config; return how many files were sent.

    New assets go first and pages last, so that a page never names what is not there yet; old
    assets stay for the pages that are open. Raises InfraError where nothing is built.
    """
    dist = deployment.root / "web" / "dist"
    if not (dist / "exam" / "index.html").is_file():
        raise InfraError("The pages are not built: run `npm run build` in web/.")
    with progress.step("Pages published") as step:
        aws = Aws(deployment)
        files = {"config.json": config(deployment, aws, exam_id)}
        files |= {path.relative_to(dist).as_posix(): path.read_bytes() for path in _files(dist)}
        bucket = bucket_name(deployment, aws, "web")
        there = _published_etags(aws, bucket)
        changed = [key for key in sorted(files, key=_order) if there.get(key) != _etag(files[key])]
        for key in changed:
            aws.s3.put_object(
                Bucket=bucket,
                Key=key,
                Body=files[key],
                ContentType=content_type(key),
                CacheControl=cache_control(key),
            )
        step.update(f"{len(changed)} of {len(files)} files were new")
    return len(changed)


def config(deployment: Deployment, aws: Aws, exam_id: str) -> bytes:
    """What the pages read at start, as JSON."""
    where = endpoints_of(deployment, aws)
    told = {
        "api_url": where.api_url,
        "ws_url": where.ws_url,
        "exam_id": exam_id,
        "stage": deployment.stage,
    }
    return json.dumps(told, indent=2).encode()


def content_type(key: str) -> str:
    """The type under which a browser gets the file."""
    return TYPES.get(Path(key).suffix) or mimetypes.guess_type(key)[0] or "application/octet-stream"


def cache_control(key: str) -> str:
    """Files whose name holds their hash never change; everything else is asked for again."""
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
