"""Certain and cheap signs: devices, phones, repeated and replaced captures, plans."""

from dataclasses import replace

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.capture.captures import PICTURES_FIRST
from chalicelib.domain.errors import TooMany, WrongState
from chalicelib.domain.monitoring.monitor_state import MAX_PLANS
from chalicelib.domain.rules.device_changes import Origin
from chalicelib.domain.rules.findings import Finding, FindingKind, Observation
from chalicelib.domain.rules.reported_devices import MAX_REPORTS, DeviceReport, is_virtual_camera
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, SECOND, View
from chalicelib.services.monitoring.capture_content import (
    check_content,
    read_capture_context,
    record_capture,
)
from chalicelib.services.monitoring.capture_plans import plan_captures
from chalicelib.services.monitoring.devices import report_devices
from chalicelib.services.monitoring.origins import note_origin_of
from chalicelib.services.sign_in.phone_pairing import (
    CandidateNumbers,
    issue_join_code,
    pair_phone,
)
from tests.support import builders as build
from tests.support.builders import NOW, ORIGIN
from tests.support.fake_context import FakeContext, add_session

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.0 Safari/605.1.15"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/140.0.0.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148"
CALM = DeviceReport(
    "Integrated Camera (5986:2113)", ("Microphone Array", "Speakers"), charging=True
)


def open_kinds(context: FakeContext, session_id: str = "5e55") -> dict[str, str]:
    """The open flags of a session: their kinds, with what each says."""
    flags = context.sessions.bundle(session_id).monitor.open_flags
    return {flag.kind.value: flag.detail for flag in flags}


def other_candidate(context: FakeContext) -> str:
    other = build.candidate("two")
    return add_session(
        context,
        "0the4",
        candidate_id=other.candidate_id,
        admission_number=other.admission_number,
        candidate_name=other.name,
    ).session_id


class TestDevices:
    @pytest.mark.parametrize(
        ("change", "kind", "detail"),
        [
            ({"camera": "OBS Virtual Camera"}, "virtual_camera", "OBS Virtual Camera"),
            ({"camera": "某某虚拟摄像头"}, "virtual_camera", "某某虚拟摄像头"),
            ({"sound": (*CALM.sound, "AirPods Pro")}, "headset", "AirPods Pro"),
            ({"sound": (*CALM.sound, "蓝牙耳机")}, "headset", "蓝牙耳机"),
            ({"charging": False}, "power_unplugged", ""),
        ],
    )
    def test_change_is_told_until_it_is_over(
        self, context: FakeContext, change: dict[str, object], kind: str, detail: str
    ) -> None:
        add_session(context)
        report_devices(context, "5e55", View.FIRST, CALM)
        assert open_kinds(context) == {}
        changed = replace(CALM, **change)  # type: ignore[arg-type]
        for _ in range(2):
            report_devices(context, "5e55", View.FIRST, changed)
        assert open_kinds(context) == {kind: detail}
        [flag] = context.sessions.flags("5e55")
        assert flag.score == 1, "certain, as what has no model behind it"
        report_devices(context, "5e55", View.FIRST, CALM)
        assert open_kinds(context) == {}

    def test_virtual_camera_is_told_before_answering(self, context: FakeContext) -> None:
        add_session(context, state=State.SIGNED_IN)
        report_devices(context, "5e55", View.FIRST, replace(CALM, camera="ManyCam Video Source"))
        assert open_kinds(context) == {"virtual_camera": "ManyCam Video Source"}

    def test_headset_of_the_check_and_unknown_power_are_not_told(
        self, context: FakeContext
    ) -> None:
        add_session(context)
        report_devices(
            context, "5e55", View.FIRST, DeviceReport("USB Camera", ("Headset Microphone",))
        )
        report_devices(
            context,
            "5e55",
            View.FIRST,
            DeviceReport("USB Camera", ("Headset Microphone",), charging=False),
        )
        assert open_kinds(context) == {}

    def test_reports_are_bounded_and_end_with_the_session(self, context: FakeContext) -> None:
        add_session(context)
        for number in range(MAX_REPORTS):
            report_devices(context, "5e55", View.FIRST, replace(CALM, sound=(f"Speaker {number}",)))
        with pytest.raises(TooMany):
            report_devices(context, "5e55", View.FIRST, CALM)
        add_session(context, "0end", state=State.SUBMITTED)
        with pytest.raises(WrongState):
            report_devices(context, "0end", View.FIRST, CALM)

    def test_each_view_has_its_own_camera(self, context: FakeContext) -> None:
        add_session(context)
        virtual = DeviceReport("DroidCam Source 3")
        report_devices(context, "5e55", View.FIRST, CALM)
        report_devices(context, "5e55", View.SECOND, virtual)
        assert open_kinds(context) == {"virtual_camera": "DroidCam Source 3"}
        report_devices(context, "5e55", View.FIRST, replace(CALM, charging=False))
        assert sorted(open_kinds(context)) == ["power_unplugged", "virtual_camera"]
        [flag] = [flag for flag in context.sessions.flags("5e55") if flag.view is View.SECOND]
        assert flag.kind is FindingKind.VIRTUAL_CAMERA
        report_devices(context, "5e55", View.SECOND, DeviceReport("camera2 0, facing back"))
        assert sorted(open_kinds(context)) == ["power_unplugged"]

    @pytest.mark.parametrize(
        "name", ["HP TrueVision HD", "Logitech BRIO", "FaceTime HD Camera", "USB2.0 摄像头", ""]
    )
    def test_ordinary_cameras_are_not_virtual(self, name: str) -> None:
        assert not is_virtual_camera(name)


