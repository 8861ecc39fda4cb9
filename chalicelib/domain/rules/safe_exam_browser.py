"""Safe Exam Browser: what a subject asks for, the file for it, and what proves it. Pure rules."""

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
    """Whether a subject is sat in Safe Exam Browser, which locks the computer itself."""

    OFF = "off"
    ALLOWED = "allowed"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class SebRule:
    """What a subject asks of Safe Exam Browser.

    `exam_keys` are the Browser Exam Keys that pass, lower-case hex; none: every version passes
    whose Config Key is right. `quit_hash` is the lower-case hex SHA-256 of the password that
    leaves the browser before the end; none: it can be left without.
    """

    use: SebUse = SebUse.OFF
    exam_keys: tuple[str, ...] = ()
    quit_hash: str = ""

    def __post_init__(self) -> None:
        """Refuse keys that can be none. Raises BadInput."""
        if len(self.exam_keys) > MAX_KEYS:
            raise BadInput(
                LocalizedText(
                    f"浏览器考试密钥最多 {MAX_KEYS} 个。",
                    f"At most {MAX_KEYS} Browser Exam Keys.",
                )
            )
        hashes = (*self.exam_keys, *((self.quit_hash,) if self.quit_hash else ()))
        if not all(SHA256.fullmatch(hash_) for hash_ in hashes):
            raise BadInput(
                LocalizedText(
                    "浏览器考试密钥与退出密码散列应为 64 位小写十六进制数。",
                    "Browser Exam Keys and the quit password's hash: 64 lower-case hex digits.",
                )
            )

    @property
    def offered(self) -> bool:
        """Whether there is a file for it."""
        return self.use is not SebUse.OFF


class SafeExamBrowserRequired(DomainError):
    """This device has not proven that it runs Safe Exam Browser under the exam's settings."""

    status = 403
    code = "safe_browser_required"
    text = LocalizedText(
        "本科目须在安全考试浏览器（Safe Exam Browser）中进行，请用本场考试的配置文件打开。",
        "This subject is sat in Safe Exam Browser. Please open it with this exam's file.",
    )


def config_settings(rule: SebRule, exam_url: str) -> dict[str, SebValue]:
    """Return the settings of a subject's file.

    Texts hold no quotes, backslashes or dates: browsers and verifiers disagree on those.
    """
    return {
        "originatorVersion": "Invigil",
        "sebConfigPurpose": 0,
        "startURL": exam_url,
        "sendBrowserExamKey": True,
        "browserWindowWebView": 3,
        # Leaving: at once after the end, by the page's link; before, with the password if any.
        "quitURL": quit_url(exam_url),
        "quitURLConfirm": False,
        "allowQuit": True,
        "hashedQuitPassword": rule.quit_hash,
        "ignoreExitKeys": True,
        # Both cameras' pages and the microphone are what the exam is watched by.
        "browserMediaCaptureCamera": True,
        "browserMediaCaptureMicrophone": True,
        "browserMediaCaptureScreen": False,
        "browserMediaAutoplay": True,
        # One screen, nothing beside the page.
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
        # Everybody may be helped, and a reload goes on where it was.
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
    """Return the address that ends Safe Exam Browser."""
    return f"{exam_url}?quit=1"


def proof_url(exam_url: str, nonce: str) -> str:
    """Return the page's address over which its proof is made, good for one nonce."""
    return f"{exam_url}?nonce={nonce}"


def config_file(rule: SebRule, exam_url: str) -> str:
    """Return a subject's .seb file: its settings as an XML property list, unencrypted."""
    return plistlib.dumps(config_settings(rule, exam_url), fmt=plistlib.FMT_XML).decode()


@dataclass(frozen=True, slots=True)
class SebProof:
    """What a device shows: digests over an address, of the Config Key and the Browser Exam Key."""

    url: str
    config_hash: str
    exam_hash: str = ""


def verify_proof(rule: SebRule, exam_url: str, proof: SebProof) -> bool:
    """Tell whether a proof is of this subject's settings and of a browser that may be used."""
    key = config_key(config_settings(rule, exam_url))
    configured = matches_url_hash(proof.config_hash, proof.url, key)
    # All are compared, so that time does not tell which.
    known = [matches_url_hash(proof.exam_hash, proof.url, exam_key) for exam_key in rule.exam_keys]
    return configured and (any(known) or not rule.exam_keys)
