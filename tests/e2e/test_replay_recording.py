"""The replay of recordings: in step, with their gaps, for hours; a range is kept and downloaded."""

import csv
import hashlib
import io
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import batched
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from chalicelib.domain.recording.recording_rule import RecordingMode, RecordingRule, Track
from chalicelib.domain.recording.segments import SEGMENT_LENGTH, Segment, slot_from
from chalicelib.domain.sessions.sessions import with_audit
from chalicelib.domain.types import MINUTE, SECOND, Millis
from chalicelib.wiring.settings import settings
from tests.conftest import PrintFigure
from tests.e2e.actors import STEP_TIMEOUT
from tests.e2e.browsers import open_browser
from tests.e2e.conftest import CheckScreen
from tests.e2e.signed_in_pages import open_candidate_page
from tests.support import builders as build
from tests.support.deployed_exam import ApiClient, DeployedExam
from tests.support.polling import wait_for
from tests.support.segment_files import NUMBER_BITS, SegmentFile, make_segment

pytestmark = pytest.mark.e2e

EVERYTHING = RecordingRule(RecordingMode.ALL, RecordingMode.ALL, RecordingMode.ALL)
HOURS: Millis = 180 * MINUTE
REPEAT = 2
"""So many segments of a track are made; the sitting repeats them."""
FRAME_RATE = 10
FRAMES = FRAME_RATE * SEGMENT_LENGTH // SECOND
JOINT: Millis = 100
"""Between two segments the recorder stops and starts."""
FILES = {
    Track.FIRST: SegmentFile(seconds=9.9, frame_rate=FRAME_RATE),
    Track.SECOND: SegmentFile(seconds=9.9, frame_rate=FRAME_RATE),
    Track.SCREEN: SegmentFile(seconds=9.9, frame_rate=FRAME_RATE, size=(320, 180), sound=None),
}
GAP_FROM, GAP_SPAN = 30 * MINUTE, MINUTE
"""The computer's page was closed for a minute."""

COUNT_BLOBS = """(() => {
    const [create, revoke] = [URL.createObjectURL, URL.revokeObjectURL];
    window.blobs = new Set();
    URL.createObjectURL = (blob) => {
        const url = create.call(URL, blob);
        window.blobs.add(url);
        return url;
    };
    URL.revokeObjectURL = (url) => {
        window.blobs.delete(url);
        revoke.call(URL, url);
    };
})()"""

SHOWN = """() => {
    const [moment] = document.querySelectorAll("[data-testid=replay-moment]");
    const paper = (window.paper ??= document.createElement("canvas"))
        .getContext("2d", { willReadFrequently: true });
    const frames = {};
    for (const view of document.querySelectorAll("[data-testid=replay-view]")) {
        const video = view.querySelector("video[data-front=true]");
        if (!video) continue;
        [paper.canvas.width, paper.canvas.height] = [video.videoWidth, video.videoHeight];
        paper.drawImage(video, 0, 0);
        const bar = video.videoWidth / BITS;
        let frame = 0;
        for (let bit = 0; bit < BITS; bit++) {
            const at = [bar * (bit + 0.5), video.videoHeight / 8];
            if (paper.getImageData(...at, 1, 1).data[0] > 128) frame |= 1 << bit;
        }
        frames[view.dataset.view] = frame;
    }
    return { moment: Number(moment?.dataset.moment), frames };
}""".replace("BITS", str(NUMBER_BITS))
"""The moment, and the number of the frame that each track shows then."""

SAMPLES = f"""(count) => new Promise((resolve) => {{
    const samples = [];
    const read = ({SHOWN});
    const take = () => {{
        samples.push(read());
        if (samples.length < count) setTimeout(take, 60);
        else resolve(samples);
    }};
    take();
}})"""


