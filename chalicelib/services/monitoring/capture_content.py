"""The content of captures: what was looked at, whether it came before, and whether it was replaced.

A form can be used again while it is valid, and S3 keeps the last upload under its key. So an
observation names the bytes that were judged; a later upload with other bytes is told, and not judged.
"""

from dataclasses import dataclass, replace

from chalicelib.domain.errors import NotFound
from chalicelib.domain.monitoring.baseline import NO_SIGNATURES, FrameSignatures
from chalicelib.domain.monitoring.claims import Claim, content_name, is_distinctive, repeated_kind
from chalicelib.domain.monitoring.signs import CertainSign
from chalicelib.domain.rules.findings import Finding, FindingKind, Observation
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import FINAL_STATES
from chalicelib.domain.types import Medium, Millis, View
from chalicelib.services.monitoring.observations import record_observation
from chalicelib.services.monitoring.signs import record_sign
from chalicelib.services.ports import FunctionContext, SessionBundle


@dataclass(frozen=True, slots=True)
class CaptureContext:
    """What is stored of a capture's session and, if it was looked at already, of the capture."""

    bundle: SessionBundle
    observation: Observation | None


def read_capture_context(
    context: FunctionContext, session_id: str, capture_id: str
) -> CaptureContext:
    """Read what is needed to look at a capture; one call. Raises NotFound."""
    return CaptureContext(*context.sessions.bundle_with_observation(session_id, capture_id))


def check_content(context: FunctionContext, judged: Observation, etag: str) -> None:
    """Tell a capture that was replaced after it was looked at; a redelivery changes nothing."""
    if judged.etag is None or judged.etag == etag:
        return
    tell_replaced(context, judged.session_id, judged.view, judged.captured_at, judged.capture_id)


def tell_replaced(
    context: FunctionContext, session_id: str, view: View, at: Millis, capture_id: str
) -> None:
    """Tell that other bytes stand under a capture's key than those that were looked at."""
    sign = CertainSign(FindingKind.CAPTURE_REPLACED, view, at, captures=(capture_id,))
    record_sign(context, session_id, sign)


def record_capture(
    context: FunctionContext,
    bundle: SessionBundle,
    observation: Observation,
    signatures: FrameSignatures = NO_SIGNATURES,
) -> None:
    """Record what a capture shows, and whether an earlier one of the exam has the same bytes.

    Two to four calls to the store. Idempotent.
    """
    session = bundle.session
    holder = None
    if session.state not in FINAL_STATES and is_distinctive(observation):
        holder = find_earlier(
            context, session, observation.sha256 or "", observation.capture_id, observation.view
        )
    if holder is None:
        record_observation(context, observation, signatures, bundle)
        return
    finding = Finding(repeated_kind(observation.medium), 1.0)
    observation = replace(
        observation,
        findings=(*observation.findings, finding),
        repeats=f"{holder.session_id}/{holder.capture_id}",
    )
    sign = _repetition(session, observation, holder)
    record_observation(context, observation, signatures, bundle, sign)
    tell_holder(context, session, holder, observation.medium)


def find_earlier(
    context: FunctionContext, session: Session, sha256: str, capture_id: str, view: View
) -> Claim | None:
    """Claim a capture's bytes in its exam. Returns the earlier capture that has the same, if any."""
    claim = Claim(
        name=content_name(session.exam_id, sha256),
        session_id=session.session_id,
        candidate_id=session.candidate_id,
        admission_number=session.admission_number,
        at=int(capture_id.split("-", maxsplit=1)[0]),
        capture_id=capture_id,
        view=view,
    )
    holder = context.sessions.claim(claim)
    same = (holder.session_id, holder.capture_id) == (claim.session_id, claim.capture_id)
    return None if same else holder


def _repetition(session: Session, observation: Observation, holder: Claim) -> CertainSign:
    """Return what the flag says of the earlier capture: its picture, or whose it was."""
    own = holder.session_id == session.session_id
    other_person = holder.candidate_id != session.candidate_id
    return CertainSign(
        repeated_kind(observation.medium),
        observation.view,
        observation.captured_at,
        detail=holder.admission_number if other_person else "",
        captures=(holder.capture_id,) if own else (),
    )


def tell_holder(context: FunctionContext, session: Session, holder: Claim, medium: Medium) -> None:
    """Tell in the other candidate's session too that both sent the same bytes."""
    if holder.candidate_id == session.candidate_id:
        return
    sign = CertainSign(
        repeated_kind(medium),
        holder.view,
        holder.at,
        detail=session.admission_number,
        captures=(holder.capture_id,),
    )
    try:
        record_sign(context, holder.session_id, sign)
    except NotFound:  # deleted since
        return
