"""Something between a page and the servers: a firewall, a proxy or a login page that answers itself."""

from collections import Counter
from itertools import cycle

from playwright.sync_api import BrowserContext, Request, Route

HTML = "<!doctype html><html><body>请先登录本网络 / Please sign in to this network</body></html>"
STATUSES = (404, 405, 407, 451, 200, 400, 403)
MEDIA = "**/invigil-local-media*"


class Intermediary:
    """Answers requests of a browser in the servers' place, with each status in turn.

    `once` answers the first request of each kind; a span begins with `block` and ends with `lift`.
    What it answered is in `answered`, by the last part of the address.
    """

    def __init__(self, browser_context: BrowserContext, *patterns: str) -> None:
        self._statuses = cycle(STATUSES)
        self._once: Counter[str] = Counter()
        self._blocking = False
        self.answered: Counter[str] = Counter()
        for pattern in patterns:
            browser_context.route(pattern, self._answer)

    def once(self, **times: int) -> None:
        """Answer the next so many requests of each kind, and let all others pass."""
        self._once.update(times)

    def block(self) -> None:
        """Answer everything from now on."""
        self._blocking = True

    def lift(self) -> None:
        """Let everything pass from now on."""
        self._blocking = False
        self._once.clear()

    def _answer(self, route: Route) -> None:
        kind = kind_of(route.request)
        if not self._blocking and self._once[kind] <= 0:
            route.continue_()
            return
        self._once[kind] -= 1
        self.answered[kind] += 1
        # A login page that stands before the bucket says 200, as it does to everybody.
        status = 200 if kind == "media" else next(self._statuses)
        route.fulfill(status=status, content_type="text/html; charset=utf-8", body=HTML)


def kind_of(request: Request) -> str:
    """Return what a request is about: `answers`, `captures`, `lock`, `submit`, `media` and so on."""
    path = request.url.split("?", maxsplit=1)[0].rstrip("/")
    if "-local-media" in path:
        return "media"
    return "answers" if "/candidate/answers/" in path else path.rpartition("/")[2]