class TestPhones:
    def pair(
        self,
        context: FakeContext,
        session_id: str,
        who: str,
        device: str,
        origin: Origin = ORIGIN,
        *,
        touch: bool = False,
    ) -> str:
        code = issue_join_code(context, session_id).code
        numbers = CandidateNumbers(f"ADM-{who}", f"ID-{who}-0001", device, touch)
        return pair_phone(context, code, numbers, origin).token

    def test_one_phone_of_two_candidates_is_told_in_both(self, context: FakeContext) -> None:
        add_session(context)
        other = other_candidate(context)
        self.pair(context, "5e55", "one", "phone-1")
        self.pair(context, "5e55", "one", "phone-1")
        assert open_kinds(context) == {}
        self.pair(context, other, "two", "phone-1")
        assert open_kinds(context) == {"shared_phone": "ADM-two"}
        assert open_kinds(context, other) == {"shared_phone": "ADM-one"}

    def test_second_view_in_the_exam_pages_own_browser_is_told(self, context: FakeContext) -> None:
        add_session(context, browser_id="browser-7")
        self.pair(context, "5e55", "one", "browser-7")
        assert open_kinds(context) == {"same_device": ""}
        [flag] = context.sessions.flags("5e55")
        assert (flag.severity, flag.score) == (2, 1.0)

    @pytest.mark.parametrize(
        ("address", "agent", "severity", "score"),
        [
            (HOME, WINDOWS, 2, 1.0),
            (ELSEWHERE, WINDOWS, 1, 0.5),
            (HOME, MAC, 1, 0.5),
            (ELSEWHERE, MAC, 1, 0.5),
        ],
    )
    def test_second_view_in_a_computers_browser_is_told_with_its_strength(
        self, context: FakeContext, address: str, agent: str, severity: int, score: float
    ) -> None:
        add_session(context, browser_id="browser-7", origins=(Origin(HOME, WINDOWS),))
        self.pair(context, "5e55", "one", "browser-8", Origin(address, agent))
        [flag] = context.sessions.flags("5e55")
        assert (flag.kind, flag.view, flag.ended_at) == ("same_device", "second", None)
        assert (flag.severity, flag.score) == (severity, score)
        sign = "=" if address == HOME else "≠"
        assert flag.detail.startswith(f"{address} {sign} {HOME} · Mozilla/5.0 (")

    @pytest.mark.parametrize(
        ("agent", "touch"), [(ANDROID, True), (IPHONE, True), (MAC, True), ("", False)]
    )
    def test_phones_and_tablets_at_home_are_not_told(
        self, context: FakeContext, agent: str, *, touch: bool
    ) -> None:
        add_session(context, browser_id="browser-7", origins=(Origin(HOME, MAC),))
        self.pair(context, "5e55", "one", "browser-8", Origin(HOME, agent), touch=touch)
        assert context.sessions.flags("5e55") == []

    def test_real_phone_after_it_ends_the_flag(self, context: FakeContext) -> None:
        add_session(context, browser_id="browser-7", origins=(Origin(HOME, WINDOWS),))
        self.pair(context, "5e55", "one", "browser-8", Origin(HOME, MAC))
        self.pair(context, "5e55", "one", "browser-8", Origin(HOME, WINDOWS))
        [flag] = context.sessions.bundle("5e55").monitor.open_flags
        assert (flag.severity, flag.score) == (2, 1.0)
        self.pair(context, "5e55", "one", "phone-1", Origin(HOME, ANDROID), touch=True)
        assert open_kinds(context) == {}

    def test_phones_token_in_a_second_place_is_told_once_for_each(
        self, context: FakeContext
    ) -> None:
        add_session(context)
        self.pair(context, "5e55", "one", "phone-1", Origin(HOME, ANDROID))
        for _ in range(2):
            for origin in (Origin(HOME, ANDROID), Origin(ELSEWHERE, IPHONE)):
                session = context.sessions.session("5e55")
                note_origin_of(context, session, origin, View.SECOND)
        [flag] = context.sessions.flags("5e55")
        assert (flag.kind, flag.view, flag.detail) == (
            "origin_changed", "second", f"{HOME} → {ELSEWHERE}",
        )  # fmt: skip
        assert context.sessions.session("5e55").origins == ()
        self.pair(context, "5e55", "one", "phone-2", Origin(ELSEWHERE, IPHONE))
        assert len(context.sessions.flags("5e55")) == 1
        assert first_break(context.sessions.audit("5e55")) is None


