"""What holds of every fold, whatever comes in whatever order."""

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

type Event = Observation | tuple[str, int]

moments = st.integers(0, 60).map(lambda slot: NOW + slot * 5 * SECOND)
pictures = st.builds(
    lambda at, kinds, view, error: build.observation("5e55", at, *kinds, view=view, error=error),
    moments,
    st.lists(st.sampled_from(list(FindingKind)), max_size=3, unique=True),
    st.sampled_from(View),
    st.sampled_from([None, None, None, "truncated"]),
)
# The clock never looks at the very millisecond of a picture.
looks = moments.map(lambda at: at + 1)
clips = st.builds(
    lambda at, kinds: build.observation("5e55", at, *kinds, medium=Medium.SOUND),
    moments,
    st.lists(st.just(FindingKind.VOICE), max_size=1),
)
events: st.SearchStrategy[list[Event]] = st.lists(
    pictures | clips | st.tuples(st.sampled_from(["miss", "ask"]), looks), max_size=60
)


def run(story: list[Event]) -> tuple[MonitorState, list[Flag]]:
    monitor = MonitorState("5e55", "room-1", 1)
    flags: list[Flag] = []
    for event in story:
        before = monitor.version
        if isinstance(event, Observation):
            after = apply_observation(monitor, event, STANDARD, flagging=True)
            monitor, changed = after.monitor, after.flags
        elif event[0] == "miss":
            after = apply_elapsed_time(monitor, event[1], STANDARD, flagging=True)
            monitor, changed = after.monitor, after.flags
        else:
            monitor, changed = start_expecting(monitor, View, event[1]), ()
        assert monitor.version in {before, before + 1}
        assert monitor.version == before + 1 or not changed
        flags.extend(changed)
        check(monitor)
    return monitor, flags


def check(monitor: MonitorState) -> None:
    named = [(flag.kind, flag.view) for flag in monitor.open_flags]
    assert len(set(named)) == len(named), "two open flags of one kind and view"
    assert all(flag.ended_at is None for flag in monitor.open_flags)


@given(events)
def test_a_flag_never_ends_before_it_began(story: list[Event]) -> None:
    monitor, flags = run(story)
    flags += close_all(monitor, NOW + 60 * MINUTE).flags
    for flag in flags:
        assert flag.began_at <= flag.opened_at
        assert flag.ended_at is None or flag.began_at <= flag.last_seen_at <= flag.ended_at


@given(events)
def test_what_is_closed_stays_closed(story: list[Event]) -> None:
    _, flags = run(story)
    closed: set[str] = set()
    for flag in flags:
        assert flag.flag_id not in closed
        if flag.ended_at is not None:
            closed.add(flag.flag_id)


@given(events)
def test_errors_and_repeats_change_no_flag(story: list[Event]) -> None:
    """With every error taken out and every observation twice, the same flags come of it.

    Silence aside: an unreadable picture is one that came.
    """
    pictures_only = [event for event in story if isinstance(event, Observation)]
    readable = [observation for observation in pictures_only if observation.error is None]
    doubled = [observation for observation in readable for _ in range(2)]
    assert run([*pictures_only])[1] == run([*readable])[1] == run([*doubled])[1]


@given(events)
def test_after_the_end_nothing_is_open(story: list[Event]) -> None:
    monitor, _ = run(story)
    over = close_all(monitor, NOW + 60 * MINUTE).monitor
    assert over.open_flags == ()
    assert apply_elapsed_time(over, NOW + 600 * MINUTE, STANDARD, flagging=True).flags == ()


@given(st.lists(pictures, max_size=40))
def test_one_finding_alone_is_never_a_flag(story: list[Observation]) -> None:
    """Each kind may be shown by one picture of each view at most: too few for any rule."""
    known: set[tuple[FindingKind, View]] = set()
    sparse = []
    for observation in story:
        kept = tuple(
            two for two in observation.findings if (two.kind, observation.view) not in known
        )
        known |= {(two.kind, observation.view) for two in kept}
        sparse.append(replace(observation, findings=kept))
    assert run([*sparse])[1] == []
