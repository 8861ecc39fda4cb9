"""By which rules a session is monitored."""

from chalicelib.domain.rules.profiles import MonitoringProfile
from chalicelib.domain.rules.rule_overrides import effective_profile
from chalicelib.domain.sessions.sessions import Session


def profile_of(session: Session) -> MonitoringProfile:
    """Return the rules by which a session is monitored."""
    return effective_profile(session.profile, session.rule_overrides, session.excused_kinds)