@dataclass(frozen=True)
class Sitting:
    """A recorded sitting of three hours, and where its segments begin."""

    person: ApiClient
    begin: Millis

    def frame_time(self, moment: Millis, frame: int) -> Millis:
        """Return when a frame was taken, by its number, in the repetition nearest to a moment."""
        whole = REPEAT * SEGMENT_LENGTH
        slot, number = divmod(frame, FRAMES)
        within = slot * SEGMENT_LENGTH + JOINT // 2 + number * SECOND // FRAME_RATE
        passed = moment - self.begin
        return self.begin + within + round((passed - within) / whole) * whole


def _recorded_sitting(deployed: DeployedExam) -> Sitting:
    now = deployed.context.clock()
    began_at = now - HOURS
    person = deployed.candidate_client(
        created_at=began_at,
        started_at=began_at,
        second_view_joined_at=began_at,
        recording=EVERYTHING,
        recording_consent=True,
    )
    begin = slot_from(person.session_id, began_at)
    segments = [
        segment
        for track in Track
        for segment in _track(deployed, person.session_id, track, begin, now - MINUTE)
    ]
    # Without the chain, whose entries are about the function, not about the replay.
    for records in batched(segments, 100):
        deployed.context.sessions.commit(*records)
    session = deployed.session(person)
    gap = {"began_at": begin + GAP_FROM, "ended_at": begin + GAP_FROM + GAP_SPAN}
    told = with_audit(
        session, now, "candidate", "recording_gap", track="first", reason="page_closed", **gap
    )
    deployed.context.sessions.commit(told.session, told.entry)
    return Sitting(person, begin)


