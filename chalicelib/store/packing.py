"""Bodies of items, compressed: what is written with every capture costs a third.

DynamoDB charges a write by the item's whole kilobytes, and what changes is all of it: a monitor
state is about 8 kB as JSON and 3.4 compressed, where the signatures of pictures are most of it.
"""

import base64
import zlib

from chalicelib.domain.monitoring.monitor_state import MonitorState
from chalicelib.domain.rules.findings import Observation
from chalicelib.services.ports import Record

PACKED = (MonitorState, Observation)
"""The records of which each capture writes one."""
_RAW_DEFLATE = -15


def is_packed(record: Record) -> bool:
    """Return whether a record's body is compressed; either way it is read."""
    return isinstance(record, PACKED)


def pack(text: str) -> bytes:
    """Return a body as it is stored."""
    compressor = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, _RAW_DEFLATE)
    return compressor.compress(text.encode()) + compressor.flush()


def unpack(stored: bytes | str) -> str:
    """Return the body of an item, or of a stream's image of it, which holds bytes as Base64."""
    packed = base64.b64decode(stored) if isinstance(stored, str) else stored
    return zlib.decompress(packed, _RAW_DEFLATE).decode()
