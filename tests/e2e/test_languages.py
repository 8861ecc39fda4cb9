"""Every page is in Chinese by default, can be switched to English, and stores the choice."""

import pytest
from playwright.sync_api import Playwright, expect

from infra.demo import ProductInstance
from tests.e2e.browsers import open_browser
from tests.e2e.conftest import CheckScreen

pytestmark = pytest.mark.e2e

CHINESE = {"exam": "登录考试", "phone": "加入第二视角", "console": "登录"}
ENGLISH = {"exam": "Sign in", "phone": "Join", "console": "Staff sign-in"}


@pytest.mark.parametrize("name", ["exam", "phone", "console"])
def test_page_is_available_in_both_languages(
    product: ProductInstance, playwright: Playwright, check_screen: CheckScreen, name: str
) -> None:
    size = (390, 844) if name == "phone" else (1280, 720)
    with open_browser(playwright, size=size, language="fr-FR") as visitor:
        page = visitor.page
        page.goto(product.summary[f"{name}_url"])
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_contain_text(CHINESE[name])
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        check_screen(page, f"{name}-first-zh")
        page.get_by_test_id("language-en").click()
        expect(heading).to_contain_text(ENGLISH[name])
        expect(page.locator("html")).to_have_attribute("lang", "en")
        check_screen(page, f"{name}-first-en")
        page.reload()
        expect(heading).to_contain_text(ENGLISH[name])
        visitor.assert_no_console_errors()