def _track(
    deployed: DeployedExam, session_id: str, track: Track, begin: Millis, end: Millis
) -> Iterator[Segment]:
    """The records of a track's segments; the files of the first ones stand for all others."""
    made = []
    for number in range(REPEAT):
        data = make_segment(replace(FILES[track], frames_from=number * FRAMES))
        segment = build.segment(
            session_id,
            track,
            begin + number * SEGMENT_LENGTH,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            duration=9_900,
        )
        made.append(segment)
        deployed.context.sessions.commit(_at(segment, segment.segment_id, begin, number))
        deployed.s3.put_object(
            Bucket=settings().media_bucket, Key=segment.key, Body=data, ContentType="video/webm"
        )
    for number in range(REPEAT, (end - begin) // SEGMENT_LENGTH):
        at = number * SEGMENT_LENGTH
        if track is Track.FIRST and GAP_FROM <= at < GAP_FROM + GAP_SPAN:
            continue
        slot = build.segment(session_id, track, begin + at)
        yield _at(made[number % REPEAT], slot.segment_id, begin, number)


def _at(segment: Segment, segment_id: str, begin: Millis, number: int) -> Segment:
    began_at = begin + number * SEGMENT_LENGTH + JOINT // 2
    ended_at = began_at + SEGMENT_LENGTH - JOINT
    return replace(segment, segment_id=segment_id, began_at=began_at, ended_at=ended_at)


@pytest.fixture(scope="module")
def sitting(deployed: DeployedExam) -> Sitting:
    return _recorded_sitting(deployed)


@contextmanager
def _replay(
    deployed: DeployedExam, playwright: Playwright, sitting: Sitting, at: Millis
) -> Iterator[Page]:
    """The replay, opened at a moment of the sitting."""
    with open_browser(playwright, size=(1366, 768)) as proctor:
        page = proctor.page
        page.add_init_script(COUNT_BLOBS)
        open_candidate_page(page, deployed, sitting.person.session_id)
        page.goto(_address(deployed, sitting, at))
        _wait_for_tracks(page)
        yield page
        proctor.assert_no_console_errors()


def _address(deployed: DeployedExam, sitting: Sitting, at: Millis) -> str:
    session_id = sitting.person.session_id
    return f"{deployed.product.summary['console_url']}#/replay/{session_id}/{sitting.begin + at}"


def _wait_for_tracks(page: Page, *tracks: str) -> None:
    for track in tracks or ("first", "second", "screen"):
        view = page.locator(f'[data-testid="replay-view"][data-view="{track}"]')
        expect(view.locator('video[data-front="true"]')).to_be_visible(timeout=STEP_TIMEOUT)


def _differences(sitting: Sitting, samples: list[dict[str, Any]]) -> list[list[Millis]]:
    """By sample: how far each track's frame is from the moment."""
    return [
        [sitting.frame_time(shown["moment"], frame) - shown["moment"] for frame in frames.values()]
        for shown in samples
        if len(frames := shown["frames"]) == len(Track)
    ]


FRAME: Millis = SECOND // FRAME_RATE
"""A frame stands until the next: what is in step shows one that is younger than this."""


def test_tracks_play_in_step(
    deployed: DeployedExam, playwright: Playwright, sitting: Sitting, print_figure: PrintFigure
) -> None:
    with _replay(deployed, playwright, sitting, 10 * MINUTE + 3 * SECOND) as page:
        page.get_by_test_id("replay-play").click()
        page.wait_for_function(
            "() => [...document.querySelectorAll('video[data-front=true]')]"
            ".every((video) => !video.paused && video.currentTime > 3.5)"
        )
        # Ten seconds: over a joint, too.
        played = _differences(sitting, page.evaluate(SAMPLES, 160))
        late = sorted(-difference - FRAME for row in played for difference in row)
        apart = sorted(max(row) - min(row) for row in played)
        print_figure(
            f"tracks in step over {len(played)} samples: late by {late[len(late) // 2]} ms at the "
            f"median, {late[-1]} ms at most; apart by at most {apart[-1]} ms"
        )
        assert len(played) > 120
        # At the median: a machine that runs everything at once may hold one sample up.
        assert late[len(late) // 2] <= 200
        assert apart[len(apart) // 2] <= 200
        heard = page.evaluate(
            "() => [...document.querySelectorAll('video')].filter((video) => !video.muted)"
            ".map((video) => [video.paused, video.closest('figure').dataset.view])"
        )
        assert heard == [[False, "first"]]
        page.get_by_test_id("replay-speed").select_option("16")
        before = page.evaluate(SHOWN)["moment"]
        page.wait_for_function(
            f"() => ({SHOWN})().moment > {before + 60 * SECOND}", timeout=STEP_TIMEOUT
        )
        expect(page.get_by_test_id("replay-sound-status")).to_contain_text("高于 2 倍速")


def test_three_hours_are_sought_with_flat_memory(
    deployed: DeployedExam,
    playwright: Playwright,
    sitting: Sitting,
    check_screen: CheckScreen,
    print_figure: PrintFigure,
) -> None:
    with _replay(deployed, playwright, sitting, 5 * SECOND) as page:
        began = time.monotonic()
        page.goto(_address(deployed, sitting, MINUTE + 5 * SECOND))
        _wait_for_shown(page, sitting, sitting.begin + MINUTE + 5 * SECOND)
        opened = time.monotonic() - began
        client = page.context.new_cdp_session(page)
        sizes, spans = [], []
        for place in range(1, 11):
            at = sitting.begin + place * 17 * MINUTE + 4 * SECOND
            began = time.monotonic()
            page.get_by_test_id("replay-range").evaluate(
                "(range, at) => {"
                " range.value = at; range.dispatchEvent(new Event('input', {bubbles: true})); }",
                at,
            )
            _wait_for_shown(page, sitting, at)
            spans.append(time.monotonic() - began)
            client.send("HeapProfiler.collectGarbage")
            sizes.append(client.send("Runtime.getHeapUsage")["usedSize"])
            assert page.evaluate("() => window.blobs.size") <= 2 * len(Track)
        print_figure(
            f"three hours: opened after {opened:.1f} s, ten places sought in at most "
            f"{max(spans):.1f} s; heap {sizes[0] / 1e6:.1f} MB, then {sizes[-1] / 1e6:.1f} MB"
        )
        assert sizes[-1] < 1.3 * sizes[2]
        assert page.locator("video").count() == 2 * len(Track)
        check_screen(page, "console-replay-recording")


def _wait_for_shown(page: Page, sitting: Sitting, at: Millis) -> None:
    """Wait until all tracks show their frame of a moment; the range moves by whole steps."""

    def is_shown() -> bool:
        shown = page.evaluate(SHOWN)
        [differences] = _differences(sitting, [shown]) or [[SECOND]]
        near = abs(shown["moment"] - at) < SECOND
        return near and all(abs(difference) <= 2 * FRAME for difference in differences)

    wait_for(is_shown, "the frames of the moment")


def test_a_gap_is_shown_with_its_reason(
    deployed: DeployedExam, playwright: Playwright, sitting: Sitting, check_screen: CheckScreen
) -> None:
    with _replay(deployed, playwright, sitting, 5 * SECOND) as page:
        page.locator('[data-testid="replay-hole"][data-reason="page_closed"]').click()
        page.keyboard.press("ArrowRight")
        first = page.locator('[data-testid="replay-view"][data-view="first"]')
        told = first.get_by_test_id("recording-gap")
        expect(told).to_have_attribute("data-reason", "page_closed")
        expect(told).to_contain_text("考试页面已关闭")
        expect(first.locator('video[data-front="true"]')).to_have_count(0)
        _wait_for_tracks(page, "second", "screen")
        expect(page.get_by_test_id("replay-sound-status")).to_contain_text("第二视角")
        check_screen(page, "console-replay-recording-gap")
        page.get_by_test_id("language-en").click()
        expect(told).to_contain_text("The exam page was closed")
        check_screen(page, "console-replay-recording-gap-en")


def test_a_range_is_kept_and_downloaded(
    deployed: DeployedExam,
    playwright: Playwright,
    sitting: Sitting,
    tmp_path: Path,
    check_screen: CheckScreen,
) -> None:
    with _replay(deployed, playwright, sitting, 5 * MINUTE) as page:
        page.keyboard.press("i")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("o")
        expect(page.get_by_test_id("cut-range")).to_contain_text("共 0:20")
        page.get_by_test_id("cut-keep").click()
        page.get_by_test_id("reason").fill("第三题作答时有人说话")
        check_screen(page, "console-replay-keep")
        page.get_by_test_id("keep-confirm").click()
        expect(page.get_by_test_id("keep-status")).to_contain_text("已保存 1 份证据")
        page.get_by_test_id("keep-close").click()
        page.get_by_test_id("cut-download").click()
        with page.expect_download() as loading:
            page.get_by_test_id("download-start").click()
        loading.value.save_as(tmp_path / "recording.zip")
        expect(page.get_by_test_id("download-status")).to_have_attribute("data-done", "true")
        expect(page.get_by_test_id("download-status")).to_contain_text("都与记录一致")
        check_screen(page, "console-replay-download")
        page.get_by_test_id("download-close").click()
        _assert_download(tmp_path / "recording.zip", sitting)
        open_candidate_page(page, deployed, sitting.person.session_id)
        kept = page.get_by_test_id("evidence-recording")
        expect(kept.locator("video")).to_have_js_property("readyState", 4, timeout=STEP_TIMEOUT)
        expect(page.get_by_test_id("recording-state")).to_contain_text("屏幕 全部录制")
        kept.scroll_into_view_if_needed()
        check_screen(page, "console-evidence-recording")


def _assert_download(file: Path, sitting: Sitting) -> None:
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        sums = dict(
            line.split("  ")[::-1] for line in archive.read("SHA256SUMS").decode().splitlines()
        )
        for name, expected in sums.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == expected
        rows = list(csv.DictReader(io.StringIO(archive.read("segments.csv").decode())))
    assert {row["track"] for row in rows} == set(Track)
    assert all(
        row["sha256_of_record"] == row["sha256_of_file"] == sums[row["file"]] for row in rows
    )
    begin = sitting.begin + 5 * MINUTE
    assert all(int(row["ended_ms"]) > begin for row in rows)
    assert all(int(row["began_ms"]) < begin + 20 * SECOND for row in rows)
    assert 6 <= len(rows) <= 9
