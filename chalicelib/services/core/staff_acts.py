"""Acts of staff, each carried out once: the client names it, and a repeat changes nothing.

A console that hears no answer sends its request again, and so may anything between it and the API.
The act's id is written in the very transaction of what it does.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.errors import BadInput
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.sessions.sessions import Session, Transition
from chalicelib.domain.types import LocalizedText
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.access import audit_actor, authorized_session
from chalicelib.services.ports import AppContext, StaffAct


@dataclass(frozen=True, slots=True)
class PerformedAct:
    """An act as it is written, and whether it was carried out just now."""

    act: StaffAct
    is_new: bool


@dataclass(frozen=True, slots=True)
class ActBy:
    """Who acts on which session, and by which id they will know it again."""

    staff: Staff
    session_id: str
    act_id: str

    def named(self, context: AppContext, action: str) -> StaffAct:
        """Return the act as it is written."""
        return StaffAct(
            self.session_id, self.act_id, audit_actor(self.staff), action, context.clock()
        )


def act_once(
    context: AppContext, by: ActBy, action: str, perform: Callable[[StaffAct], StaffAct | None]
) -> PerformedAct:
    """Carry an act out unless it was already.

    `perform` writes the act with what it changes, is called again on a conflict, and returns the
    act as it was written where it has a result. Raises NotFound where the session is not this
    person's, BadInput where the id is another act's.
    """
    authorized_session(context, by.staff, by.session_id)
    act = by.named(context, action)

    def attempt() -> PerformedAct:
        known = context.sessions.staff_act(by.session_id, by.act_id)
        if known is None:
            return PerformedAct(perform(act) or act, is_new=True)
        if (known.by, known.action) != (act.by, act.action):
            raise BadInput(
                LocalizedText("操作编号已用于另一项操作。", "This id belongs to another act."),
                "act_id_used",
            )
        return PerformedAct(known, is_new=False)

    return retry_on_conflict(attempt)


def change_once(
    context: AppContext, by: ActBy, action: str, decide: Callable[[Session], Transition]
) -> Session:
    """Let an act change the session alone, once; return the session as it stands."""

    def perform(act: StaffAct) -> None:
        transition = decide(context.sessions.session(by.session_id))
        context.sessions.commit(transition.session, transition.entry, act)

    act_once(context, by, action, perform)
    return context.sessions.session(by.session_id)
