"""The sets of roles that routes declare: who may call."""

from chalicelib.domain.types import STAFF_ROLES, Role

PUBLIC: frozenset[Role] = frozenset()
"""Nobody needs a token."""

CANDIDATE = frozenset({Role.CANDIDATE})
PHONE = frozenset({Role.PHONE})
ADMIN = frozenset({Role.ADMIN})
PROCTOR_OR_ADMIN = frozenset({Role.PROCTOR, Role.ADMIN})
SUPPORT_OR_ADMIN = frozenset({Role.SUPPORT, Role.ADMIN})
STAFF = STAFF_ROLES
CALL_PARTIES = CANDIDATE | PHONE | PROCTOR_OR_ADMIN
"""Either end of a call or of live video."""
