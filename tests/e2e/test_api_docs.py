"""The readable page of the API description."""

import pytest
from playwright.sync_api import Playwright

from infra.demo import ProductInstance
from tests.e2e.browsers import open_browser
from tests.e2e.conftest import CheckScreen

pytestmark = pytest.mark.e2e

READY = "[data-state='api-docs']"
FAILED = "[data-state='failed']"


def test_page_shows_the_operations_and_asks_no_foreign_host(
    product: ProductInstance, playwright: Playwright, check_screen: CheckScreen
) -> None:
    with open_browser(playwright) as visitor:
        page, hosts = visitor.page, set[str]()
        page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
        page.goto(product.summary["api_docs_url"])
        page.locator(READY).wait_for()
        page.get_by_text("X-Invigil").first.wait_for()
        check_screen(page, "api-docs")
        own = {product.summary[name].split("/")[2] for name in ("api_docs_url", "api_url")}
        assert hosts <= own
        visitor.assert_no_console_errors()


def test_description_that_did_not_load_is_loaded_again(
    product: ProductInstance, playwright: Playwright
) -> None:
    with open_browser(playwright) as visitor:
        page = visitor.page
        page.route("**/openapi.json", lambda route: route.abort())
        page.goto(product.summary["api_docs_url"])
        page.locator(FAILED).wait_for()
        page.unroute("**/openapi.json")
        page.get_by_test_id("retry").click()
        page.locator(READY).wait_for()
