"""The Config Key of Safe Exam Browser: a digest of the settings in a config file.

The settings are serialized as JSON without white space and without escaping, keys sorted case-
insensitively, empty dictionaries omitted; the key is the SHA-256 of that. A request proves that it
comes from a browser with these settings by the SHA-256 of its URL followed by the key.
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
"""The only setting that is not part of the key: the program that wrote the file."""


def config_key(settings: SebSettings) -> str:
    """Return the Config Key of the settings, lower-case hex. Dates are not supported."""
    key_settings = {key: value for key, value in settings.items() if key != EXCLUDED}
    return hashlib.sha256(_format_mapping(key_settings).encode()).hexdigest()


def _format_mapping(values: Mapping[str, SebValue]) -> str:
    pairs = (
        f'"{key}":{_format(values[key])}'
        for key in sorted(values, key=lambda key: (key.lower(), key))
        if values[key] != {}
    )
    return "{" + ",".join(pairs) + "}"


def _format(value: SebValue) -> str:
    match value:
        case bool():
            text = "true" if value else "false"
        case float():
            text = _format_real(value)
        case str():
            text = f'"{value}"'
        case bytes():
            text = f'"{base64.b64encode(value).decode()}"'
        case Mapping():
            text = _format_mapping(value)
        case list() | tuple():
            text = "[" + ",".join(_format(item) for item in value) + "]"
        case _:
            text = str(value)
    return text


def _format_real(value: float) -> str:
    """Return a real number as .NET formats it with «G15»."""
    return "0" if value == 0 else f"{value:.15g}".replace("e", "E")


def matches_url_hash(digest: str, url: str, key: str) -> bool:
    """Return, in constant time, whether a digest is that of this URL and key."""
    address = url.split("#", maxsplit=1)[0]
    expected_digest = hashlib.sha256((address + key).encode()).hexdigest()
    return hmac.compare_digest(digest.strip().lower().encode(), expected_digest.encode())
