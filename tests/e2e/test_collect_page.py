"""The page that collects pictures of a volunteer, with Chromium's fake camera."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from models.collect.picture_set import PictureSet
from models.collect.script import PICTURES
from models.collect.server import Collection, CollectServer
from models.evaluate.scenes import read_scenes
from tests.data.scenes import HERE
from tests.e2e.browsers import open_browser
from tests.e2e.cameras import Camera
from tests.e2e.conftest import CheckScreen

pytestmark = pytest.mark.e2e

TOKEN = "token-of-the-page"
MOST_SECONDS = 120


@pytest.fixture
def pictures(tmp_path: Path) -> PictureSet:
    return PictureSet(tmp_path / "set")


@pytest.fixture
def address(pictures: PictureSet) -> Iterator[str]:
    collection = Collection(pictures, pictures.new_volunteer(), TOKEN, threading.Lock())
    with CollectServer(collection) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"{server.origin}/#{TOKEN}"
        server.shutdown()
        thread.join()


def pass_time_until(page: Page, text: str) -> None:
    """Let the page's clock run until the step says so; pictures are sent between its ticks."""
    phase = page.get_by_test_id("phase")
    for _ in range(MOST_SECONDS):
        if text in phase.inner_text():
            return
        page.clock.run_for(1000)
    expect(phase).to_contain_text(text)


def test_a_volunteer_is_led_through_and_can_withdraw(
    address: str,
    pictures: PictureSet,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
) -> None:
    with Image.open(HERE / "person_a.jpg") as image:
        camera = Camera(tmp_path / "camera.y4m", image)
    with open_browser(playwright, camera) as volunteer:
        page = volunteer.page
        page.clock.install()
        page.goto(address)
        expect(page.get_by_role("heading", name="请先阅读并同意")).to_be_visible()
        check_screen(page, "collect-consent")
        page.get_by_test_id("agree").click()
        expect(page.get_by_role("alert")).to_have_text("请勾选同意并填写姓名。")
        page.get_by_test_id("agreed").check()
        page.get_by_test_id("name").fill("王小明")
        page.get_by_test_id("agree").click()

        page.get_by_test_id("second-camera").select_option(index=1)
        expect(page.get_by_role("alert")).to_be_hidden()
        expect(page.get_by_text("第二视角", exact=True)).to_be_visible()
        check_screen(page, "collect-cameras")
        page.get_by_test_id("begin").click()

        page.get_by_test_id("go-on").uncheck()
        page.get_by_test_id("start").click()
        pass_time_until(page, "已完成")
        assert [(scene.view, scene.notes) for scene in read_scenes(pictures.folder, [])] == [
            (view, "calm") for view in ("first", "second") for _ in range(PICTURES)
        ]
        check_screen(page, "collect-step")
        page.get_by_test_id("skip").click()  # now «next»: what is done stays
        expect(page.get_by_test_id("instruction")).to_contain_text("默读")

        page.get_by_test_id("step-dark_glasses").click()
        expect(page.get_by_test_id("instruction")).to_have_text("戴上墨镜，看屏幕。")
        page.get_by_test_id("start").click()
        pass_time_until(page, "请准备")
        page.get_by_test_id("stop").click()
        expect(page.get_by_test_id("phase")).to_contain_text("这一步没有保存")
        page.get_by_test_id("skip").click()
        expect(page.get_by_test_id("instruction")).to_have_text("戴上普通透明眼镜，看屏幕。")

        assert len(list(pictures.folder.rglob("*.jpg"))) == 2 * PICTURES
        page.reload()
        page.get_by_test_id("begin").click()
        expect(page.get_by_test_id("instruction")).to_contain_text("默读")  # the first open step
        page.get_by_test_id("language").click()
        expect(page.get_by_test_id("instruction")).to_contain_text("Read the list below")
        check_screen(page, "collect-step-en")

        page.get_by_test_id("withdraw").click()
        check_screen(page, "collect-withdraw")
        page.get_by_test_id("confirm-delete").click()
        expect(page.get_by_test_id("deleted")).to_be_visible()
        assert not list(pictures.folder.glob("v*"))
        # The browser itself reports what the server refused.
        volunteer.assert_no_console_errors(ignoring="422")
