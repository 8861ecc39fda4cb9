"""A page in any browser engine, driven by test ids as a person does it: by pointer and keys.

An engine implements a few primitives; all waiting and finding is written once, here.
"""

from abc import ABC, abstractmethod
from typing import Any

from tests.support.polling import TIMEOUT_SECONDS, wait_for

# Returns the point to click of an element that can be clicked now: at rest, enabled, uncovered.
# What stands against it is kept for the error.
CLICK_POINT = """async (selector) => {
    const refuse = (why) => { window.unclickable = why; return null; };
    const element = document.querySelector(selector);
    if (!element || element.disabled) return refuse(element ? 'disabled' : 'absent');
    const target = element.matches('[type=radio], [type=checkbox]') && element.labels?.[0]
        ? element.labels[0] : element;
    const boxes = [];
    target.scrollIntoView({ block: 'center', behavior: 'auto' });
    for (let frame = 0; frame < 2; frame += 1) {
        await new Promise((done) => setTimeout(done, 40));
        boxes.push(target.getBoundingClientRect());
    }
    const [{ left, top }, box] = boxes;
    if (!box.width || left !== box.left || top !== box.top) return refuse('hidden or moving');
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2].map(Math.round);
    const hit = document.elementFromPoint(x, y);
    if (!target.contains(hit) && hit?.closest('label') !== target)
        return refuse(`at ${x}, ${y} is ${hit?.outerHTML.slice(0, 200)}`);
    window.awaitsClick = true;
    target.addEventListener('click', () => { window.awaitsClick = false; },
        { capture: true, once: true });
    return [x, y];
}"""
MISSED_CLICK = "() => window.awaitsClick === true"
FOCUS = """(selector) => {
    const element = document.querySelector(selector);
    element?.focus();
    return !!element && document.activeElement === element;
}"""
SELECT_TEXT = "(selector) => document.querySelector(selector).select()"
VALUE = "(selector) => document.querySelector(selector).value"
IS_VISIBLE = """(selector) => {
    const element = document.querySelector(selector);
    return !!element && element.getClientRects().length > 0
        && getComputedStyle(element).visibility === 'visible';
}"""
ATTRIBUTE = "(selector, name) => document.querySelector(selector)?.getAttribute(name) ?? null"
TEXT = "(selector) => document.querySelector(selector)?.textContent ?? null"
SAID = "() => [location.href, window.unclickable, document.body?.innerText].join('\\n')"
COUNT = "(selector) => document.querySelectorAll(selector).length"


class PageBusy(Exception):
    """The page could not be asked: it is being replaced by the next one."""


class EnginePage(ABC):
    """A page of a browser."""

    @abstractmethod
    def goto(self, url: str) -> None:
        """Open an address; returns when the page has loaded."""

    @abstractmethod
    def evaluate(self, function: str, *arguments: Any) -> Any:
        """Call a JavaScript function in the page and return its result, or its promise's.

        Raises PageBusy where the page is being replaced.
        """

    @abstractmethod
    def click_at(self, x: int, y: int) -> None:
        """Click at a point of the window."""

    @abstractmethod
    def type_text(self, text: str) -> None:
        """Type into the focused element."""

    @abstractmethod
    def press(self, key: str) -> None:
        """Press a key, by its name in JavaScript."""

    @abstractmethod
    def screenshot(self) -> bytes:
        """Return a picture of the page as PNG."""

    @abstractmethod
    def close(self) -> None:
        """Close the page."""

    def reload(self) -> None:
        """Load the page again."""
        self.evaluate("() => { window.isOld = true; setTimeout(() => location.reload()); }")
        self.wait(
            "() => !window.isOld && document.readyState === 'complete'", what="the reloaded page"
        )

    # ---- waiting ----

    def wait(
        self, function: str, *arguments: Any, what: str = "", seconds: float = TIMEOUT_SECONDS
    ) -> Any:
        """Wait until a function of the page returns something true, and return it."""

        def probe() -> Any:
            try:
                return self.evaluate(function, *arguments)
            except PageBusy:
                return None

        try:
            return wait_for(probe, what or f"{function} {arguments}", seconds)
        except TimeoutError as error:
            error.add_note(f"the page says:\n{self.evaluate(SAID)}")
            raise

    def wait_visible(self, test_id: str, **data: str) -> None:
        """Wait until an element is visible; `data` are the values of its data attributes."""
        selector = selector_of(test_id, **data)
        self.wait(IS_VISIBLE, selector, what=f"{selector} visible")

    def wait_hidden(self, test_id: str, **data: str) -> None:
        """Wait until an element is hidden or gone."""
        selector = selector_of(test_id, **data)
        self.wait(f"(selector) => !({IS_VISIBLE})(selector)", selector, what=f"{selector} hidden")

    def wait_state(self, state: str) -> None:
        """Wait until the exam page shows a state's screen; the page lock may still cover it."""
        self.wait(COUNT, f'main[data-state="{state}"]', what=f"the state {state}")

    # ---- acting ----

    def click(self, test_id: str, **data: str) -> None:
        """Click an element as soon as it can be clicked."""
        selector = selector_of(test_id, **data)
        wait_for(lambda: self._has_clicked(selector), f"a click on {selector}")

    def open_by_key(self, test_id: str, **data: str) -> None:
        """Open a link or press a button with the Enter key."""
        selector = selector_of(test_id, **data)
        self.wait(FOCUS, selector, what=f"{selector} focused")
        self.press("Enter")

    def fill(self, test_id: str, text: str, **data: str) -> None:
        """Replace the text of a field."""
        selector = selector_of(test_id, **data)
        self.click(test_id, **data)
        self.evaluate(SELECT_TEXT, selector)
        self.type_text(text)
        self.wait(
            f"(selector, text) => ({VALUE})(selector) === text",
            selector,
            text,
            what=f"{selector} filled with {text}",
        )

    def _has_clicked(self, selector: str) -> bool:
        """Click once; return whether the element had it, and not what moved into its place."""
        x, y = self.wait(CLICK_POINT, selector, what=f"{selector} clickable")
        self.click_at(x, y)
        try:
            return not self.evaluate(MISSED_CLICK)
        except PageBusy:
            return True

    # ---- reading ----

    def is_visible(self, test_id: str, **data: str) -> bool:
        """Return whether an element is visible."""
        return bool(self.evaluate(IS_VISIBLE, selector_of(test_id, **data)))

    def attribute(self, test_id: str, name: str, **data: str) -> str | None:
        """Return an attribute of an element, or None."""
        value: str | None = self.evaluate(ATTRIBUTE, selector_of(test_id, **data), name)
        return value

    def text(self, test_id: str, **data: str) -> str:
        """Return the text of an element."""
        return str(self.evaluate(TEXT, selector_of(test_id, **data)) or "").strip()

    def count(self, test_id: str, **data: str) -> int:
        """Return the number of elements."""
        return int(self.evaluate(COUNT, selector_of(test_id, **data)))


def selector_of(path: str, **data: str) -> str:
    """Return the selector of a test id, with the values of data attributes.

    Test ids with spaces between are nested; the attributes are those of the first.
    """
    outer, *inner = (f'[data-testid="{test_id}"]' for test_id in path.split())
    values = "".join(f'[data-{name.replace("_", "-")}="{value}"]' for name, value in data.items())
    return " ".join([outer + values, *inner])
