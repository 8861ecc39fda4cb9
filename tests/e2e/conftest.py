"""Playwright for all tests, and the accessibility check of every screen."""

import io
import os
import re
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page, Playwright, sync_playwright

from chalicelib.services.ports import AppContext
from infra.build_all import WEB
from infra.demo import ProductInstance
from infra.deployments import ROOT
from tests.e2e.enrolment import EnrolCandidate
from tests.support.deployed_exam import DeployedExam

MAX_SCREEN_BYTES = 150_000
# Median cut preserves greys; maximum coverage preserves rare colours, such as those of icons.
MEDIAN_CUT, COVERAGE = Image.Quantize.MEDIANCUT, Image.Quantize.MAXCOVERAGE
PALETTES = (
    (256, MEDIAN_CUT),
    (192, MEDIAN_CUT),
    (128, COVERAGE),
    (96, COVERAGE),
    (64, COVERAGE),
    (32, COVERAGE),
)
SCREEN_LINK = re.compile(r"screens/([\w-]+)\.png")

type CheckScreen = Callable[[Page, str], None]

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Contrast is checked once colour transitions have ended.
ANIMATIONS_FINISHED = """() => document.getAnimations().every((animation) =>
    animation.playState !== "running" || animation.effect?.getTiming().iterations === Infinity
)"""


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, without a running browser."""
    with sync_playwright() as instance:
        yield instance


@pytest.fixture(scope="session")
def check_screen() -> CheckScreen:
    """Assert that a screen meets WCAG 2.2 AA, as far as axe can tell.

    If INVIGIL_SCREENS names a folder (`make screens`), the pictures that README and guides use
    are saved there.
    """
    folder = os.environ.get("INVIGIL_SCREENS")
    documented = documented_screens() if folder else frozenset()

    def check(page: Page, name: str) -> None:
        page.wait_for_function(ANIMATIONS_FINISHED)
        screenshot = page.screenshot()  # also waits for fonts and the next frame
        if folder and name in documented:
            (ROOT / folder / f"{name}.png").write_bytes(compressed_png(screenshot))
        assert axe_violations(page) == [], f"{name} violates WCAG 2.2 AA"

    return check


def documented_screens() -> frozenset[str]:
    """Return the names of the pictures to which README and the documents link."""
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return frozenset(
        name
        for document in documents
        for name in SCREEN_LINK.findall(document.read_text(encoding="utf-8"))
    )


def compressed_png(screenshot: bytes) -> bytes:
    """Return the screenshot with the largest palette that fits MAX_SCREEN_BYTES."""
    with Image.open(io.BytesIO(screenshot)) as image:
        picture = image.convert("RGB")
    for colours, method in PALETTES:
        stream = io.BytesIO()
        reduced = picture.quantize(colours, method, dither=Image.Dither.NONE)
        reduced.save(stream, "PNG", optimize=True)
        if stream.tell() <= MAX_SCREEN_BYTES:
            break
    return stream.getvalue()


def axe_violations(page: Page) -> list[str]:
    """Return axe's violations on a page, one line per rule."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    results = page.evaluate("(rules) => axe.run(document, { runOnly: rules })", RULES)
    return [
        f"{violation['id']}: {[node['target'] for node in violation['nodes']]}"
        for violation in results["violations"]
    ]


@pytest.fixture(scope="session")
def enrol_candidate(product: ProductInstance, context: AppContext) -> EnrolCandidate:
    """A factory of candidates of the demonstration exam."""
    return EnrolCandidate(context, product.summary)


@pytest.fixture(scope="session")
def deployed(product: ProductInstance, context: AppContext) -> Iterator[DeployedExam]:
    """An exam of the tests' own in the deployed product."""
    exam = DeployedExam(product, context)
    yield exam
    exam.api.close()
