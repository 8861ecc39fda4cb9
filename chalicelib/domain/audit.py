"""The audit chain: each entry holds the hash of the previous entry, so tampering is detectable."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from chalicelib.domain.types import Millis

START_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of a chain: the number of its entries and the hash of the last one."""

    count: int = 0
    hash: str = START_HASH


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One audited event: who did what, when.

    `number` counts from 1 within a session; `before` is the hash of the previous entry.
    """

    session_id: str
    number: int
    at: Millis
    actor: str
    action: str
    before: str
    detail: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    hash: str = ""


def hash_entry(entry: AuditEntry) -> str:
    """Return the lower-case hex SHA-256 of the entry's canonical JSON, without its own hash."""
    content = asdict(entry)
    del content["hash"]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def append(
    head: ChainHead,
    session_id: str,
    at: Millis,
    actor: str,
    action: str,
    **detail: str | int | float | bool | None,
) -> tuple[AuditEntry, ChainHead]:
    """Return the next entry of a chain, and the chain's new head."""
    bare = AuditEntry(session_id, head.count + 1, at, actor, action, head.hash, detail)
    entry = AuditEntry(
        session_id, bare.number, at, actor, action, head.hash, detail, hash_entry(bare)
    )
    return entry, ChainHead(entry.number, entry.hash)


def first_break(entries: Iterable[AuditEntry]) -> int | None:
    """Return the number of the first entry that breaks a chain, or None if the chain is intact.

    `entries` are in chain order. A missing, changed, moved or inserted entry breaks the chain.
    """
    head = ChainHead()
    for entry in entries:
        if (
            entry.number != head.count + 1
            or entry.before != head.hash
            or entry.hash != hash_entry(entry)
        ):
            return head.count + 1
        head = ChainHead(entry.number, entry.hash)
    return None
