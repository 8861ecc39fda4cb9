"""Proofs of Safe Exam Browser: valid once; rejected when replayed, foreign or missing."""

import plistlib
from collections.abc import Callable

import pytest

from chalicelib.domain.errors import NotFound
from chalicelib.domain.rules.safe_exam_browser import (
    SafeExamBrowserRequired,
    SebProof,
    SebRule,
    SebUse,
)
from chalicelib.domain.rules.seb_config_key import config_key
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import FINAL_STATES, State
from chalicelib.domain.types import SittingKind
from chalicelib.services.core.tokens import API_AUDIENCE
from chalicelib.services.ports import ClaimedSitting, Claims
from chalicelib.services.sign_in.candidate import CandidateCredentials, sign_in
from chalicelib.services.sign_in.safe_exam_browser import (
    NONCE_TTL,
    config_file_for,
    exam_page_url,
    exchange_proof,
    issue_nonce,
    require_session_proven,
)
from tests.support import builders as build
from tests.support.builders import EXAM, OFFICIAL, SUBJECT, digest
from tests.support.fake_context import FakeContext, add_session, fake_context

API_URL = "https://api.test/candidate/safe-browser/"
NOTHING = SebProof("", "")
REQUIRED = SebRule(SebUse.REQUIRED)


def context_with(rule: SebRule = REQUIRED) -> tuple[FakeContext, Claims]:
    context = fake_context(build.subject(safe_browser=rule))
    numbers = CandidateCredentials(EXAM, SUBJECT, "ADM-one", OFFICIAL, "203.0.113.7")
    return context, context.tokens.read(
        sign_in(context, numbers).token, API_AUDIENCE, context.clock()
    )


def key_in(context: FakeContext) -> str:
    """Return the Config Key of the server's file, as the browser computes it."""
    return config_key(plistlib.loads(config_file_for(context, EXAM, SUBJECT).encode()))


def by_page(context: FakeContext, nonce: str) -> tuple[SebProof, SebProof]:
    address = f"{exam_page_url(context)}?nonce={nonce}"
    return NOTHING, SebProof("", digest(address, key_in(context)))


def by_header(context: FakeContext, nonce: str) -> tuple[SebProof, SebProof]:
    address = API_URL + nonce
    return SebProof(address, digest(address, key_in(context))), NOTHING


type MakeProof = Callable[[FakeContext, str], tuple[SebProof, SebProof]]
SOURCES = pytest.mark.parametrize("make_proof", [by_page, by_header], ids=["page", "header"])


@SOURCES
def test_valid_proof_returns_a_token_that_opens_the_paper(make_proof: MakeProof) -> None:
    context, claims = context_with()
    assert (claims.sitting, claims.seb_verified) == (None, False)
    with pytest.raises(SafeExamBrowserRequired):
        require_session_proven(context, claims)
    nonce = issue_nonce(context, claims.subject).nonce
    token, expires_at = exchange_proof(context, claims, nonce, *make_proof(context, nonce))
    proven = context.tokens.read(token, API_AUDIENCE, context.clock())
    assert (proven.seb_verified, proven.expires_at) == (True, expires_at)
    assert proven.sitting == ClaimedSitting(SUBJECT, SittingKind.OFFICIAL)
    require_session_proven(context, proven)
    last = context.sessions.audit(claims.subject)[-1]
    assert last.action == "safe_browser_proven"
    assert last.detail["way"] == ("page" if make_proof is by_page else "header")


@SOURCES
def test_replayed_proof_is_rejected(make_proof: MakeProof) -> None:
    context, claims = context_with()
    nonce = issue_nonce(context, claims.subject).nonce
    proof = make_proof(context, nonce)
    exchange_proof(context, claims, nonce, *proof)
    again = issue_nonce(context, claims.subject).nonce
    for number in (nonce, again):
        with pytest.raises(SafeExamBrowserRequired):
            exchange_proof(context, claims, number, proof[0], proof[1])


def test_header_for_another_address_is_rejected() -> None:
    """A digest from another request is invalid, even with a valid nonce."""
    context, claims = context_with()
    nonce = issue_nonce(context, claims.subject).nonce
    other = digest("https://api.test/candidate/session", key_in(context))
    with pytest.raises(SafeExamBrowserRequired):
        exchange_proof(context, claims, nonce, SebProof(API_URL + nonce, other), NOTHING)


@SOURCES
def test_proof_with_another_key_is_rejected(make_proof: MakeProof) -> None:
    context, claims = context_with()
    foreign, _ = context_with(SebRule(SebUse.REQUIRED, quit_hash="f" * 64))
    nonce = issue_nonce(context, claims.subject).nonce
    with pytest.raises(SafeExamBrowserRequired):
        exchange_proof(context, claims, nonce, *make_proof(foreign, nonce))
    with pytest.raises(SafeExamBrowserRequired):  # the invalid proof has consumed the nonce
        exchange_proof(context, claims, nonce, *make_proof(context, nonce))


def test_missing_key_is_rejected() -> None:
    context, claims = context_with()
    nonce = issue_nonce(context, claims.subject).nonce
    with pytest.raises(SafeExamBrowserRequired):
        exchange_proof(context, claims, nonce, SebProof(API_URL + nonce, ""), NOTHING)


@SOURCES
def test_nonce_of_another_session_is_rejected(make_proof: MakeProof) -> None:
    context, claims = context_with()
    add_session(context, "07e7", candidate_id="candidate-two")
    nonce = issue_nonce(context, "07e7").nonce
    with pytest.raises(SafeExamBrowserRequired):
        exchange_proof(context, claims, nonce, *make_proof(context, nonce))


@SOURCES
def test_expired_nonce_is_rejected(make_proof: MakeProof) -> None:
    context, claims = context_with()
    nonce = issue_nonce(context, claims.subject).nonce
    context.clock.advance(NONCE_TTL)
    with pytest.raises(SafeExamBrowserRequired):
        exchange_proof(context, claims, nonce, *make_proof(context, nonce))


def test_listed_browser_exam_keys_are_required() -> None:
    context, claims = context_with(SebRule(SebUse.REQUIRED, ("a" * 64,)))
    for key, is_valid in (("b" * 64, False), ("a" * 64, True)):
        nonce = issue_nonce(context, claims.subject).nonce
        _, page = by_page(context, nonce)
        proof = SebProof(
            "", page.config_hash, digest(f"{exam_page_url(context)}?nonce={nonce}", key)
        )
        if is_valid:
            exchange_proof(context, claims, nonce, NOTHING, proof)
        else:
            with pytest.raises(SafeExamBrowserRequired):
                exchange_proof(context, claims, nonce, NOTHING, proof)


def test_optional_seb_opens_the_paper_without_proof() -> None:
    context, claims = context_with(SebRule(SebUse.ALLOWED))
    assert claims.sitting is not None
    require_session_proven(context, claims)


def test_disabled_seb_offers_no_file_and_no_nonce() -> None:
    context, claims = context_with(SebRule())
    with pytest.raises(NotFound):
        config_file_for(context, EXAM, SUBJECT)
    with pytest.raises(NotFound):
        config_file_for(context, EXAM, "none")
    with pytest.raises(NotFound):
        issue_nonce(context, claims.subject)


@pytest.mark.parametrize("state", sorted(FINAL_STATES))
def test_nonce_after_the_end_is_not_issued(state: State) -> None:
    context, _ = context_with()
    ended: Session = add_session(context, state=state)
    with pytest.raises(NotFound):
        issue_nonce(context, ended.session_id)
