"""Receipts of deletion in an exported record: they must match the audit chain, and their own day.

With the standard library alone, as the rest of the record's verification.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.types import DAY, Millis

DELETED = "deleted"
"""The action of audit entries that name a receipt and its hash."""


def hash_list(files: list[dict[str, Any]]) -> str:
    """Return the lower-case hex SHA-256 of a list of deleted files, as canonical JSON."""
    text = json.dumps(files, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def deleted_keys(record: Mapping[str, Any]) -> frozenset[str]:
    """Return the keys of all files that a record's receipts list."""
    return frozenset(str(file["key"]) for receipt in _receipts(record) for file in receipt["files"])


def receipt_problems(
    record: Mapping[str, Any], audit: Iterable[AuditEntry]
) -> list[tuple[str, str]]:
    """Return what is wrong with a record's receipts: where, and what, in plain words."""
    attested = {
        int(str(entry.detail["receipt"])): entry for entry in audit if entry.action == DELETED
    }
    problems: list[tuple[str, str]] = []
    for receipt in _receipts(record):
        where = f"receipt {receipt['number']}"
        entry = attested.pop(int(receipt["number"]), None)
        if entry is None:
            problems.append((where, "is not in the audit chain"))
        elif not _matches(receipt, entry):
            problems.append((where, "differs from the audit chain"))
        elif int(receipt["at"]) < _due_at(record, str(receipt["kind"])):
            problems.append((where, "lists files that were deleted before their day"))
    problems += [(f"receipt {number}", "is missing") for number in sorted(attested)]
    return problems


def _receipts(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(record.get("deletions", ()))


def _matches(receipt: Mapping[str, Any], entry: AuditEntry) -> bool:
    listed = hash_list(list(receipt["files"])), receipt["kind"], receipt["at"]
    attested = entry.detail.get("sha256"), entry.detail.get("kind"), entry.at
    return listed == attested and receipt["sha256"] == listed[0]


def _due_at(record: Mapping[str, Any], kind: str) -> Millis:
    """Return from when on a kind was to be deleted, by the first entry of the audit chain."""
    first = record["audit"][0]
    return int(first["at"]) + int(first["detail"][f"keep_{kind}"]) * DAY
