"""What was said, as a record attests it: chat messages by a chain of their own, warnings by the audit.

Chatting must not slow the audit chain down, so a chat has a second chain; its head stands in the
chat. Talks and what was asked for are entries of the audit chain and need no more than that.
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
    """Return the link that a message is in its chat's chain, and the chain's new head."""
    return append(head, session_id, at, side, "said", author=author, message=message_id, text=text)


def chat_entries(rows: Iterable[Row]) -> list[AuditEntry]:
    """Return the chain that exported messages make, each under the hash it claims."""
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
    """Return the warnings that an audit chain attests, the earliest first, with their receipts."""
    found: dict[str, dict[str, Any]] = {}
    for entry in audit:
        if entry.action == WARNED:
            found[str(entry.detail["warning"])] = {
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
            found[str(entry.detail["warning"])] |= receipt
    return sorted(found.values(), key=lambda one: (one["sent_at"], one["warning_id"]))
