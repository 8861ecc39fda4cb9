"""Safe Exam Browser: what a subject asks for. Pure rules."""

import re
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.exam.errors import BadInput
from chalicelib.exam.words import Text

MOST_KEYS = 20
SHA256 = re.compile(r"[0-9a-f]{64}")


class SafeBrowser(StrEnum):
    """Whether a subject is sat in Safe Exam Browser, which locks the computer itself."""

    OFF = "off"
    ALLOWED = "allowed"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class SafeBrowserRule:
    """What a subject asks of Safe Exam Browser.

    `exam_keys` are the Browser Exam Keys that pass, lower-case hex; none: every version passes
    whose Config Key is right. `quit_hash` is the lower-case hex SHA-256 of the password that
    leaves the browser before the end; none: it can be left without.
    """

    use: SafeBrowser = SafeBrowser.OFF
    exam_keys: tuple[str, ...] = ()
    quit_hash: str = ""

    def __post_init__(self) -> None:
        """Refuse keys that can be none. Raises BadInput."""
        if len(self.exam_keys) > MOST_KEYS:
            raise BadInput(
                Text(
                    f"浏览器考试密钥最多 {MOST_KEYS} 个。",
                    f"At most {MOST_KEYS} Browser Exam Keys.",
                )
            )
        hashes = (*self.exam_keys, *((self.quit_hash,) if self.quit_hash else ()))
        if not all(SHA256.fullmatch(one) for one in hashes):
            raise BadInput(
                Text(
                    "浏览器考试密钥与退出密码散列应为 64 位小写十六进制数。",
                    "Browser Exam Keys and the quit password's hash: 64 lower-case hex digits.",
                )
            )
