"""The content security policy of the published pages: the hosts of a stage, and no other.

The build writes marks where the hosts go (`web/cspPlugin.ts`); publishing replaces them. The exam
page's service worker knows the page by its hash, which changes with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from chalicelib.adapters.media_bucket import S3MediaStore
from infra.aws import Aws
from infra.buckets import bucket_name
from infra.deployments import Deployment
from infra.endpoints import Endpoints

PAGE, WORKER = "exam/index.html", "exam/sw.js"
CONSOLE = "console/"
MARKS = (
    "https://api.invigil.invalid",
    "wss://socket.invigil.invalid",
    "https://media.invigil.invalid",
)


@dataclass(frozen=True, slots=True)
class PageHosts:
    """The origins that the pages of a stage may reach."""

    api: str
    socket: str
    media: str
    evidence: str


def page_hosts(deployment: Deployment, aws: Aws, endpoints: Endpoints) -> PageHosts:
    """Return the origins of a stage; the buckets' as they are in the presigned addresses."""
    api, socket = _origin(endpoints.api_url), _origin(endpoints.ws_url)
    if deployment.endpoint:  # one port serves all, under either name
        local = " ".join(deployment.page_origins)
        return PageHosts(api, socket, local, local)
    with deployment.activated():
        media = _bucket_origins(bucket_name(deployment, aws, "media"))
        evidence = _bucket_origins(bucket_name(deployment, aws, "evidence"))
    return PageHosts(api, socket, media, evidence)


def _bucket_origins(bucket: str) -> str:
    """Return the origins of upload forms and of pictures, which are mostly the same."""
    store = S3MediaStore(bucket)
    form = store.upload_form("key", "image/jpeg", 1, 1)
    return " ".join(dict.fromkeys((_origin(form.url), _origin(store.view_url("key")))))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def with_hosts(files: Mapping[str, bytes], hosts: PageHosts) -> dict[str, bytes]:
    """Return the pages with the hosts in their policies, and the worker with the new page's hash."""
    filled = {
        key: _with_hosts(key, content, hosts) if key.endswith(".html") else content
        for key, content in files.items()
    }
    if PAGE in files and WORKER in files:
        before, after = (hashlib.sha256(content[PAGE]).hexdigest() for content in (files, filled))
        filled[WORKER] = filled[WORKER].replace(before.encode(), after.encode())
    return filled


def _with_hosts(key: str, content: bytes, hosts: PageHosts) -> bytes:
    media = f"{hosts.media} {hosts.evidence}" if key.startswith(CONSOLE) else hosts.media
    for mark, host in zip(MARKS, (hosts.api, hosts.socket, media), strict=True):
        content = content.replace(mark.encode(), host.encode())
    return content
