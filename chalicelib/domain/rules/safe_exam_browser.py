"""Safe Exam Browser (SEB): a subject's settings, the config file, and verifying a proof."""

import plistlib
import re
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.errors import BadInput, DomainError
from chalicelib.domain.rules.seb_config_key import SebValue, config_key, matches_url_hash
from chalicelib.domain.types import LocalizedText

MAX_KEYS = 20
SHA256 = re.compile(r"[0-9a-f]{64}")


class SebUse(StrEnum):
    """Whether a subject uses Safe Exam Browser, which locks the computer itself."""

    OFF = "off"
    ALLOWED = "allowed"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class SebRule:
    """A subject's settings for Safe Exam Browser.

    `exam_keys` are the accepted Browser Exam Keys, lower-case hex; empty accepts every version with
    the correct Config Key. `quit_hash` is the lower-case hex SHA-256 of the password for quitting
    before the end; empty requires no password.
    """

    use: SebUse = SebUse.OFF
    exam_keys: tuple[str, ...] = ()
    quit_hash: str = ""

    def __post_init__(self) -> None:
        """Validate the format of keys and hash. Raises BadInput."""
        if len(self.exam_keys) > MAX_KEYS:
            raise BadInput(
                LocalizedText(
                    f"浏览器考试密钥最多 {MAX_KEYS} 个。",
                    f"At most {MAX_KEYS} Browser Exam Keys are allowed.",
                )
            )
        hashes = (*self.exam_keys, *((self.quit_hash,) if self.quit_hash else ()))
        if not all(SHA256.fullmatch(hash_) for hash_ in hashes):
            raise BadInput(
                LocalizedText(
                    "浏览器考试密钥与退出密码散列应为 64 位小写十六进制数。",
                    "Browser Exam Keys and the quit password hash must be 64 lower-case hex digits.",
                )
            )

    @property
    def has_config_file(self) -> bool:
        """Whether the subject has a config file to download."""
        return self.use is not SebUse.OFF


class SafeExamBrowserRequired(DomainError):
    """This device has not proven that it runs Safe Exam Browser with the exam's settings."""

    status = 403
    code = "safe_browser_required"
    text = LocalizedText(
        "本科目须在安全考试浏览器（Safe Exam Browser）中进行，请用本场考试的配置文件打开。",
        "This subject requires Safe Exam Browser. Please open it with this exam's config file.",
    )


def config_settings(rule: SebRule, exam_url: str) -> dict[str, SebValue]:
    """Return the settings of a subject's config file.

    Strings contain no quotes or backslashes, and there are no dates: SEB versions and verifiers
    serialize those differently.
    """
    return {
        "originatorVersion": "Invigil",
        "sebConfigPurpose": 0,
        "startURL": exam_url,
        "sendBrowserExamKey": True,
        "browserWindowWebView": 3,
        # Quitting: after the end through the page's link; before, with the password if any.
        "quitURL": quit_url(exam_url),
        "quitURLConfirm": False,
        "allowQuit": True,
        "hashedQuitPassword": rule.quit_hash,
        "ignoreExitKeys": True,
        # Camera and microphone are needed for monitoring.
        "browserMediaCaptureCamera": True,
        "browserMediaCaptureMicrophone": True,
        "browserMediaCaptureScreen": False,
        "browserMediaAutoplay": True,
        # One screen, and nothing beside the exam page.
        "allowedDisplaysMaxNumber": 1,
        "allowDisplayMirroring": False,
        "allowScreenSharing": False,
        "allowSwitchToApplications": False,
        "allowVirtualMachine": False,
        "allowSpellCheck": False,
        "allowDictionaryLookup": False,
        "enablePrintScreen": False,
        "enablePrivateClipboard": True,
        "enableRightMouse": False,
        "browserViewMode": 1,
        "newBrowserWindowByLinkPolicy": 0,
        "newBrowserWindowByScriptPolicy": 0,
        # Zoom for accessibility; a reload resumes the exam.
        "browserWindowAllowReload": True,
        "enableZoomPage": True,
        "enableZoomText": True,
        "allowPreferencesWindow": False,
        "examSessionClearCookiesOnStart": False,
        "showTaskBar": True,
        "showTime": True,
        "showInputLanguage": True,
        "audioControlEnabled": True,
        "audioMute": False,
    }


def quit_url(exam_url: str) -> str:
    """Return the URL that quits Safe Exam Browser."""
    return f"{exam_url}?quit=1"


def proof_url(exam_url: str, nonce: str) -> str:
    """Return the page's URL that a proof is computed over, for one nonce."""
    return f"{exam_url}?nonce={nonce}"


def config_file(rule: SebRule, exam_url: str) -> str:
    """Return a subject's .seb config file: its settings as an unencrypted XML property list."""
    return plistlib.dumps(config_settings(rule, exam_url), fmt=plistlib.FMT_XML).decode()


@dataclass(frozen=True, slots=True)
class SebProof:
    """A device's proof: digests of a URL with the Config Key and with the Browser Exam Key."""

    url: str
    config_hash: str
    exam_hash: str = ""


def verify_proof(rule: SebRule, exam_url: str, proof: SebProof) -> bool:
    """Return whether a proof matches this subject's settings and an accepted browser."""
    key = config_key(config_settings(rule, exam_url))
    config_matches = matches_url_hash(proof.config_hash, proof.url, key)
    # All keys are compared, so that timing does not reveal which one matched.
    key_matches = [
        matches_url_hash(proof.exam_hash, proof.url, exam_key) for exam_key in rule.exam_keys
    ]
    return config_matches and (any(key_matches) or not rule.exam_keys)
