"""Recordings: what is recorded of whom, segments and their chain, plans, gaps, kept ranges."""

from dataclasses import replace

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import TooMany, WrongState
from chalicelib.domain.exams.accommodations import Accommodation
from chalicelib.domain.recording.recording_gaps import GapReason, RecordingGap, merged_gaps
from chalicelib.domain.recording.recording_log import RecordingLogHead, log_segment
from chalicelib.domain.recording.recording_plans import (
    KEPT_AROUND,
    MAX_GAPS_TOLD,
    MAX_PLANS,
    PLAN_LENGTH,
    KeptRange,
    RecordingDevice,
    RecordingPlan,
    kept_ranges,
    next_plan,
    tell_gaps,
)
from chalicelib.domain.recording.recording_rule import (
    RecordingMode,
    RecordingQuality,
    RecordingRule,
    Track,
    track_format,
    without_tracks,
)
from chalicelib.domain.recording.segments import (
    SEGMENT_LENGTH,
    TIME_TOLERANCE,
    Container,
    SegmentPlace,
    begins_at_from_id,
    bounded_times,
    is_segment_of,
    make_segment_id,
    place_from_key,
    slot_from,
)
from chalicelib.domain.rules.safe_exam_browser import SebRule, SebUse
from chalicelib.domain.sessions.opening import open_session
from chalicelib.domain.sessions.recorded_tracks import (
    apply_recording_consent,
    recordable_tracks,
    recorded_tracks,
)
from chalicelib.domain.sessions.session_clock import apply_accommodation
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, SECOND, Millis, SittingKind
from tests.support import builders as build
from tests.support.builders import NOW

EVERYTHING = RecordingRule(RecordingMode.ALL, RecordingMode.FLAGS, RecordingMode.ALL)
SID = "5e55"
PLAN = RecordingPlan(SID, RecordingDevice.COMPUTER)


class TestRecordedTracks:
    def test_nothing_is_recorded_without_consent(self) -> None:
        session = build.session(recording=EVERYTHING, second_view_joined_at=NOW)
        for answer in (None, False):
            assert recorded_tracks(replace(session, recording_consent=answer)) == {}
        assert recorded_tracks(replace(session, recording_consent=True)) == {
            Track.FIRST: RecordingMode.ALL,
            Track.SECOND: RecordingMode.FLAGS,
            Track.SCREEN: RecordingMode.ALL,
        }

    def test_the_second_track_begins_with_the_phone(self) -> None:
        session = build.session(recording=EVERYTHING, recording_consent=True)
        assert Track.SECOND not in recorded_tracks(session)
        assert Track.SECOND in recordable_tracks(session)

    def test_a_session_takes_the_subjects_rule_and_its_chain_attests_it(self) -> None:
        subject = build.subject(recording=EVERYTHING)
        opened = open_session(subject, build.candidate(), SittingKind.TRIAL, NOW, "candidate")
        assert opened.session.recording == EVERYTHING
        assert opened.session.recording_consent is None
        assert opened.entry.detail["record_first"] == "all"
        assert opened.entry.detail["record_second"] == "flags"

    def test_an_accommodation_excepts_tracks(self) -> None:
        accommodation = Accommodation(unrecorded=(Track.FIRST, Track.SCREEN))
        candidate = build.candidate(accommodation=accommodation)
        subject = build.subject(recording=EVERYTHING)
        session = open_session(subject, candidate, SittingKind.OFFICIAL, NOW, "candidate").session
        assert list(recordable_tracks(session)) == [Track.SECOND]

    def test_an_accommodation_ends_the_recording_of_an_open_session_for_good(self) -> None:
        session = build.session(recording=EVERYTHING, recording_consent=True)
        excepted = Accommodation(unrecorded=(Track.FIRST,))
        changed = apply_accommodation(session, excepted, 0, NOW, "admin:a", "医院证明")
        assert changed.entry.detail["unrecorded"] == "first"
        assert list(recorded_tracks(changed.session)) == [Track.SCREEN]
        again = apply_accommodation(changed.session, Accommodation(), 0, NOW, "admin:a", "改回")
        assert list(recorded_tracks(again.session)) == [Track.SCREEN]

    def test_safe_exam_browser_has_no_screen_to_record(self) -> None:
        subject = build.subject(recording=EVERYTHING, safe_browser=SebRule(SebUse.REQUIRED))
        opened = open_session(subject, build.candidate(), SittingKind.OFFICIAL, NOW, "candidate")
        assert Track.SCREEN not in recordable_tracks(opened.session)
        assert opened.entry.detail["record_screen"] == "none"

    def test_formats_grow_with_quality_and_screens_have_no_sound(self) -> None:
        assert track_format(Track.FIRST, RecordingQuality.STANDARD).width == 640
        for track in Track:
            bits = [track_format(track, quality).video_bits for quality in RecordingQuality]
            assert bits == sorted(bits)
        assert track_format(Track.SCREEN, RecordingQuality.HIGH).audio_bits == 0
        assert track_format(Track.SECOND, RecordingQuality.LOW).audio_bits == 32_000

    def test_a_rule_without_tracks_records_nothing(self) -> None:
        assert EVERYTHING.records
        assert not without_tracks(EVERYTHING, frozenset(Track)).records
        assert not RecordingRule().records


