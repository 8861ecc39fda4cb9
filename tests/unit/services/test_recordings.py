"""Recordings as devices ask for them: plans and forms, pending segments, gaps, the screen."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.capture.cameras import MAX_SCREEN_CHANGES
from chalicelib.domain.errors import TooMany, WrongState
from chalicelib.domain.exams.accommodations import Accommodation
from chalicelib.domain.monitoring.flags import FlagUpdate
from chalicelib.domain.monitoring.signs import CertainSign, open_sign
from chalicelib.domain.recording.recording_gaps import GapReason, RecordingGap
from chalicelib.domain.recording.recording_plans import (
    MAX_PLANS,
    PENDING_GRACE,
    RecordingDevice,
)
from chalicelib.domain.recording.recording_rule import RecordingMode, RecordingRule, Track
from chalicelib.domain.recording.screen_sharing import NEVER_SHARED, ScreenStatus
from chalicelib.domain.recording.segments import Container, make_segment_id, slot_from
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.sessions.sessions import Receipt
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, SECOND, Role, View
from chalicelib.services.admin.candidates import set_accommodation
from chalicelib.services.monitoring.observations import flag_records
from chalicelib.services.monitoring.recordings import (
    PendingSegment,
    RecordingReport,
    RecordingUploads,
    plan_recordings,
)
from chalicelib.services.monitoring.screen_sharing import forget_screen, report_screen
from chalicelib.services.monitoring.session_rules import profile_of
from chalicelib.services.sitting.check_in import start_answering
from chalicelib.services.sitting.recording_consent import answer
from tests.support import builders as build
from tests.support.builders import NOW
from tests.support.fake_context import FakeContext, add_session

SID = "5e55"
ALL = RecordingRule(RecordingMode.ALL, RecordingMode.ALL, RecordingMode.ALL)
COMPUTER, PHONE = RecordingDevice.COMPUTER, RecordingDevice.PHONE


def recorded(context: FakeContext, **changes: Any) -> None:
    """Store a session that records everything, with consent and a phone."""
    settings = {"recording": ALL, "recording_consent": True, "second_view_joined_at": NOW}
    add_session(context, SID, **(settings | changes))


def plan(
    context: FakeContext, device: RecordingDevice = COMPUTER, **changes: Any
) -> RecordingUploads:
    tracks = tuple(Track) if device is COMPUTER else (Track.SECOND,)
    report = replace(RecordingReport(Container.WEBM, tracks), **changes)
    return plan_recordings(context, SID, device, report)


def past_slot(track: Track = Track.FIRST, ago: int = 10 * MINUTE) -> PendingSegment:
    return PendingSegment(track, make_segment_id(SID, track, slot_from(SID, NOW + MINUTE - ago)))


def open_details(context: FakeContext) -> list[str]:
    flags = context.sessions.bundle(SID).monitor.open_flags
    return [flag.detail for flag in flags if flag.kind is FindingKind.SCREEN_NOT_SHARED]


class TestPlans:
    def test_each_device_gets_its_tracks_and_bound_forms(self, context: FakeContext) -> None:
        recorded(context)
        uploads = plan(context)
        assert {upload.segment.track for upload in uploads.segments} == {Track.FIRST, Track.SCREEN}
        form = uploads.segments[0].form
        segment = uploads.segments[0].segment
        assert form.fields["key"] == f"recordings/{SID}/{segment.track}/{segment.segment_id}.webm"
        assert form.content_type == "video/webm"
        assert form.max_bytes == 6_000_000
        assert form.fields["metadata"] == "sha256,began-at,ended-at"
        ends_in = (segment.begins_at + 10 * SECOND - NOW) // SECOND
        assert int(form.fields["seconds"]) == ends_in + 5 * 60
        assert context.clock() < uploads.next_at < NOW + MINUTE
        phone = plan(context, PHONE, container=Container.MP4)
        assert {upload.segment.track for upload in phone.segments} == {Track.SECOND}
        assert phone.segments[0].form.content_type == "video/mp4"

    def test_a_plan_takes_two_reads_and_one_write(self, context: FakeContext) -> None:
        recorded(context)
        context.sessions.calls.clear()
        plan(context)
        assert context.sessions.calls == ["session", "recording_plan", "commit"]

    def test_only_what_the_device_can_record_is_planned(self, context: FakeContext) -> None:
        recorded(context)
        uploads = plan(context, tracks=(Track.FIRST, Track.SECOND))
        assert {upload.segment.track for upload in uploads.segments} == {Track.FIRST}
        assert list(uploads.tracks) == [Track.FIRST, Track.SCREEN]

    @pytest.mark.parametrize("consent", [None, False])
    def test_nothing_is_planned_without_consent(
        self, context: FakeContext, *, consent: bool | None
    ) -> None:
        recorded(context, recording_consent=consent)
        uploads = plan(context, pending=(past_slot(),))
        assert (uploads.segments, uploads.tracks, uploads.renewed) == ((), {}, ())
        assert uploads.dropped == (past_slot().segment_id,)

    def test_nothing_is_planned_for_tracks_that_the_rule_leaves_out(
        self, context: FakeContext
    ) -> None:
        recorded(context, recording=RecordingRule(first=RecordingMode.ALL))
        assert {upload.segment.track for upload in plan(context).segments} == {Track.FIRST}
        assert plan(context, PHONE).segments == ()

    @pytest.mark.parametrize("state", [State.SECOND_VIEW_READY, State.SUBMITTED, State.DECLINED])
    def test_nothing_is_planned_before_the_waiting_room_or_after_the_end(
        self, context: FakeContext, state: State
    ) -> None:
        recorded(context, state=state)
        assert plan(context).segments == ()

    def test_reloads_are_bounded(self, context: FakeContext) -> None:
        recorded(context)
        for _ in range(MAX_PLANS):
            plan(context)
        with pytest.raises(TooMany):
            plan(context)
        plan(context, PHONE)

    def test_around_flags_the_device_learns_what_to_keep(self, context: FakeContext) -> None:
        recorded(context, recording=RecordingRule(first=RecordingMode.FLAGS))
        assert plan(context).kept == ()
        bundle = context.sessions.bundle(SID)
        sign = CertainSign(FindingKind.HEADSET, View.FIRST, NOW)
        update: FlagUpdate = open_sign(bundle.monitor, sign, profile_of(bundle.session), NOW)
        context.sessions.commit(*flag_records(bundle, update, NOW))
        [kept] = plan(context).kept
        assert (kept.began_at, kept.ended_at) == (NOW - MINUTE, NOW + MINUTE)

    def test_where_all_is_recorded_nothing_is_said_of_ranges(self, context: FakeContext) -> None:
        recorded(context)
        before = context.sessions.calls.count("flags")
        assert plan(context).kept == ()
        assert context.sessions.calls.count("flags") == before


class TestPending:
    def test_a_segment_of_the_sitting_gets_another_form(self, context: FakeContext) -> None:
        recorded(context, created_at=NOW - 60 * MINUTE)
        [renewed] = plan(context, pending=(past_slot(),)).renewed
        assert renewed.pending == past_slot()
        assert renewed.form.fields["seconds"] == str(5 * 60)

    def test_what_is_here_already_is_dropped(self, context: FakeContext) -> None:
        recorded(context, created_at=NOW - 60 * MINUTE)
        at = slot_from(SID, NOW - 9 * MINUTE)
        context.sessions.commit(build.segment(SID, Track.FIRST, at))
        pending = PendingSegment(Track.FIRST, make_segment_id(SID, Track.FIRST, at))
        assert plan(context, pending=(pending,)).dropped == (pending.segment_id,)

    def test_what_is_not_of_the_sitting_is_dropped(self, context: FakeContext) -> None:
        recorded(context, created_at=NOW - 5 * MINUTE)
        invented = PendingSegment(Track.FIRST, f"{NOW:013d}-00000000")
        at = slot_from(SID, NOW - 2 * MINUTE)
        foreign = PendingSegment(Track.FIRST, make_segment_id("0the4", Track.FIRST, at))
        other_device = PendingSegment(Track.SECOND, make_segment_id(SID, Track.SECOND, at))
        future = PendingSegment(
            Track.FIRST, make_segment_id(SID, Track.FIRST, slot_from(SID, NOW + MINUTE))
        )
        pending = (invented, foreign, other_device, future, past_slot(ago=30 * MINUTE))
        uploads = plan(context, pending=pending)
        assert uploads.renewed == ()
        assert len(uploads.dropped) == len(pending)

    def test_it_is_served_for_two_hours_after_the_end(self, context: FakeContext) -> None:
        receipt = Receipt("R", NOW, "0" * 64, 4, 4)
        recorded(context, created_at=NOW - 60 * MINUTE, state=State.SUBMITTED, receipt=receipt)
        context.clock.now = NOW + PENDING_GRACE - SECOND
        assert plan(context, pending=(past_slot(),)).renewed
        after_end = PendingSegment(
            Track.FIRST, make_segment_id(SID, Track.FIRST, slot_from(SID, NOW))
        )
        assert plan(context, pending=(after_end,)).dropped
        context.clock.now = NOW + PENDING_GRACE
        assert plan(context, pending=(past_slot(),)).dropped


class TestGaps:
    def gap(self, track: Track = Track.FIRST) -> RecordingGap:
        return RecordingGap(track, NOW, NOW + 3 * SECOND, GapReason.PAGE_CLOSED)

    def told(self, context: FakeContext) -> list[tuple[object, object]]:
        return [
            (entry.detail["track"], entry.detail["reason"])
            for entry in context.sessions.audit(SID)
            if entry.action == "recording_gap"
        ]

    def test_are_audited_once_in_one_write(self, context: FakeContext) -> None:
        recorded(context)
        gaps = (self.gap(), replace(self.gap(), reason=GapReason.MUTED), self.gap(Track.SECOND))
        for _ in range(2):
            plan(context, gaps=gaps)
        assert sorted(self.told(context)) == [("first", "muted"), ("first", "page_closed")]
        assert first_break(context.sessions.audit(SID)) is None

    def test_of_tracks_that_are_not_recorded_are_nothing(self, context: FakeContext) -> None:
        recorded(context, recording=RecordingRule(second=RecordingMode.ALL))
        plan(context, gaps=(self.gap(),))
        assert self.told(context) == []


class TestConsent:
    def test_withdrawn_ends_recording_and_the_screens_flag(self, context: FakeContext) -> None:
        recorded(context)
        report_screen(context, SID, ScreenStatus.STOPPED)
        assert open_details(context) == ["stopped"]
        for _ in range(2):
            answer(context, SID, agreed=False)
        assert open_details(context) == []
        assert plan(context, pending=(past_slot(),)).segments == ()
        actions = [entry.action for entry in context.sessions.audit(SID)]
        assert actions.count("recording_consent") == 1

    def test_is_not_given_anew_while_answering(self, context: FakeContext) -> None:
        recorded(context, recording_consent=False)
        with pytest.raises(WrongState):
            answer(context, SID, agreed=True)


class TestScreen:
    @pytest.mark.parametrize(
        "status", [ScreenStatus.WINDOW, ScreenStatus.STOPPED, ScreenStatus.REFUSED]
    )
    def test_not_shared_is_flagged_until_it_is(
        self, context: FakeContext, status: ScreenStatus
    ) -> None:
        recorded(context)
        for _ in range(2):
            report_screen(context, SID, status)
        assert open_details(context) == [status]
        report_screen(context, SID, ScreenStatus.SHARED)
        assert open_details(context) == []
        statuses = [
            entry.detail["status"]
            for entry in context.sessions.audit(SID)
            if entry.action == "screen_status"
        ]
        assert statuses == [status, "shared"]

    def test_a_browser_that_cannot_share_is_not_flagged(self, context: FakeContext) -> None:
        recorded(context)
        report_screen(context, SID, ScreenStatus.UNSUPPORTED)
        plan(context, tracks=(Track.FIRST,))
        assert open_details(context) == []

    @pytest.mark.parametrize(
        "changes",
        [
            {"recording_consent": False},
            {"recording": RecordingRule(first=RecordingMode.ALL)},
            {"state": State.WAITING},
        ],
    )
    def test_nothing_is_flagged_where_no_screen_is_recorded_or_before_the_paper(
        self, context: FakeContext, changes: dict[str, Any]
    ) -> None:
        recorded(context, **changes)
        report_screen(context, SID, ScreenStatus.REFUSED)
        assert open_details(context) == []

    def test_a_page_that_tells_nothing_is_flagged_from_the_first_moment(
        self, context: FakeContext
    ) -> None:
        recorded(context, state=State.WAITING)
        start_answering(context, SID)
        assert open_details(context) == [NEVER_SHARED]
        assert first_break(context.sessions.audit(SID)) is None

    def test_a_shared_screen_starts_without_a_flag(self, context: FakeContext) -> None:
        recorded(context, state=State.WAITING)
        report_screen(context, SID, ScreenStatus.SHARED)
        start_answering(context, SID)
        assert open_details(context) == []

    def test_a_plan_without_the_screen_tells_it_too(self, context: FakeContext) -> None:
        recorded(context)
        plan(context, tracks=(Track.FIRST,))
        assert open_details(context) == [NEVER_SHARED]

    def test_another_computer_shares_anew(self, context: FakeContext) -> None:
        recorded(context)
        report_screen(context, SID, ScreenStatus.SHARED)
        forget_screen(context, SID)
        assert open_details(context) == [NEVER_SHARED]
        report_screen(context, SID, ScreenStatus.SHARED)
        assert open_details(context) == []

    def test_changes_are_bounded_and_end_unshared(self, context: FakeContext) -> None:
        recorded(context)
        for _ in range(MAX_SCREEN_CHANGES // 2):
            report_screen(context, SID, ScreenStatus.SHARED)
            report_screen(context, SID, ScreenStatus.STOPPED)
        with pytest.raises(TooMany):
            report_screen(context, SID, ScreenStatus.SHARED)
        entries = len(context.sessions.audit(SID))
        report_screen(context, SID, ScreenStatus.WINDOW)
        assert len(context.sessions.audit(SID)) == entries
        assert open_details(context) == ["stopped"]

    def test_reports_end_with_the_session(self, context: FakeContext) -> None:
        recorded(context, state=State.SUBMITTED)
        with pytest.raises(WrongState):
            report_screen(context, SID, ScreenStatus.STOPPED)

    def test_an_accommodation_closes_the_flag(self, context: FakeContext) -> None:
        candidate = context.registry.candidate("candidate-one")
        session_id = build.session_id_of(candidate.candidate_id)
        add_session(context, session_id, recording=ALL, recording_consent=True)
        report_screen(context, session_id, ScreenStatus.REFUSED)
        admin = build.staff("admin", Role.ADMIN)
        excepted = Accommodation(unrecorded=(Track.SCREEN,))
        set_accommodation(context, admin, candidate, excepted, "医院证明")
        assert context.sessions.bundle(session_id).monitor.open_flags == ()
