"""One-time codes of an authenticator app (TOTP, RFC 6238: six digits, 30 seconds)."""

from pyotp import TOTP, random_base32
from pyotp.utils import strings_equal

from chalicelib.domain.types import SECOND, Millis

ISSUER = "Invigil 监考"
ALLOWED_DRIFT = (0, -1, 1)
"""Accepted steps relative to the current one: clocks differ, and typing takes time."""


class TotpCodes:
    """Implements the port `OneTimeCodes`."""

    def new_secret(self) -> str:
        return random_base32()

    def provisioning_uri(self, secret: str, username: str) -> str:
        return TOTP(secret, issuer=ISSUER, name=username).provisioning_uri()

    def time_step(self, secret: str, code: str, now: Millis) -> int | None:
        totp = TOTP(secret)
        current = now // (totp.interval * SECOND)
        steps = (current + drift for drift in ALLOWED_DRIFT)
        return next((step for step in steps if strings_equal(code, totp.generate_otp(step))), None)
