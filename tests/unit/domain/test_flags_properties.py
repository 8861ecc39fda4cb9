"""Properties of the flag rules for any events in any order."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.monitoring.flags import apply_elapsed_time, apply_observation, close_all
from chalicelib.domain.monitoring.monitor_state import Flag, MonitorState, start_expecting
from chalicelib.domain.rules.findings import FindingKind, Observation
from chalicelib.domain.rules.profiles import STANDARD
from chalicelib.domain.types import MINUTE, SECOND, Medium, View
from tests.support import builders as build
from tests.support.builders import NOW

type FoldEvent = Observation | tuple[str, int]

moments = st.integers(0, 60).map(lambda slot: NOW + slot * 5 * SECOND)
pictures = st.builds(
    lambda at, kinds, view, error: build.observation("5e55", at, *kinds, view=view, error=error),
    moments,
    st.lists(st.sampled_from(list(FindingKind)), max_size=3, unique=True),
    st.sampled_from(View),
    st.sampled_from([None, None, None, "truncated"]),
)
# The scheduler never runs in the very millisecond of a picture.
scheduler_runs = moments.map(lambda at: at + 1)
clips = st.builds(
    lambda at, kinds: build.observation("5e55", at, *kinds, medium=Medium.SOUND),
    moments,
    st.lists(st.just(FindingKind.VOICE), max_size=1),
)
events: st.SearchStrategy[list[FoldEvent]] = st.lists(
    pictures | clips | st.tuples(st.sampled_from(["elapse", "restart"]), scheduler_runs),
    max_size=60,
)


def run(history: list[FoldEvent]) -> tuple[MonitorState, list[Flag]]:
    monitor = MonitorState("5e55", "room-1", 1)
    flags: list[Flag] = []
    for event in history:
        before = monitor.version
        if isinstance(event, Observation):
            after = apply_observation(monitor, event, STANDARD, flagging=True)
            monitor, changed = after.monitor, after.flags
        elif event[0] == "elapse":
            after = apply_elapsed_time(monitor, event[1], STANDARD, flagging=True)
            monitor, changed = after.monitor, after.flags
        else:
            monitor, changed = start_expecting(monitor, View, event[1]), ()
        assert monitor.version in {before, before + 1}
        assert monitor.version == before + 1 or not changed
        flags.extend(changed)
        require_consistent(monitor)
    return monitor, flags


def require_consistent(monitor: MonitorState) -> None:
    streams = [(flag.kind, flag.view) for flag in monitor.open_flags]
    assert len(set(streams)) == len(streams), "two open flags of one kind and view"
    assert all(flag.ended_at is None for flag in monitor.open_flags)


@given(events)
def test_flag_never_ends_before_it_began(history: list[FoldEvent]) -> None:
    monitor, flags = run(history)
    flags += close_all(monitor, NOW + 60 * MINUTE).flags
    for flag in flags:
        assert flag.began_at <= flag.opened_at
        assert flag.ended_at is None or flag.began_at <= flag.last_seen_at <= flag.ended_at


@given(events)
def test_closed_flag_stays_closed(history: list[FoldEvent]) -> None:
    _, flags = run(history)
    closed: set[str] = set()
    for flag in flags:
        assert flag.flag_id not in closed
        if flag.ended_at is not None:
            closed.add(flag.flag_id)


@given(events)
def test_errors_and_repeats_do_not_affect_flags(history: list[FoldEvent]) -> None:
    """Without observations with errors, and with every observation twice, the flags are the same.

    Except missing captures: an unreadable picture has arrived.
    """
    pictures_only = [event for event in history if isinstance(event, Observation)]
    readable = [observation for observation in pictures_only if observation.error is None]
    doubled = [observation for observation in readable for _ in range(2)]
    assert run([*pictures_only])[1] == run([*readable])[1] == run([*doubled])[1]


@given(events)
def test_no_flag_is_open_after_the_end(history: list[FoldEvent]) -> None:
    monitor, _ = run(history)
    over = close_all(monitor, NOW + 60 * MINUTE).monitor
    assert over.open_flags == ()
    assert apply_elapsed_time(over, NOW + 600 * MINUTE, STANDARD, flagging=True).flags == ()


@given(st.lists(pictures, max_size=40))
def test_single_finding_never_opens_a_flag(history: list[Observation]) -> None:
    """Each kind is found in at most one picture of each view: too few for any rule."""
    previous: set[tuple[FindingKind, View]] = set()
    sparse = []
    for observation in history:
        findings = tuple(
            finding
            for finding in observation.findings
            if (finding.kind, observation.view) not in previous
        )
        previous |= {(finding.kind, observation.view) for finding in findings}
        sparse.append(replace(observation, findings=findings))
    assert run([*sparse])[1] == []
