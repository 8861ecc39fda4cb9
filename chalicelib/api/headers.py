"""Headers that every response carries, and what pages of other origins may do and read."""

from chalice.app import CORSConfig

API_HEADER = "X-Invigil"
"""Set on every response of the API itself: pages take any other answer for an intermediary's."""

CORS = CORSConfig(expose_headers=[API_HEADER])

JSON: dict[str, str | list[str]] = {
    "Content-Type": "application/json; charset=utf-8",
    "Cache-Control": "no-store",
    API_HEADER: "1",
}
