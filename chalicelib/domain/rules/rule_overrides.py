"""What an admin changes of a named profile, kind by kind, and within which bounds.

Only the differences are kept: what nobody changed follows the named profile, also where a later
version of it is better.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from chalicelib.domain.errors import BadInput
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import (
    PROFILES,
    FlagRule,
    MonitoringProfile,
    Severity,
    get_profile,
)
from chalicelib.domain.types import MINUTE, SECOND, LocalizedText, Millis

MAX_OBSERVATIONS = 12
"""The longest window: as many observations as a session remembers of a stream."""

MIN_ESCALATION: Millis = 10 * SECOND
MAX_ESCALATION: Millis = 60 * MINUTE

OVERRIDABLE_KINDS = tuple(kind for kind in FindingKind if kind is not FindingKind.LEFT_PAGE)
"""What profiles rule. Leaving the page is counted by the subject's lock."""

DEFAULT_RULE = FlagRule(3, 4, 2, Severity.NOTICE)
"""Where a kind that the named profile leaves out begins when it is switched on."""


@dataclass(frozen=True, slots=True)
class RuleOverride:
    """What is different of one kind's rule; None is as the named profile has it."""

    on: bool | None = None
    hits: int | None = None
    window: int | None = None
    clear: int | None = None
    severity: Severity | None = None
    escalates_after: Millis | None = None


NO_OVERRIDE = RuleOverride()
type RuleOverrides = Mapping[FindingKind, RuleOverride]


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """How an admin wants one kind to be, whole."""

    on: bool
    rule: FlagRule


def rule_of(profile: MonitoringProfile, kind: FindingKind) -> RuleSetting:
    """Return how a profile has one kind; what it leaves out is off."""
    return RuleSetting(kind in profile.rules, profile.rules.get(kind, DEFAULT_RULE))


def overrides_from(
    name: str, wanted: Mapping[FindingKind, RuleSetting]
) -> dict[FindingKind, RuleOverride]:
    """Return what is different from the named profile. Raises BadInput where a rule is not sound.

    Of a kind that is off, only that it is off is kept.
    """
    named = require_profile(name)
    found = {
        kind: _override_for(rule_of(named, kind), kind, setting) for kind, setting in wanted.items()
    }
    return {kind: override for kind, override in found.items() if override != NO_OVERRIDE}


def require_profile(name: str) -> MonitoringProfile:
    """Return the profile of that name. Raises BadInput."""
    if name not in PROFILES:
        raise BadInput(
            LocalizedText(f"没有名为 {name} 的规则方案。", f"There is no profile {name}.")
        )
    return PROFILES[name]


def _override_for(named: RuleSetting, kind: FindingKind, wanted: RuleSetting) -> RuleOverride:
    on = wanted.on if wanted.on is not named.on else None
    if not wanted.on:
        return RuleOverride(on=on)
    validate_rule(kind, wanted.rule)
    ours, theirs = wanted.rule, named.rule
    return RuleOverride(
        on,
        ours.hits if ours.hits != theirs.hits else None,
        ours.window if ours.window != theirs.window else None,
        ours.clear if ours.clear != theirs.clear else None,
        ours.severity if ours.severity != theirs.severity else None,
        ours.escalates_after if ours.escalates_after != theirs.escalates_after else None,
    )


def validate_rule(kind: FindingKind, rule: FlagRule) -> None:
    """Raise BadInput, naming the kind, where a rule could not open, could not close or never rest."""
    if not 1 <= rule.hits <= rule.window <= MAX_OBSERVATIONS:
        raise _invalid(
            kind,
            f"出现次数须在 1 与观察次数之间，观察次数最多 {MAX_OBSERVATIONS}。",
            f"the hits must be 1 to the window, and the window at most {MAX_OBSERVATIONS}.",
        )
    if not 1 <= rule.clear <= MAX_OBSERVATIONS:
        raise _invalid(
            kind,
            f"结束所需次数须为 1 到 {MAX_OBSERVATIONS}。",
            f"it must close after 1 to {MAX_OBSERVATIONS} clear observations.",
        )
    if rule.window - rule.clear >= rule.hits:
        # What is left of a closed flag in the window would open the next one by itself.
        raise _invalid(
            kind,
            "结束所需次数过少，旧的画面会立即再次引起标记；请增大它或减小观察次数。",
            "it would open again by what it was opened by; raise «clear» or lower the window.",
        )
    if not MIN_ESCALATION <= rule.escalates_after <= MAX_ESCALATION:
        raise _invalid(
            kind,
            "升级时间须为 10 秒到 60 分钟。",
            "it must grow more severe after 10 seconds to 60 minutes.",
        )


def _invalid(kind: FindingKind, zh: str, en: str) -> BadInput:
    return BadInput(LocalizedText(f"{kind}：{zh}", f"{kind}: {en}"), "unsound_rule")


def effective_profile(
    name: str, adjustments: RuleOverrides, excused: Collection[FindingKind] = ()
) -> MonitoringProfile:
    """Return the named profile as adjusted, without the kinds that a candidate is excused from.

    An adjustment that has become unsound, because the named profile under it changed, is as if it
    was not there: a rule that cannot close must never reach a session.
    """
    profile = get_profile(name)
    rules = dict(profile.rules)
    for kind, override in adjustments.items():
        wanted = _overridden(rule_of(profile, kind), override)
        if not wanted.on:
            rules.pop(kind, None)
        elif _is_valid(kind, wanted.rule):
            rules[kind] = wanted.rule
    return replace(
        profile, rules={kind: rule for kind, rule in rules.items() if kind not in excused}
    )


def _overridden(named: RuleSetting, override: RuleOverride) -> RuleSetting:
    rule = named.rule
    changed = FlagRule(
        hits=rule.hits if override.hits is None else override.hits,
        window=rule.window if override.window is None else override.window,
        clear=rule.clear if override.clear is None else override.clear,
        severity=rule.severity if override.severity is None else override.severity,
        escalates_after=rule.escalates_after
        if override.escalates_after is None
        else override.escalates_after,
    )
    return RuleSetting(named.on if override.on is None else override.on, changed)


def _is_valid(kind: FindingKind, rule: FlagRule) -> bool:
    try:
        validate_rule(kind, rule)
    except BadInput:
        return False
    return True