class TestConsent:
    def test_is_given_and_audited_once(self) -> None:
        session = build.session(state=State.PLEDGED, recording=EVERYTHING)
        given = apply_recording_consent(session, NOW, agreed=True)
        assert given is not None
        assert given.session.recording_consent is True
        assert given.entry.action == "recording_consent"
        assert given.entry.detail["tracks"] == "first,second,screen"
        assert apply_recording_consent(given.session, NOW, agreed=True) is None

    def test_a_refusal_may_become_consent_until_answering(self) -> None:
        refused = build.session(state=State.WAITING, recording=EVERYTHING, recording_consent=False)
        assert apply_recording_consent(refused, NOW, agreed=True) is not None
        with pytest.raises(WrongState):
            apply_recording_consent(replace(refused, state=State.ANSWERING), NOW, agreed=True)

    @pytest.mark.parametrize("state", [State.WAITING, State.ANSWERING, State.PAUSED])
    def test_is_withdrawn_at_any_time(self, state: State) -> None:
        session = build.session(state=state, recording=EVERYTHING, recording_consent=True)
        withdrawn = apply_recording_consent(session, NOW, agreed=False)
        assert withdrawn is not None
        assert withdrawn.entry.detail["withdrawn"] is True
        assert recorded_tracks(withdrawn.session) == {}

    @pytest.mark.parametrize("state", [State.SIGNED_IN, State.SUBMITTED])
    def test_is_asked_between_the_details_and_the_end(self, state: State) -> None:
        session = build.session(state=state, recording=EVERYTHING)
        for agreed in (True, False):
            with pytest.raises(WrongState):
                apply_recording_consent(session, NOW, agreed=agreed)

    def test_is_not_asked_where_nothing_is_recorded(self) -> None:
        with pytest.raises(WrongState, match="not_recorded"):
            apply_recording_consent(build.session(state=State.PLEDGED), NOW, agreed=True)


class TestSegments:
    def test_a_slot_has_one_id_which_nobody_can_invent(self) -> None:
        begins_at = slot_from(SID, NOW)
        segment_id = make_segment_id(SID, Track.FIRST, begins_at)
        assert begins_at_from_id(segment_id) == begins_at
        assert is_segment_of(SID, Track.FIRST, segment_id)
        assert not is_segment_of(SID, Track.SECOND, segment_id)
        assert not is_segment_of("0the4", Track.FIRST, segment_id)
        beside = make_segment_id(SID, Track.FIRST, begins_at + 1)
        assert not is_segment_of(SID, Track.FIRST, beside), "between two slots"
        assert not is_segment_of(SID, Track.FIRST, f"{begins_at:013d}-00000000")
        assert not is_segment_of(SID, Track.FIRST, "../../evidence")

    def test_slots_lie_ten_seconds_apart_and_rooms_are_spread(self) -> None:
        first = slot_from(SID, NOW)
        assert NOW <= first < NOW + SEGMENT_LENGTH
        assert slot_from(SID, first) == first
        assert slot_from(SID, first + 1) == first + SEGMENT_LENGTH
        shifts = {slot_from(f"session-{number}", NOW) for number in range(50)}
        assert len(shifts) > 40

    def test_a_key_says_what_it_is_of(self) -> None:
        segment_id = make_segment_id(SID, Track.SCREEN, slot_from(SID, NOW))
        place = SegmentPlace(SID, Track.SCREEN, segment_id, Container.MP4)
        assert place.key == f"recordings/{SID}/screen/{segment_id}.mp4"
        assert place_from_key(place.key) == place
        for key in ("snapshots/5e55/first/a.jpg", f"recordings/{SID}/desk/{segment_id}.mp4"):
            assert place_from_key(key) is None
        with pytest.raises(ValueError, match="nonsense"):
            begins_at_from_id("nonsense")

    @pytest.mark.parametrize(
        ("began", "ended", "is_kept"),
        [
            (200, 10_100, True),
            (-TIME_TOLERANCE, SEGMENT_LENGTH + TIME_TOLERANCE, True),
            (-TIME_TOLERANCE - 1, 9_000, False),
            (0, SEGMENT_LENGTH + TIME_TOLERANCE + 1, False),
            (5_000, 5_000, False),
        ],
    )
    def test_announced_times_hold_near_their_slot(
        self, began: Millis, ended: Millis, *, is_kept: bool
    ) -> None:
        begins_at = slot_from(SID, NOW)
        segment_id = make_segment_id(SID, Track.FIRST, begins_at)
        times = bounded_times(segment_id, begins_at + began, begins_at + ended)
        expected = (began, ended) if is_kept else (0, SEGMENT_LENGTH)
        assert times == (begins_at + expected[0], begins_at + expected[1])

    def test_the_chain_of_segments_breaks_where_one_is_changed(self) -> None:
        head, entries = RecordingLogHead(SID), []
        for number in range(3):
            segment = build.segment(SID, Track.FIRST, NOW + number * SEGMENT_LENGTH)
            head, logged = log_segment(head, segment, NOW)
            entries.append(logged.entry)
        assert head.version == head.head.count == 3
        assert first_break(entries) is None
        assert entries[1].detail["sha256"] == "a" * 64
        forged = replace(entries[1], detail={**entries[1].detail, "sha256": "b" * 64})
        assert first_break([entries[0], forged, entries[2]]) == 2
        assert first_break([entries[0], entries[2]]) == 2


