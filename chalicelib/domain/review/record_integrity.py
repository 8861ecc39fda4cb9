"""Verification of an exported record, which detects tampering.

A record is one JSON object, `record.json`, and the evidence files by their keys. Verification needs
only the standard library, so that it can run anywhere and in ten years: every chain must be intact
and end as the session states, every warning must match the audit chain, every evidence file must
have the hash that the chain names, or a receipt of its deletion, and every minute must be accounted
for (see `coverage`).
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.audit import AuditEntry, ChainHead, first_break
from chalicelib.domain.messaging.transcript import attested_warnings, chat_entries
from chalicelib.domain.review.coverage import find_holes
from chalicelib.domain.review.deletion_receipts import deleted_keys, receipt_problems
from chalicelib.domain.review.recording_integrity import ReadSegment, recording_problems
from chalicelib.domain.types import Medium, Millis

EVIDENCE_KEPT = "evidence_kept"
"""The action of audit entries that name an evidence file and its hash."""

type ReadFile = Callable[[str], bytes | None]
"""Returns the content of an evidence file by its key, or None if it is missing."""


@dataclass(frozen=True, slots=True)
class IntegrityFault:
    """A fault in a record: where it is, and what is wrong, in plain words."""

    where: str
    what: str


def verify_record(
    record: Mapping[str, Any],
    files: ReadFile,
    media: Mapping[str, Millis] | None = None,
    segments: ReadSegment | None = None,
) -> list[IntegrityFault]:
    """Return all faults in an exported record; empty if it is intact.

    `media` are the session's keys in the media bucket with their time of upload, and `segments` reads
    those of recordings, where that is at hand: an archive has none.
    """
    try:
        audit = _entries(record["audit"])
        access_log = _entries(record["looks"])
        head, access_head = ChainHead(**record["head"]), ChainHead(**record["looks_head"])
        evidence = list(record["evidence"])
        chat, chat_head = chat_entries(record["chat"]), ChainHead(**record["chat_head"])
        chain_warnings, warnings = attested_warnings(audit), _by_id(record["warnings"])
        deleted, receipts = deleted_keys(record), receipt_problems(record, audit)
        recorded, recorded_head = _entries(record["recordings"]), record["recordings_head"]
        recordings = recording_problems(record, recorded, segments, media)
        recorded_faults = chain_faults("recordings", recorded, ChainHead(**recorded_head))
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        return [IntegrityFault("record.json", f"is not a record: {type(error).__name__} {error}")]
    return [
        *(chain_faults("audit", audit, head) or _coverage_faults(record)),
        *chain_faults("looks", access_log, access_head),
        *chain_faults("chat", chat, chat_head),
        *recorded_faults,
        *_warning_faults(chain_warnings, warnings),
        *_file_faults(audit, evidence, files, deleted),
        *_media_faults(record, deleted, media),
        *(IntegrityFault(where, what) for where, what in (*receipts, *recordings)),
    ]


def _media_faults(
    record: Mapping[str, Any], deleted: frozenset[str], media: Mapping[str, Millis] | None
) -> list[IntegrityFault]:
    """Return the captures that were looked at, and are gone without a receipt."""
    if media is None:
        return []
    looked_at = {
        str(seen["key"])
        for seen in record["observations"]
        if seen["medium"] != Medium.RECORDED_SOUND  # segments have a chain of their own
    }
    return [IntegrityFault(key, "is missing") for key in sorted(looked_at - media.keys() - deleted)]


def _coverage_faults(record: Mapping[str, Any]) -> list[IntegrityFault]:
    """Return the minutes that nothing accounts for. A record without its captures is not judged."""
    if not record.get("with_captures"):
        return []
    try:
        holes = find_holes(record)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        return [IntegrityFault("record.json", f"is not a record: {type(error).__name__} {error}")]
    return [
        IntegrityFault(
            f"{hole.view} view",
            f"no picture, no reason and no flag from {_utc(hole.began_at)} to {_utc(hole.ended_at)}",
        )
        for hole in holes
    ]


def _utc(at: Millis) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")


def chain_faults(name: str, entries: list[AuditEntry], head: ChainHead) -> list[IntegrityFault]:
    """Return the first break of a chain, or that its end is not `head`."""
    number = first_break(entries)
    if number is not None:
        return [IntegrityFault(f"{name} {number}", "the entry is missing, changed or out of order")]
    end = ChainHead(entries[-1].number, entries[-1].hash) if entries else ChainHead()
    return (
        []
        if end == head
        else [IntegrityFault(f"{name} {end.count + 1}", "the chain's end is cut off")]
    )


def _warning_faults(
    chain_warnings: list[dict[str, Any]], warnings: list[tuple[str, dict[str, Any]]]
) -> list[IntegrityFault]:
    """Compare warnings with those that the audit chain attests: none missing, none twice."""
    chain_warning_by_id = {warning["warning_id"]: warning for warning in chain_warnings}
    faults = [
        IntegrityFault(f"warning {name}", "differs from the audit chain")
        for name, warning in warnings
        if chain_warning_by_id.get(name) != warning
    ]
    names = [name for name, _ in warnings]
    faults += [
        IntegrityFault(f"warning {name}", "is missing")
        for name in sorted(chain_warning_by_id.keys() - set(names))
    ]
    if not faults and names != [warning["warning_id"] for warning in chain_warnings]:
        faults.append(IntegrityFault("warnings", "are out of order or duplicated"))
    return faults


def _by_id(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return [(str(row["warning_id"]), dict(row)) for row in rows]


def _entries(rows: Iterable[Mapping[str, Any]]) -> list[AuditEntry]:
    return [AuditEntry(**row) for row in rows]


def _file_faults(
    audit: list[AuditEntry],
    evidence: list[Mapping[str, Any]],
    files: ReadFile,
    deleted: frozenset[str],
) -> list[IntegrityFault]:
    """Compare evidence files with those that the audit chain names: all there, all unchanged."""
    chain_hashes = {
        str(entry.detail.get("key")): str(entry.detail.get("sha256"))
        for entry in audit
        if entry.action == EVIDENCE_KEPT
    }
    listed_hashes = {
        str(exhibit["key"]): str(exhibit["sha256"])
        for piece in evidence
        for exhibit in piece["exhibits"]
    }
    judged_hashes = {
        str(entry.detail["key"]): str(entry.detail["judged"])
        for entry in audit
        if entry.action == EVIDENCE_KEPT and entry.detail.get("judged")
    }
    faults = [
        IntegrityFault(key, f"was replaced after it was judged; judged was {judged}")
        for key, judged in sorted(judged_hashes.items())
        if judged != chain_hashes.get(key)
    ]
    faults += [
        IntegrityFault(key, "is listed as evidence, but not in the audit chain")
        for key in sorted(listed_hashes)
        if chain_hashes.get(key) != listed_hashes[key]
    ]
    for key, sha256 in sorted(chain_hashes.items()):
        data = files(key)
        if data is None and key in deleted:
            continue
        if data is None:
            faults.append(IntegrityFault(key, "is missing"))
        elif hashlib.sha256(data).hexdigest() != sha256:
            faults.append(IntegrityFault(key, "is not the file that was kept"))
        if key not in listed_hashes:
            faults.append(IntegrityFault(key, "was kept, but is not listed as evidence"))
    return faults
