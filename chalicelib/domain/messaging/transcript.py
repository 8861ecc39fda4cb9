"""Communications as an exported record attests them: chat messages and warnings.

Chat messages must not contend for the audit chain, so a chat has a hash chain of its own with its
head in the chat. Warnings, calls and proctor requests are entries of the audit chain.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from chalicelib.domain.audit import AuditEntry, ChainHead, append
from chalicelib.domain.types import Millis

WARNED = "warned"
ACKNOWLEDGED = "warning_acknowledged"

type Row = Mapping[str, Any]


def message_link(
    head: ChainHead, session_id: str, at: Millis, side: str, author: str, message_id: str, text: str
) -> tuple[AuditEntry, ChainHead]:
    """Return a message's entry in its chat's chain, and the chain's new head."""
    return append(head, session_id, at, side, "said", author=author, message=message_id, text=text)


def chat_entries(rows: Iterable[Row]) -> list[AuditEntry]:
    """Return the chain of exported messages, each with the hash that it claims."""
    head, entries = ChainHead(), []
    for row in rows:
        link, _ = message_link(
            ChainHead(row["number"] - 1, head.hash),
            row["session_id"],
            row["at"],
            row["side"],
            row["author"],
            row["message_id"],
            row["text"],
        )
        entries.append(replace(link, hash=row["hash"]))
        head = ChainHead(row["number"], row["hash"])
    return entries


def attested_warnings(audit: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """Return the warnings that an audit chain attests, oldest first, with their receipts."""
    warnings: dict[str, dict[str, Any]] = {}
    for entry in audit:
        if entry.action == WARNED:
            warnings[str(entry.detail["warning"])] = {
                "warning_id": entry.detail["warning"],
                "by": entry.actor.partition(":")[2],
                "text": {"zh": entry.detail["text"], "en": entry.detail["text_en"]},
                "to_room": entry.detail["to_room"],
                "sent_at": entry.at,
                "shown_at": None,
                "acknowledged_at": None,
            }
        elif entry.action == ACKNOWLEDGED:
            receipt = {"shown_at": entry.detail["shown_at"], "acknowledged_at": entry.at}
            warnings[str(entry.detail["warning"])] |= receipt
    return sorted(
        warnings.values(), key=lambda warning: (warning["sent_at"], warning["warning_id"])
    )
