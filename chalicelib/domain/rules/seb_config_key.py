"""The Config Key of Safe Exam Browser: a digest of a file's settings, as the browser makes it.

The settings are printed as JSON without white space and without escaping, keys in order without
regard to case, empty dictionaries left out; the key is the SHA-256 of that. A request proves that
it comes from the browser under these settings by the SHA-256 of its address and the key.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping

type SebValue = (
    bool
    | int
    | float
    | str
    | bytes
    | list["SebValue"]
    | tuple["SebValue", ...]
    | Mapping[str, "SebValue"]
)
type SebSettings = Mapping[str, SebValue]

EXCLUDED = "originatorVersion"
"""The one setting that is no part of the key: which program wrote the file."""


def config_key(settings: SebSettings) -> str:
    """Return the Config Key of a file's settings, lower-case hex. Dates are not supported."""
    told = {key: value for key, value in settings.items() if key != EXCLUDED}
    return hashlib.sha256(_dict(told).encode()).hexdigest()


def _dict(values: Mapping[str, SebValue]) -> str:
    pairs = (
        f'"{key}":{_printed(values[key])}'
        for key in sorted(values, key=lambda key: (key.lower(), key))
        if values[key] != {}
    )
    return "{" + ",".join(pairs) + "}"


def _printed(value: SebValue) -> str:
    match value:
        case bool():
            text = "true" if value else "false"
        case float():
            text = _real(value)
        case str():
            text = f'"{value}"'
        case bytes():
            text = f'"{base64.b64encode(value).decode()}"'
        case Mapping():
            text = _dict(value)
        case list() | tuple():
            text = "[" + ",".join(_printed(one) for one in value) + "]"
        case _:
            text = str(value)
    return text


def _real(value: float) -> str:
    """Return a real number as .NET's «G15» prints it."""
    return "0" if value == 0 else f"{value:.15g}".replace("e", "E")


def matches_url_hash(given: str, url: str, key: str) -> bool:
    """Tell, in constant time, whether a digest is that of this address and key."""
    address = url.split("#", maxsplit=1)[0]
    expected = hashlib.sha256((address + key).encode()).hexdigest()
    return hmac.compare_digest(given.strip().lower().encode(), expected.encode())
