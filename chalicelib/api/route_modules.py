"""Every module of routes, once: the app registers them, and the API description lists them."""

from chalicelib.api import (
    candidate_check_in,
    candidate_messages,
    candidate_sitting,
    candidates_admin,
    device_checks,
    exam_settings,
    ice,
    passcodes,
    phone,
    proctor,
    recordings,
    reopening,
    review,
    session_recordings,
    session_retention,
    staff_accounts,
    staff_messages,
)
from chalicelib.api.routing import Route

ROUTE_MODULES = (
    candidate_check_in,
    candidate_sitting,
    device_checks,
    phone,
    recordings,
    proctor,
    reopening,
    review,
    session_recordings,
    session_retention,
    candidates_admin,
    exam_settings,
    passcodes,
    ice,
    candidate_messages,
    staff_messages,
    staff_accounts,
)


def all_routes() -> list[Route]:
    """Return every declared route of every actor."""
    return [route for module in ROUTE_MODULES for route in module.routes.declared]
