"""The Content Security Policy that every page declares."""

import pytest
from playwright.sync_api import Playwright

from infra.demo import ProductInstance
from tests.e2e.browsers import open_browser

pytestmark = pytest.mark.e2e

RUN_FOREIGN_SCRIPT = """() => new Promise((done) => {
  document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective));
  const script = document.createElement('script');
  script.textContent = 'window.foreign = true';
  document.body.append(script);
  if (window.foreign) done('it ran');
})"""


@pytest.mark.parametrize("name", ["exam", "phone", "console", "help", "api-docs"])
def test_foreign_script_is_blocked(
    product: ProductInstance, playwright: Playwright, name: str
) -> None:
    with open_browser(playwright) as visitor:
        visitor.page.goto(product.summary["exam_url"].replace("/exam/", f"/{name}/"))
        assert visitor.page.evaluate(RUN_FOREIGN_SCRIPT) == "script-src-elem"
