"""The hours as tables: found within 15 and 30 s by kind, and false flags an hour, by profile."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.rules.findings import NOTICE_KINDS
from chalicelib.domain.rules.profiles import PROFILES
from models.evaluate.hours.run import Judged, PlayedHour, judge
from models.evaluate.hours.script import OFFENCES, SECONDS
from models.evaluate.tables import Table

GOAL = 0.2
"""False flags an hour, at most."""


def hours_tables(hours: Sequence[PlayedHour]) -> list[Table]:
    """Return what each profile found, and what it flagged falsely; none without an hour."""
    if not hours:
        return []
    judged = {name: [judge(hour, name) for hour in hours] for name in PROFILES}
    people = len({hour.person for hour in hours})
    title = f"{len(hours)} simulated hours ({people} people)"
    return [_found(title, judged), _false(title, judged)]


def _found(title: str, judged: dict[str, list[Judged]]) -> Table:
    rows = []
    for stretch in OFFENCES:
        cells = []
        for results in judged.values():
            delays = [result.delays[stretch] for result in results if stretch in result.delays]
            for limit in (15, 30, stretch.seconds + 15):
                found = sum(delay is not None and delay <= limit for delay in delays)
                cells.append(f"{found}/{len(delays)}")
        if any(not cell.endswith("/0") for cell in cells):
            kind = stretch.kind.value if stretch.kind else ""
            rows.append((kind, stretch.view.value, f"{stretch.seconds} s", *cells))
    limits = [
        column for name in judged for column in (f"{name} 15 s", f"{name} 30 s", f"{name} at all")
    ]
    return Table(f"{title}: offences found", ("", "view", "lasts", *limits), rows)


def _false(title: str, judged: dict[str, list[Judged]]) -> Table:
    """Return the flags of the normal parts, an hour of normal behaviour, and which kinds they are."""
    rows = []
    for name, results in judged.items():
        normal = sum(_normal_seconds(result) for result in results) / SECONDS
        kinds, notices = (
            Counter(
                f"{flag.kind.value} ({flag.view.value})"
                for result in results
                for flag in result.false
                if (flag.kind in NOTICE_KINDS) is weak
            )
            for weak in (False, True)
        )
        beside = Counter(flag.kind.value for result in results for flag in result.beside)
        quiet = [result for result in results if not _weighty(result)]
        rows.append(
            (
                name,
                f"{sum(kinds.values()) / normal:.2f}",
                f"≤ {GOAL}",
                f"{len(quiet)} of {len(results)}",
                _listed(kinds),
                _listed(notices),
                _listed(beside),
            )
        )
    columns = (
        "profile",
        "false flags an hour",
        "goal",
        "hours without",
        "which",
        "notices",
        "beside offences",
    )
    return Table(f"{title}: false flags in the normal parts", columns, rows)


def _weighty(result: Judged) -> list[Flag]:
    """Return the false flags that are more than weak notices."""
    return [flag for flag in result.false if flag.kind not in NOTICE_KINDS]


def _normal_seconds(result: Judged) -> int:
    """Return how many seconds of an hour are without an offence, of whichever view."""
    busy = defaultdict[int, bool](bool)
    for stretch in result.delays:
        for second in range(stretch.begin, stretch.end):
            busy[second] = True
    return SECONDS - len(busy)


def _listed(kinds: Counter[str]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()) or "none"
