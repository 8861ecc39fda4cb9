"""Passcodes (考试口令): stored as salted scrypt hashes, compared in constant time."""

import base64
import hashlib
import hmac
from collections.abc import Callable

# 4 MB and a few milliseconds: many candidates sign in at once when an exam starts, and sign-in
# throttling, not this hash alone, is what stops guessing.
_COST = {"n": 2**12, "r": 8, "p": 1, "dklen": 32}

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No look-alikes (I, L, O, 0, 1): a passcode is read from one screen and typed at another."""

LENGTH = 8


def make_passcode(randbelow: Callable[[int], int]) -> str:
    """Return a new passcode. `randbelow(n)` returns a random integer from 0 to n - 1."""
    return "".join(ALPHABET[randbelow(len(ALPHABET))] for _ in range(LENGTH))


def make_salt(randbelow: Callable[[int], int]) -> bytes:
    """Return 16 random bytes."""
    return bytes(randbelow(256) for _ in range(16))


def normalize(passcode: str) -> str:
    """Return a passcode in the form that is compared: upper case, without white space."""
    return "".join(passcode.split()).upper()


def hash_passcode(passcode: str, salt: bytes) -> str:
    """Return «salt$hash», both Base64. `salt` is 16 random bytes."""
    digest = hashlib.scrypt(normalize(passcode).encode(), salt=salt, **_COST)
    return f"{base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def verify_passcode(passcode: str, passcode_hash: str) -> bool:
    """Return whether a passcode matches a passcode_hash «salt$hash»."""
    salt = base64.b64decode(passcode_hash.split("$", maxsplit=1)[0])
    return hmac.compare_digest(hash_passcode(passcode, salt), passcode_hash)