class TestPlans:
    def test_a_plan_covers_a_minute_without_a_hole(self) -> None:
        plan, segments = next_plan(PLAN, [Track.SCREEN, Track.FIRST], NOW)
        for track in (Track.FIRST, Track.SCREEN):
            begins = [segment.begins_at for segment in segments if segment.track is track]
            assert len(begins) == PLAN_LENGTH // SEGMENT_LENGTH
            assert NOW < begins[0] <= NOW + SEGMENT_LENGTH + SECOND
            assert begins == list(range(begins[0], begins[0] + PLAN_LENGTH, SEGMENT_LENGTH))
        assert plan.version == 1

    def test_plans_join_and_a_reload_misses_no_slot(self) -> None:
        plan, first = next_plan(PLAN, [Track.FIRST], NOW)
        later = NOW + 50 * SECOND
        plan, second = next_plan(plan, [Track.FIRST], later)
        assert {segment.segment_id for segment in first if segment.begins_at > later + SECOND} <= {
            segment.segment_id for segment in second
        }
        last = max(segment.begins_at for segment in first)
        assert max(segment.begins_at for segment in second) == last + PLAN_LENGTH
        _, reloaded = next_plan(plan, [Track.FIRST], later + 2 * SECOND)
        assert reloaded[0].begins_at <= later + 2 * SECOND + SEGMENT_LENGTH + SECOND

    def test_reloads_are_bounded(self) -> None:
        plan = PLAN
        for number in range(MAX_PLANS):
            plan, segments = next_plan(plan, [Track.FIRST], NOW + number)
            assert len(segments) <= 9
        with pytest.raises(TooMany):
            next_plan(plan, [Track.FIRST], NOW + SECOND)
        next_plan(plan, [Track.FIRST], NOW + PLAN_LENGTH + SECOND)

    def test_gaps_are_told_once_and_not_without_end(self) -> None:
        gap = RecordingGap(Track.FIRST, NOW, NOW + SECOND, GapReason.FROZEN)
        plan, told = tell_gaps(PLAN, [gap])
        assert told == (gap,)
        plan, told = tell_gaps(plan, [gap, replace(gap, reason=GapReason.MUTED)])
        assert [gap.reason for gap in told] == [GapReason.MUTED]
        assert (
            tell_gaps(replace(plan, gap_count=MAX_GAPS_TOLD), [replace(gap, ended_at=0)])[1] == ()
        )


class TestGaps:
    def test_those_that_touch_and_have_one_reason_are_one(self) -> None:
        gaps = [
            RecordingGap(Track.FIRST, NOW + at, NOW + at + 10 * SECOND, GapReason.FROZEN)
            for at in (20 * SECOND, 0, 10 * SECOND)
        ]
        other = RecordingGap(Track.FIRST, NOW, NOW + SECOND, GapReason.MUTED)
        merged = merged_gaps([*gaps, other], Track, NOW, NOW + MINUTE)
        assert sorted((gap.reason, gap.ended_at - NOW) for gap in merged) == [
            (GapReason.FROZEN, 30 * SECOND),
            (GapReason.MUTED, SECOND),
        ]

    def test_are_bounded_by_the_session_and_now(self) -> None:
        endless = RecordingGap(Track.FIRST, 0, NOW + 90 * MINUTE, GapReason.FROZEN)
        turned = RecordingGap(Track.FIRST, NOW + SECOND, NOW, GapReason.FROZEN)
        foreign = replace(endless, track=Track.SECOND)
        [gap] = merged_gaps([endless, turned, foreign], [Track.FIRST], NOW - MINUTE, NOW)
        assert (gap.began_at, gap.ended_at) == (NOW - MINUTE, NOW + 5 * SECOND)


class TestKeptRanges:
    def test_a_minute_around_each_flag_and_into_the_future_of_an_open_one(self) -> None:
        ended = (NOW - 20 * MINUTE, NOW - 19 * MINUTE)
        ranges = kept_ranges([(NOW - 2 * MINUTE, None), ended], NOW - 60 * MINUTE, NOW)
        assert ranges == [
            KeptRange(ended[0] - KEPT_AROUND, ended[1] + KEPT_AROUND),
            KeptRange(NOW - 3 * MINUTE, NOW + KEPT_AROUND),
        ]

    def test_overlapping_ranges_are_one_and_old_ones_are_left_out(self) -> None:
        flags = [(NOW - 5 * MINUTE, NOW - 4 * MINUTE), (NOW - 3 * MINUTE, NOW - 2 * MINUTE)]
        assert kept_ranges(flags, 0, NOW) == [KeptRange(NOW - 6 * MINUTE, NOW - MINUTE)]
        assert kept_ranges([(0, 1)], NOW - MINUTE, NOW) == []