def snapshot(
    session_id: str, second: int, sha256: str, view: View = View.FIRST, *kinds: FindingKind
) -> Observation:
    observation = build.observation(session_id, NOW + second * SECOND, *kinds, view=view)
    return replace(observation, sha256=sha256, etag=f"etag of {sha256}")


def record(context: FakeContext, observation: Observation) -> None:
    bundle = context.sessions.bundle(observation.session_id)
    record_capture(context, bundle, observation)


class TestContent:
    def test_two_stills_in_turn_are_told_and_show_each_other(self, context: FakeContext) -> None:
        add_session(context)
        for second in range(0, 25, 5):
            record(context, snapshot("5e55", second, f"still {second % 2}"))
        [flag] = context.sessions.flags("5e55")
        assert flag.kind == "repeated_picture"
        assert snapshot("5e55", 0, "").capture_id in flag.captures

    def test_picture_of_the_other_view_is_told(self, context: FakeContext) -> None:
        add_session(context, second_view_joined_at=NOW)
        for second in (0, 10, 20):
            record(context, snapshot("5e55", second, f"{second}"))
            record(context, snapshot("5e55", second + 3, f"{second}", View.SECOND))
        [flag] = context.sessions.flags("5e55")
        assert (flag.kind, flag.view) == ("repeated_picture", "second")

    def test_picture_of_another_candidate_is_told_in_both(self, context: FakeContext) -> None:
        add_session(context)
        other = other_candidate(context)
        for second in (0, 5):
            record(context, snapshot("5e55", second, f"{second}"))
        for second in (10, 15):
            record(context, snapshot(other, second, f"{second - 10}"))
        assert open_kinds(context) == {"repeated_picture": "ADM-two"}
        assert open_kinds(context, other) == {"repeated_picture": "ADM-one"}

    def test_redelivery_and_even_surfaces_are_not_told(self, context: FakeContext) -> None:
        add_session(context)
        for _ in range(3):
            record(context, snapshot("5e55", 0, "one picture"))
        for second in range(5, 30, 5):
            covered = FindingKind.CAMERA_COVERED
            record(context, snapshot("5e55", second, "black", View.FIRST, covered))
        assert open_kinds(context) == {"camera_covered": ""}

    def test_capture_replaced_after_it_was_judged_is_told_once(self, context: FakeContext) -> None:
        add_session(context)
        judged = snapshot("5e55", 0, "empty chair")
        record(context, judged)
        known = read_capture_context(context, "5e55", judged.capture_id)
        assert known.observation == judged
        check_content(context, judged, judged.etag or "")
        assert open_kinds(context) == {}
        for etag in ("clean", "clean", "cleaner"):
            check_content(context, judged, etag)
        [flag] = context.sessions.flags("5e55")
        assert (flag.kind, flag.captures, flag.severity) == (
            "capture_replaced", (judged.capture_id,), 3,
        )  # fmt: skip
        assert context.sessions.observations("5e55", limit=2) == [judged]

    def test_same_view_is_found_beside_other_findings(self, context: FakeContext) -> None:
        add_session(context)
        observation = replace(snapshot("5e55", 0, "a"), findings=(Finding(FindingKind.PHONE, 0.9),))
        record(context, observation)
        assert context.sessions.observations("5e55", limit=1)[0].findings == observation.findings


def test_plans_are_bounded_per_minute(context: FakeContext) -> None:
    add_session(context)
    for _ in range(MAX_PLANS):
        plan_captures(context, "5e55", (PICTURES_FIRST,))
    with pytest.raises(TooMany):
        plan_captures(context, "5e55", (PICTURES_FIRST,))
    context.clock.now += MINUTE
    plan_captures(context, "5e55", (PICTURES_FIRST,))
