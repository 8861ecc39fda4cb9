"""Passcodes (考试口令): kept as salted scrypt hashes, compared in constant time."""

import base64
import hashlib
import hmac
from collections.abc import Callable

# 4 MB and a few milliseconds: a passcode is one of many a service checks at the start of an exam,
# and the limit on tries, not this hash alone, is what stops guessing.
_COST = {"n": 2**12, "r": 8, "p": 1, "dklen": 32}

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Read from a small screen and typed at another: nothing that is taken for something else."""

LENGTH = 8


def make_passcode(draw: Callable[[int], int]) -> str:
    """Return a new passcode; `draw(n)` is a random whole number from 0 to n - 1."""
    return "".join(ALPHABET[draw(len(ALPHABET))] for _ in range(LENGTH))


def make_salt(draw: Callable[[int], int]) -> bytes:
    """Return 16 random bytes."""
    return bytes(draw(256) for _ in range(16))


def normalize(passcode: str) -> str:
    """Return a passcode as it is compared: without the blanks people copy along, upper case."""
    return "".join(passcode.split()).upper()


def hash_passcode(passcode: str, salt: bytes) -> str:
    """Return «salt$hash», both Base64. `salt` has 16 random bytes."""
    digest = hashlib.scrypt(normalize(passcode).encode(), salt=salt, **_COST)
    return f"{base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def verify_passcode(passcode: str, stored: str) -> bool:
    """Tell whether a passcode is the one that was stored."""
    salt = base64.b64decode(stored.split("$", maxsplit=1)[0])
    return hmac.compare_digest(hash_passcode(passcode, salt), stored)
