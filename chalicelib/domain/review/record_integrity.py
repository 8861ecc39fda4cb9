"""A session's whole record, as it is exported, and the check that finds what was tampered with.

The record is one JSON object, `record.json`, and beside it the kept files by their keys. Its check
needs the standard library and nothing else, so that it can be done anywhere and in ten years:
every chain must hold, its end must be the one that the session names, every warning must be as the
audit chain tells it, and every kept file must have the hash that the chain names.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.audit import AuditEntry, ChainHead, first_break
from chalicelib.domain.messaging.transcript import attested_warnings, chat_entries

EVIDENCE_KEPT = "evidence_kept"
"""The action of the audit entries that name a kept file and its hash."""

type ReadFile = Callable[[str], bytes | None]
"""Returns the bytes of a kept file by its key, or None where there is none."""


@dataclass(frozen=True, slots=True)
class IntegrityFault:
    """Something that does not hold: where, and what is wrong, for a person to read."""

    where: str
    what: str


def verify_record(record: Mapping[str, Any], files: ReadFile) -> list[IntegrityFault]:
    """Return everything in an exported record that does not hold; none where it is whole."""
    try:
        audit = _entries(record["audit"])
        looks = _entries(record["looks"])
        head, looks_head = ChainHead(**record["head"]), ChainHead(**record["looks_head"])
        evidence = list(record["evidence"])
        chat, chat_head = chat_entries(record["chat"]), ChainHead(**record["chat_head"])
        attested, warnings = attested_warnings(audit), _by_id(record["warnings"])
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        return [IntegrityFault("record.json", f"is not a record: {type(error).__name__} {error}")]
    return [
        *chain_faults("audit", audit, head),
        *chain_faults("looks", looks, looks_head),
        *chain_faults("chat", chat, chat_head),
        *_warning_faults(attested, warnings),
        *_file_faults(audit, evidence, files),
    ]


def chain_faults(name: str, entries: list[AuditEntry], head: ChainHead) -> list[IntegrityFault]:
    """Return where a chain is broken, or that its end is not the one that is known."""
    broken = first_break(entries)
    if broken is not None:
        return [IntegrityFault(f"{name} {broken}", "the entry is missing, changed or out of order")]
    end = ChainHead(entries[-1].number, entries[-1].hash) if entries else ChainHead()
    return (
        []
        if end == head
        else [IntegrityFault(f"{name} {end.count + 1}", "the chain's end is cut off")]
    )


def _warning_faults(
    attested: list[dict[str, Any]], told: list[tuple[str, dict[str, Any]]]
) -> list[IntegrityFault]:
    """Every warning must be as the audit chain tells it; none may be missing, or there twice."""
    known = {one["warning_id"]: one for one in attested}
    found = [
        IntegrityFault(f"warning {name}", "is not as the audit chain tells it")
        for name, one in told
        if known.get(name) != one
    ]
    names = [name for name, _ in told]
    found += [
        IntegrityFault(f"warning {name}", "is missing")
        for name in sorted(known.keys() - set(names))
    ]
    if not found and names != [one["warning_id"] for one in attested]:
        found.append(IntegrityFault("warnings", "are out of order, or stand there twice"))
    return found


def _by_id(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return [(str(row["warning_id"]), dict(row)) for row in rows]


def _entries(rows: Iterable[Mapping[str, Any]]) -> list[AuditEntry]:
    return [AuditEntry(**row) for row in rows]


def _file_faults(
    audit: list[AuditEntry], evidence: list[Mapping[str, Any]], files: ReadFile
) -> list[IntegrityFault]:
    """Every file that the chain names must be there, unchanged; none may stand beside it."""
    named = {
        str(entry.detail.get("key")): str(entry.detail.get("sha256"))
        for entry in audit
        if entry.action == EVIDENCE_KEPT
    }
    listed = {
        str(exhibit["key"]): str(exhibit["sha256"])
        for piece in evidence
        for exhibit in piece["exhibits"]
    }
    found = [
        IntegrityFault(key, "is listed as evidence, but not so in the audit chain")
        for key in sorted(listed)
        if named.get(key) != listed[key]
    ]
    for key, sha256 in sorted(named.items()):
        data = files(key)
        if data is None:
            found.append(IntegrityFault(key, "is missing"))
        elif hashlib.sha256(data).hexdigest() != sha256:
            found.append(IntegrityFault(key, "is not the file that was kept"))
        if key not in listed:
            found.append(IntegrityFault(key, "was kept, but is not listed as evidence"))
    return found
