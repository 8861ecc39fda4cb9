"""Passcodes (考试口令): stored as salted scrypt hashes, compared in constant time.

A sitting has one of two modes:

    shared     all candidates of the sitting have one passcode; its hash is stored
    personal   each candidate has their own, derived from the sitting's secret and the candidate's
               id: who knows another's numbers and the own passcode cannot sign in as them. The
               secret's hash is stored in the passcode's place.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from enum import StrEnum

from chalicelib.domain.normalization import CODE_ALPHABET, CODE_LENGTH, normalize_code

# 4 MB and a few milliseconds: many candidates sign in at once when an exam starts, and sign-in
# throttling, not this hash alone, is what stops guessing.
_COST = {"n": 2**12, "r": 8, "p": 1, "dklen": 32}

SECRET_LENGTH = 32
"""158 bits: nobody finds a sitting's secret by trying which one gives the own passcode."""


class PasscodeMode(StrEnum):
    """Whether all candidates of a sitting share one passcode, or each has their own."""

    SHARED = "shared"
    PERSONAL = "personal"


def make_passcode(randbelow: Callable[[int], int]) -> str:
    """Return a new passcode. `randbelow(n)` returns a random integer from 0 to n - 1."""
    return _random_characters(randbelow, CODE_LENGTH)


def make_passcode_secret(randbelow: Callable[[int], int]) -> str:
    """Return a new secret, from which the personal passcodes of a sitting are derived."""
    return _random_characters(randbelow, SECRET_LENGTH)


def make_stored_passcode(mode: PasscodeMode, randbelow: Callable[[int], int]) -> str:
    """Return what a sitting of this mode keeps: its passcode, or the secret of the personal ones."""
    make = make_passcode_secret if mode is PasscodeMode.PERSONAL else make_passcode
    return make(randbelow)


def _random_characters(randbelow: Callable[[int], int], count: int) -> str:
    return "".join(CODE_ALPHABET[randbelow(len(CODE_ALPHABET))] for _ in range(count))


def personal_passcode(secret: str, candidate_id: str, generation: int = 1) -> str:
    """Return a candidate's own passcode: the same whenever it is derived from the same secret.

    The generation increases each time this one candidate's passcode is replaced.
    """
    name = candidate_id if generation == 1 else f"{candidate_id}/{generation}"
    number = int.from_bytes(hmac.digest(secret.encode(), name.encode(), "sha256"))
    characters = []
    for _ in range(CODE_LENGTH):
        number, index = divmod(number, len(CODE_ALPHABET))
        characters.append(CODE_ALPHABET[index])
    return "".join(characters)


def passcode_for(mode: PasscodeMode, stored: str, candidate_id: str, generation: int = 1) -> str:
    """Return a candidate's passcode, from what the sitting keeps."""
    if mode is PasscodeMode.PERSONAL:
        return personal_passcode(stored, candidate_id, generation)
    return stored


def make_salt(randbelow: Callable[[int], int]) -> bytes:
    """Return 16 random bytes."""
    return bytes(randbelow(256) for _ in range(16))


def hash_passcode(passcode: str, salt: bytes) -> str:
    """Return «salt$hash», both Base64. `salt` is 16 random bytes."""
    digest = hashlib.scrypt(normalize_code(passcode).encode(), salt=salt, **_COST)
    return f"{base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def verify_passcode(passcode: str, passcode_hash: str) -> bool:
    """Return whether a passcode matches a passcode_hash «salt$hash»."""
    salt = base64.b64decode(passcode_hash.split("$", maxsplit=1)[0])
    return hmac.compare_digest(hash_passcode(passcode, salt), passcode_hash)


def verify_personal_passcode(
    passcode: str, secret: str | None, candidate_id: str, generation: int = 1
) -> bool:
    """Return whether a passcode is a candidate's own; without a secret, False after the same time."""
    expected = personal_passcode(secret or "", candidate_id, generation)
    return hmac.compare_digest(normalize_code(passcode).encode(), expected.encode()) and (
        secret is not None
    )
