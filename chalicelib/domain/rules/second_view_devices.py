"""Whether the second view's page runs on the computer itself: what tells it, and how strongly.

A browser's id is certain. Addresses and a browser's own description are signs: a phone's browser may
ask for pages as a desktop does, a tablet calls itself a Mac, and a flat has one address.
"""

from dataclasses import dataclass

from chalicelib.domain.rules.device_changes import Device, Origin

STRONG, WEAK = 1.0, 0.5
"""How strongly a sign speaks, as a flag's score; what is weak is a notice whatever its kind."""

_DESKTOPS = ("windows nt", "macintosh", "x11;", "cros ")
_MOBILES = ("android", "iphone", "ipad", "mobile", "harmony", "tablet")
_TOUCH_DESKTOPS = ("macintosh", "x11;")
"""What tablets, and phones that ask for a desktop's pages, call themselves."""


@dataclass(frozen=True, slots=True)
class SameDeviceSign:
    """How strongly it speaks for the computer itself, and both places as a proctor reads them."""

    strength: float
    detail: str = ""


def is_desktop_browser(user_agent: str, *, touch: bool = False) -> bool:
    """Return whether a browser says that it runs on a computer.

    `touch` is whether the page reports a touch screen, which Macs do not have.
    """
    text = user_agent.casefold()
    if any(part in text for part in _MOBILES):
        return False
    if touch and any(part in text for part in _TOUCH_DESKTOPS):
        return False
    return any(part in text for part in _DESKTOPS)


def same_device_sign(
    browser_id: str, computer: tuple[Origin, ...], phone: Device, *, touch: bool = False
) -> SameDeviceSign | None:
    """Return what tells that a phone's page runs on the computer of a session, or None.

    Strong: the browser's own id; or a desktop's browser that says it is the computer's own, at its
    address. Weak: a desktop's browser otherwise.
    """
    if phone.browser_id and phone.browser_id == browser_id:
        return SameDeviceSign(STRONG)
    here = phone.origin
    if not computer or not is_desktop_browser(here.user_agent, touch=touch):
        return None
    at_its_address = any(here.address == origin.address for origin in computer)
    detail = f"{here.address} {'=' if at_its_address else '≠'} {computer[-1].address}"
    strength = STRONG if here in computer else WEAK
    return SameDeviceSign(strength, f"{detail} · {here.user_agent}")
