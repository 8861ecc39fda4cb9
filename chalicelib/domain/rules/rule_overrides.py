"""What an admin changes of a named profile, kind by kind, and within which bounds.

Only the differences are kept: what nobody changed follows the named profile, also where a later
version of it is better.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from chalicelib.domain.errors import BadInput
from chalicelib.domain.rules.findings import Kind
from chalicelib.domain.rules.profiles import PROFILES, Profile, Rule, Severity, profile_named
from chalicelib.domain.types import MINUTE, SECOND, Millis, Text

MOST_OBSERVATIONS = 12
"""The longest window: as many observations as a session remembers of a stream."""

SHORTEST_GROWTH: Millis = 10 * SECOND
LONGEST_GROWTH: Millis = 60 * MINUTE

ADJUSTABLE = tuple(kind for kind in Kind if kind is not Kind.LEFT_PAGE)
"""What profiles rule. Leaving the page is counted by the subject's lock."""

FRESH = Rule(3, 4, 2, Severity.NOTICE)
"""Where a kind that the named profile leaves out begins when it is switched on."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is different of one kind's rule; None is as the named profile has it."""

    on: bool | None = None
    hits: int | None = None
    window: int | None = None
    clear: int | None = None
    severity: Severity | None = None
    grows_after: Millis | None = None


UNCHANGED = Adjustment()
type Adjustments = Mapping[Kind, Adjustment]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How an admin wants one kind to be, whole."""

    on: bool
    rule: Rule


def rule_of(profile: Profile, kind: Kind) -> Wanted:
    """Return how a profile has one kind; what it leaves out is off."""
    return Wanted(kind in profile.rules, profile.rules.get(kind, FRESH))


def differences(name: str, wanted: Mapping[Kind, Wanted]) -> dict[Kind, Adjustment]:
    """Return what is different from the named profile. Raises BadInput where a rule is not sound.

    Of a kind that is off, only that it is off is kept.
    """
    named = named_profile(name)
    found = {kind: _difference(rule_of(named, kind), kind, one) for kind, one in wanted.items()}
    return {kind: one for kind, one in found.items() if one != UNCHANGED}


def named_profile(name: str) -> Profile:
    """Return the profile of that name. Raises BadInput."""
    if name not in PROFILES:
        raise BadInput(Text(f"没有名为 {name} 的规则方案。", f"There is no profile {name}."))
    return PROFILES[name]


def _difference(named: Wanted, kind: Kind, wanted: Wanted) -> Adjustment:
    on = wanted.on if wanted.on is not named.on else None
    if not wanted.on:
        return Adjustment(on=on)
    check(kind, wanted.rule)
    ours, theirs = wanted.rule, named.rule
    return Adjustment(
        on,
        ours.hits if ours.hits != theirs.hits else None,
        ours.window if ours.window != theirs.window else None,
        ours.clear if ours.clear != theirs.clear else None,
        ours.severity if ours.severity != theirs.severity else None,
        ours.grows_after if ours.grows_after != theirs.grows_after else None,
    )


def check(kind: Kind, rule: Rule) -> None:
    """Raise BadInput, naming the kind, where a rule could not open, could not close or never rest."""
    if not 1 <= rule.hits <= rule.window <= MOST_OBSERVATIONS:
        raise _unsound(
            kind,
            f"出现次数须在 1 与观察次数之间，观察次数最多 {MOST_OBSERVATIONS}。",
            f"the hits must be 1 to the window, and the window at most {MOST_OBSERVATIONS}.",
        )
    if not 1 <= rule.clear <= MOST_OBSERVATIONS:
        raise _unsound(
            kind,
            f"结束所需次数须为 1 到 {MOST_OBSERVATIONS}。",
            f"it must close after 1 to {MOST_OBSERVATIONS} clear observations.",
        )
    if rule.window - rule.clear >= rule.hits:
        # What is left of a closed flag in the window would open the next one by itself.
        raise _unsound(
            kind,
            "结束所需次数过少，旧的画面会立即再次引起标记；请增大它或减小观察次数。",
            "it would open again by what it was opened by; raise «clear» or lower the window.",
        )
    if not SHORTEST_GROWTH <= rule.grows_after <= LONGEST_GROWTH:
        raise _unsound(
            kind,
            "升级时间须为 10 秒到 60 分钟。",
            "it must grow more severe after 10 seconds to 60 minutes.",
        )


def _unsound(kind: Kind, zh: str, en: str) -> BadInput:
    return BadInput(Text(f"{kind}：{zh}", f"{kind}: {en}"), "unsound_rule")


def resolve(name: str, adjustments: Adjustments, excused: Collection[Kind] = ()) -> Profile:
    """Return the named profile as adjusted, without the kinds that a candidate is excused from.

    An adjustment that has become unsound, because the named profile under it changed, is as if it
    was not there: a rule that cannot close must never reach a session.
    """
    profile = profile_named(name)
    rules = dict(profile.rules)
    for kind, one in adjustments.items():
        wanted = _adjusted(rule_of(profile, kind), one)
        if not wanted.on:
            rules.pop(kind, None)
        elif _sound(kind, wanted.rule):
            rules[kind] = wanted.rule
    return replace(profile, rules={kind: one for kind, one in rules.items() if kind not in excused})


def _adjusted(named: Wanted, one: Adjustment) -> Wanted:
    rule = named.rule
    changed = Rule(
        hits=rule.hits if one.hits is None else one.hits,
        window=rule.window if one.window is None else one.window,
        clear=rule.clear if one.clear is None else one.clear,
        severity=rule.severity if one.severity is None else one.severity,
        grows_after=rule.grows_after if one.grows_after is None else one.grows_after,
    )
    return Wanted(named.on if one.on is None else one.on, changed)


def _sound(kind: Kind, rule: Rule) -> bool:
    try:
        check(kind, rule)
    except BadInput:
        return False
    return True
