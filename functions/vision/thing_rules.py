"""Rules for things: phones, books, other screens, and what stands in the view."""

from chalicelib.domain.rules.findings import Finding, FindingKind
from functions.vision.boxes import Box
from functions.vision.frame_signals import FrameSignals, Thresholds, View, confidence

# The scores of findings that are told as weak, or as no more than a notice.
_WEAK, _STANDING = 0.3, 0.5


def thing_findings(signals: FrameSignals, view: View, thresholds: Thresholds) -> list[Finding]:
    """Return phone or possible phone, book, and that something stands in the view."""
    phone = signals.phone.score if signals.phone else 0.0
    book = signals.book.score if signals.book else 0.0
    book_limit = thresholds.book_limit(view)
    findings = []
    if phone >= thresholds.phone:
        findings.append(Finding(FindingKind.PHONE, confidence(phone, thresholds.phone)))
    elif phone >= thresholds.possible_phone:
        findings.append(Finding(FindingKind.POSSIBLE_PHONE, _WEAK))
    if book >= book_limit:
        findings.append(Finding(FindingKind.BOOK, confidence(book, book_limit)))
    if signals.untold:
        findings.append(Finding(FindingKind.STANDING_THING, _STANDING))
    return findings


def screen_findings(signals: FrameSignals, thresholds: Thresholds) -> list[Finding]:
    """Return the finding of a second screen; the candidate's own is behind the first view's camera."""
    score = max((box.score for box in _screens(signals)), default=0.0)
    if score < thresholds.screen:
        return []
    return [Finding(FindingKind.OTHER_SCREEN, confidence(score, thresholds.screen))]


def things_found(signals: FrameSignals, view: View, thresholds: Thresholds) -> list[Box]:
    """Return what may come to stand in the view, or does: all things that findings could be of."""
    screens = _screens(signals) if view == "first" else []
    book_limit = thresholds.book_limit(view)
    counting = [
        (signals.phone, thresholds.possible_phone),
        (signals.book, book_limit),
        *((screen, thresholds.screen) for screen in screens),
    ]
    found = [box for box, limit in counting if box is not None and box.score >= limit]
    return [*found, *signals.standing]


def _screens(signals: FrameSignals) -> list[Box]:
    """Return the screens around no face: such a box is a wall or the frame of a picture."""
    return [
        box
        for box in signals.objects
        if box.label in ("tv", "laptop")
        and not any(face.within(box) > 0.5 for face in signals.faces)
    ]
