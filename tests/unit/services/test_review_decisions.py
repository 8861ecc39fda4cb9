"""Reviews, evidence and exported records, in memory."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.review.access_log import AccessedItem
from chalicelib.domain.review.evidence import Evidence, RelativePosition, with_exhibits
from chalicelib.domain.review.record_integrity import verify_record
from chalicelib.domain.review.reviews import ReasonCode, ReviewStatus, Verdict
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.types import SECOND, Millis, Role, SittingKind, View
from chalicelib.services.messaging import chat, warnings
from chalicelib.services.messaging.warnings import WarningText
from chalicelib.services.proctoring import access_log
from chalicelib.services.review import decisions, evidence, record_export
from chalicelib.services.review.decisions import RulingInput
from chalicelib.services.review.evidence import LiveScreenshot
from tests.support import builders as build
from tests.support.builders import EMBEDDING, NOW, OTHER_ROOM, ROOM, SUBJECT
from tests.support.fake_context import (
    FakeContext,
    act_by,
    add_session,
    fake_context,
    update_identity,
)

CONFIRM = RulingInput(Verdict.CONFIRM, ReasonCode.DEVICE)
DISMISS = RulingInput(Verdict.DISMISS, ReasonCode.MISTAKEN)
SESSION = "5e55"


@pytest.fixture
def context() -> FakeContext:
    made = fake_context()
    add_session(made)
    return made


@pytest.fixture
def proctor(context: FakeContext) -> Staff:
    return context.registry.staff("proctor")


def capture(context: FakeContext, at: Millis, view: View = View.FIRST) -> str:
    observation = build.observation(SESSION, NOW + at, view=view)
    observation = replace(observation, key=f"{observation.key}.jpg")
    context.media.objects[observation.key] = f"picture of {at}".encode()
    context.sessions.commit(observation)
    return observation.capture_id


def chain_holds(context: FakeContext) -> bool:
    session = context.sessions.session(SESSION)
    audit = context.sessions.audit(SESSION)
    return first_break(audit) is None and session.head.hash == audit[-1].hash


class TestQueue:
    def test_queue_holds_undecided_incidents(self, context: FakeContext, proctor: Staff) -> None:
        first, later = build.flag(SESSION), build.flag(SESSION, NOW + 600 * SECOND)
        context.sessions.commit(first)
        context.sessions.commit(later)
        queue = decisions.review_queue(context, proctor, ROOM)
        assert [incident.flags for incident, _ in queue.incidents] == [(first,), (later,)]
        decisions.review_incident(context, act_by(proctor), [first.flag_id], DISMISS)
        queue = decisions.review_queue(context, proctor, ROOM)
        assert [incident.flags for incident, _ in queue.incidents] == [(later,)]
        assert [review.status for review, _ in queue.closed] == [ReviewStatus.DISMISSED]

    def test_flags_of_practice_sessions_are_not_queued(
        self, context: FakeContext, proctor: Staff
    ) -> None:
        add_session(context, "07e7", kind=SittingKind.TRIAL)
        context.sessions.commit(build.flag("07e7"))
        assert decisions.review_queue(context, proctor, ROOM).incidents == []

    def test_queue_of_another_room_is_not_found(self, context: FakeContext, proctor: Staff) -> None:
        with pytest.raises(NotFound):
            decisions.review_queue(context, proctor, OTHER_ROOM)


class TestDecisions:
    def test_decision_is_audited_and_counted(self, context: FakeContext, proctor: Staff) -> None:
        context.sessions.commit(build.flag(SESSION))
        decisions.review_incident(context, act_by(proctor), [build.flag().flag_id], DISMISS)
        entry = context.sessions.audit(SESSION)[-1]
        assert (entry.actor, entry.action) == ("proctor:proctor", "event_reviewed")
        assert (entry.detail["verdict"], entry.detail["reason"]) == ("dismiss", "mistaken")
        assert chain_holds(context)
        counted = context.registry.decision_counts(SUBJECT)[FindingKind.ABSENT]
        assert (counted.confirmed, counted.dismissed) == (0, 1)

    def test_flag_cannot_be_reviewed_twice(self, context: FakeContext, proctor: Staff) -> None:
        flag, two = build.flag(SESSION), build.flag(SESSION, NOW + SECOND)
        context.sessions.commit(flag)
        context.sessions.commit(two)
        decisions.review_incident(context, act_by(proctor), [two.flag_id], DISMISS)
        before = context.sessions.stored_records(SESSION)
        with pytest.raises(Conflict):
            decisions.review_incident(
                context, act_by(proctor), [flag.flag_id, two.flag_id], CONFIRM
            )
        assert context.sessions.stored_records(SESSION) == before

    def test_repeated_decision_is_the_same_review_and_counts_once(
        self, context: FakeContext, proctor: Staff
    ) -> None:
        context.sessions.commit(build.flag(SESSION))
        by = act_by(proctor)
        reviews = [
            decisions.review_incident(context, by, [build.flag().flag_id], DISMISS)
            for _ in range(3)
        ]
        assert reviews[0] == reviews[1] == reviews[2]
        assert context.registry.decision_counts(SUBJECT)[FindingKind.ABSENT].dismissed == 1
        serious = act_by(proctor)
        grave = RulingInput(Verdict.CONFIRM, ReasonCode.IMPERSONATION)
        review = decisions.review_incident(context, serious, [], grave)
        second = act_by(context.registry.staff("admin"))
        seconds = [
            decisions.second_review(context, second, review.review_id, grave) for _ in range(2)
        ]
        assert seconds[0] == seconds[1]
        assert seconds[0].status is ReviewStatus.CONFIRMED

    @pytest.mark.parametrize("role", Role)
    def test_only_an_admin_decides_on_an_escalated_incident(
        self, context: FakeContext, proctor: Staff, role: Role
    ) -> None:
        escalated = RulingInput(Verdict.ESCALATE, ReasonCode.DEVICE)
        review = decisions.review_incident(context, act_by(proctor), [], escalated)
        other = replace(build.staff("another", role, ROOM), version=1)
        if role is Role.ADMIN:
            decided = decisions.second_review(context, act_by(other), review.review_id, CONFIRM)
            assert decided.status is ReviewStatus.CONFIRMED
            return
        before = context.sessions.stored_records(SESSION)
        with pytest.raises((NotAllowed, NotFound)) as refusal:
            decisions.second_review(context, act_by(other), review.review_id, CONFIRM)
        assert refusal.value.code in {"admin_decides", "not_found"}
        assert role is not Role.PROCTOR or refusal.value.code == "admin_decides"
        assert context.sessions.stored_records(SESSION) == before

    def test_unknown_flag_is_not_found(self, context: FakeContext, proctor: Staff) -> None:
        with pytest.raises(NotFound):
            decisions.review_incident(context, act_by(proctor), ["none"], DISMISS)

    def test_evidence_of_another_session_is_rejected(
        self, context: FakeContext, proctor: Staff
    ) -> None:
        with pytest.raises(BadInput):
            decisions.review_incident(
                context, act_by(proctor), [], replace(CONFIRM, evidence_ids=("another",))
            )

    def test_violation_comes_with_its_evidence(self, context: FakeContext, proctor: Staff) -> None:
        kept = evidence.keep_capture(context, proctor, SESSION, capture(context, 0), "手机")
        ruling = replace(CONFIRM, evidence_ids=(kept.evidence_id,))
        review = decisions.review_incident(context, act_by(proctor), [], ruling)
        shown = decisions.get_violation(context, proctor, SESSION, review.review_id)
        assert shown.evidence == [kept]
        assert shown.review.number

    def test_unconfirmed_review_is_no_violation(self, context: FakeContext, proctor: Staff) -> None:
        context.sessions.commit(build.flag(SESSION))
        review = decisions.review_incident(
            context, act_by(proctor), [build.flag().flag_id], DISMISS
        )
        with pytest.raises(NotFound):
            decisions.get_violation(context, proctor, SESSION, review.review_id)


class TestEvidence:
    def test_capture_is_kept_with_its_neighbours(
        self, context: FakeContext, proctor: Staff
    ) -> None:
        for at in (0, 5_000, 10_000):
            capture(context, at)
        capture(context, 11_000, View.SECOND)
        middle = capture(context, 15_000)
        kept = evidence.keep_capture(context, proctor, SESSION, middle, "")
        assert [(exhibit.position, exhibit.at - NOW) for exhibit in kept.exhibits] == [
            (RelativePosition.BEFORE, 5_000),
            (RelativePosition.BEFORE, 10_000),
            (RelativePosition.MOMENT, 15_000),
        ]
        for at in (20_000, 25_000, 30_000):
            capture(context, at)
        kept = evidence.keep_following_captures(context, proctor, SESSION, kept.evidence_id)
        assert [exhibit.at - NOW for exhibit in kept.exhibits[3:]] == [20_000, 25_000]
        again = evidence.keep_following_captures(context, proctor, SESSION, kept.evidence_id)
        assert again == kept
        assert chain_holds(context)

    def test_keeping_a_capture_again_changes_nothing(
        self, context: FakeContext, proctor: Staff
    ) -> None:
        capture_id = capture(context, 0)
        first = evidence.keep_capture(context, proctor, SESSION, capture_id, "first")
        before = context.sessions.stored_records(SESSION)
        context.media.objects.clear()  # what is kept is not fetched again
        assert evidence.keep_capture(context, proctor, SESSION, capture_id, "second") == first
        assert context.sessions.stored_records(SESSION) == before

    def test_altered_live_screenshot_is_rejected(
        self, context: FakeContext, proctor: Staff
    ) -> None:
        picture = b"what the proctor saw"
        sha256 = hashlib.sha256(picture).hexdigest()
        form = evidence.live_upload_form(context, proctor, SESSION, sha256)
        context.media.objects[form.fields["key"]] = b"something else"
        shot = LiveScreenshot(View.FIRST, sha256, NOW)
        with pytest.raises(BadInput):
            evidence.keep_live_screenshot(context, proctor, SESSION, shot, "")
        context.media.objects[form.fields["key"]] = picture
        kept = evidence.keep_live_screenshot(context, proctor, SESSION, shot, "")
        assert context.evidence_store.objects[kept.exhibits[-1].key] == picture

    def test_live_screenshot_that_is_known_is_not_kept_again(
        self, context: FakeContext, proctor: Staff
    ) -> None:
        picture = b"what the proctor saw"
        shot = LiveScreenshot(View.FIRST, hashlib.sha256(picture).hexdigest(), NOW)
        form = evidence.live_upload_form(context, proctor, SESSION, shot.sha256)
        context.media.objects[form.fields["key"]] = picture
        first = evidence.keep_live_screenshot(context, proctor, SESSION, shot, "first")
        # The upload's own place may be empty by now, or hold something else.
        del context.media.objects[form.fields["key"]]
        capture(context, -SECOND)
        before = context.sessions.stored_records(SESSION)
        again = evidence.keep_live_screenshot(context, proctor, SESSION, shot, "second")
        assert again == first
        assert context.sessions.stored_records(SESSION) == before

    def test_only_files_that_are_not_known_are_added_afterwards(
        self, context: FakeContext, proctor: Staff
    ) -> None:
        kept = evidence.keep_capture(context, proctor, SESSION, capture(context, 0), "")
        early = capture(context, 5_000)
        evidence.keep_following_captures(context, proctor, SESSION, kept.evidence_id)
        # Gone from the media bucket: whoever asks for the known file again would not find it.
        [observation] = context.sessions.observations_of(SESSION, [early])
        del context.media.objects[observation.key]
        late = capture(context, 10_000)
        after = evidence.keep_following_captures(context, proctor, SESSION, kept.evidence_id)
        assert [exhibit.capture_id for exhibit in after.exhibits[1:]] == [early, late]
        entries = [
            entry for entry in context.sessions.audit(SESSION) if entry.action == "evidence_kept"
        ]
        assert [entry.detail["place"] for entry in entries] == ["moment", "after", "after"]
        assert chain_holds(context)

    @pytest.mark.parametrize(("judged", "is_replaced"), [(b"picture of 0", False), (b"x", True)])
    def test_evidence_says_whether_it_is_what_was_judged(
        self,
        context: FakeContext,
        proctor: Staff,
        judged: bytes,
        is_replaced: bool,  # noqa: FBT001
    ) -> None:
        observation = build.observation(SESSION, NOW)
        observation = replace(
            observation,
            key=f"{observation.key}.jpg",
            sha256=hashlib.sha256(judged).hexdigest(),
        )
        context.media.objects[observation.key] = b"picture of 0"
        context.sessions.commit(observation)
        kept = evidence.keep_capture(context, proctor, SESSION, observation.capture_id, "")
        assert [exhibit.replaced for exhibit in kept.exhibits] == [is_replaced]
        assert kept.exhibits[0].judged_sha256 == observation.sha256
        kinds = [flag.kind.value for flag in context.sessions.flags(SESSION)]
        assert kinds == ["capture_replaced"] * is_replaced

    def test_file_that_is_known_is_added_once(self) -> None:
        kept = build.evidence(SESSION)
        after = replace(kept.exhibits[0], position=RelativePosition.AFTER, capture_id="after")
        other = replace(after, capture_id="other")
        once = with_exhibits(kept, [after])
        assert (once.version, once.exhibits[1:]) == (2, (after,))
        assert with_exhibits(once, [after, other]).exhibits[1:] == (after, other)

    def test_moment_of_a_live_screenshot_is_clamped(
        self, context: FakeContext, proctor: Staff
    ) -> None:
        picture = b"picture"
        sha256 = hashlib.sha256(picture).hexdigest()
        context.media.objects[f"inbox/{SESSION}/{sha256}.png"] = picture
        kept = evidence.keep_live_screenshot(
            context, proctor, SESSION, LiveScreenshot(View.FIRST, sha256, 0), ""
        )
        assert kept.at == NOW - 120 * SECOND


def say(context: FakeContext, proctor: Staff) -> None:
    """Warn twice, of which one is acknowledged, and write to each other."""
    for name in ("one", "two"):
        warnings.send_warnings(
            context, proctor, ROOM, [SESSION], WarningText(name, build.localized(name))
        )
    warnings.record_receipt(context, SESSION, "one", acknowledged=True)
    chat.post_as_candidate(context, SESSION, "question", "看不到题目")
    chat.post_as_staff(context, proctor, SESSION, "answer", "请刷新页面")


@pytest.fixture
def exported(context: FakeContext, proctor: Staff) -> tuple[dict[str, Any], dict[str, bytes]]:
    """A record with three kept files, as it comes out of its file again."""
    capture(context, 0)
    evidence.keep_capture(context, proctor, SESSION, capture(context, 5_000), "")
    evidence.keep_capture(context, proctor, SESSION, capture(context, 50_000, View.SECOND), "")
    access_log.record_access(context, proctor, SESSION, AccessedItem.CANDIDATE)
    say(context, proctor)
    record = record_export.export_record(
        context, SESSION, "proctor:proctor", captures=True, answers=True
    )
    return json.loads(json.dumps(record)), dict(context.evidence_store.objects)


type Exported = tuple[dict[str, Any], dict[str, bytes]]


class TestRecordIntegrity:
    def test_valid_record_has_no_faults(self, exported: Exported) -> None:
        record, files = exported
        assert len(files) == 3
        assert verify_record(record, files.get) == []

    def test_embedding_is_not_exported(self, context: FakeContext) -> None:
        update_identity(context, SESSION, embedding=EMBEDDING)
        record = record_export.export_record(
            context, SESSION, "proctor:proctor", captures=True, answers=True
        )
        assert record["identity"]["embedding"] is None
        assert EMBEDDING not in json.dumps(record)

    def test_who_watches_reads_when_was_answered_and_not_what(self, context: FakeContext) -> None:
        saved = build.answer(SESSION, "q1", 2, "机密作答")
        context.sessions.save_answer(saved, 1, None)
        told = record_export.export_record(context, SESSION, "p", captures=False, answers=False)
        [row] = told["answers"]
        assert row.keys() == {"session_id", "question_id", "sequence", "saved_at"}
        assert "机密作答" not in json.dumps(told, ensure_ascii=False)
        files: dict[str, bytes] = {}
        assert verify_record(json.loads(json.dumps(told)), files.get) == []

    def test_changed_byte_of_a_file_is_detected(self, exported: Exported) -> None:
        record, files = exported
        for key, data in files.items():
            for place in range(len(data)):
                changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
                assert [
                    fault.where for fault in verify_record(record, {**files, key: changed}.get)
                ] == [key]

    def test_missing_file_is_detected(self, exported: Exported) -> None:
        record, files = exported
        for key in files:
            rest = {name: data for name, data in files.items() if name != key}
            assert [fault.where for fault in verify_record(record, rest.get)] == [key]

    @pytest.mark.parametrize("chain", ["audit", "looks", "warnings", "chat", "chat_head"])
    def test_changed_character_of_a_chain_is_detected(self, exported: Exported, chain: str) -> None:
        record, files = exported
        text = json.dumps(record[chain], ensure_ascii=False)
        count = 0
        for place, letter in enumerate(text):
            if not letter.isalnum():
                continue
            other = "1" if letter != "1" else "2"
            try:
                rows = json.loads(text[:place] + other + text[place + 1 :])
            except ValueError:
                continue  # it is no JSON any more, which shows by itself
            if rows == record[chain]:
                continue
            count += 1
            assert verify_record({**record, chain: rows}, files.get), text[
                max(place - 20, 0) : place + 9
            ]
        assert count > 60

    @pytest.mark.parametrize("part", ["audit", "warnings", "chat"])
    @pytest.mark.parametrize(
        "tampered",
        [
            lambda rows: rows[1:],
            lambda rows: rows[:-1],
            lambda rows: rows[::-1],
            lambda rows: [*rows, rows[-1]],
            lambda rows: [*rows[:1], *rows],
        ],
        ids=["first gone", "last gone", "turned round", "last twice", "first twice"],
    )
    def test_changed_order_or_length_of_a_chain_is_detected(
        self, exported: Exported, tampered: Callable[[list[Any]], list[Any]], part: str
    ) -> None:
        record, files = exported
        assert len(record[part]) >= 2
        assert verify_record({**record, part: tampered(record[part])}, files.get)

    def test_evidence_list_must_match_the_audit_chain(self, exported: Exported) -> None:
        record, files = exported
        assert verify_record({**record, "evidence": record["evidence"][1:]}, files.get)
        added = asdict(build.evidence(SESSION))
        assert verify_record({**record, "evidence": [*record["evidence"], added]}, files.get)

    @pytest.mark.parametrize("broken", [{}, {"audit": 1}, {"audit": [{"number": 1}]}])
    def test_invalid_record_is_rejected(self, exported: Exported, broken: dict[str, Any]) -> None:
        files: dict[str, bytes] = {}
        record = {**exported[0], **broken} if broken else {}
        assert [fault.where for fault in verify_record(record, files.get)] == ["record.json"]


def test_evidence_keys_are_unique(context: FakeContext, proctor: Staff) -> None:
    items: list[Evidence] = [
        evidence.keep_capture(context, proctor, SESSION, capture(context, at), "")
        for at in (0, 5_000)
    ]
    assert len(record_export.evidence_keys(items)) == 2
