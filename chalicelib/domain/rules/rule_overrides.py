"""Rule overrides: an admin's changes to a named profile, kind by kind and within bounds.

Only the differences are stored: everything else follows the named profile, including its later
versions.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from chalicelib.domain.errors import BadInput
from chalicelib.domain.rules.findings import NOTICE_KINDS, FindingKind
from chalicelib.domain.rules.profiles import (
    PROFILES,
    FlagRule,
    MonitoringProfile,
    Severity,
    get_profile,
)
from chalicelib.domain.types import MINUTE, SECOND, LocalizedText, Millis

MAX_OBSERVATIONS = 12
"""The longest window: as many observations as the monitor state keeps of a stream."""

MIN_ESCALATION: Millis = 10 * SECOND
MAX_ESCALATION: Millis = 60 * MINUTE

MIN_MISSING: Millis = 10 * SECOND
MAX_MISSING: Millis = 2 * MINUTE

NOT_OVERRIDABLE = frozenset(
    {FindingKind.LEFT_PAGE, FindingKind.DEVICE_CHANGED, FindingKind.ORIGIN_CHANGED}
)
"""Page exits are counted by the subject's page lock; devices are known by their sign-ins."""

OVERRIDABLE_KINDS = tuple(kind for kind in FindingKind if kind not in NOT_OVERRIDABLE)
"""Kinds that profiles have rules for."""

DEFAULT_RULE = FlagRule(3, 4, 2, Severity.NOTICE)
"""The initial rule when a kind without a rule in the named profile is switched on."""


@dataclass(frozen=True, slots=True)
class RuleOverride:
    """The differences in one kind's rule; None means as in the named profile."""

    on: bool | None = None
    hits: int | None = None
    window: int | None = None
    clear: int | None = None
    severity: Severity | None = None
    escalates_after: Millis | None = None
    missing_after: Millis | None = None


NO_OVERRIDE = RuleOverride()
type RuleOverrides = Mapping[FindingKind, RuleOverride]


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """One kind's complete setting, as an admin edits it."""

    on: bool
    rule: FlagRule


def rule_of(profile: MonitoringProfile, kind: FindingKind) -> RuleSetting:
    """Return a profile's setting of one kind; a kind without a rule is off."""
    return RuleSetting(kind in profile.rules, profile.rules.get(kind, DEFAULT_RULE))


def overrides_from(
    name: str, settings: Mapping[FindingKind, RuleSetting]
) -> dict[FindingKind, RuleOverride]:
    """Return the differences from the named profile. Raises BadInput if a rule is invalid.

    Of a kind that is off, nothing else is stored.
    """
    profile = require_profile(name)
    overrides = {
        kind: _override_for(rule_of(profile, kind), kind, setting)
        for kind, setting in settings.items()
    }
    return {kind: override for kind, override in overrides.items() if override != NO_OVERRIDE}


def require_profile(name: str) -> MonitoringProfile:
    """Return the profile of this name. Raises BadInput if there is none."""
    if name not in PROFILES:
        raise BadInput(
            LocalizedText(
                f"没有名为 {name} 的规则方案。", f"There is no rules profile named {name}."
            )
        )
    return PROFILES[name]


def _override_for(base: RuleSetting, kind: FindingKind, setting: RuleSetting) -> RuleOverride:
    on = setting.on if setting.on is not base.on else None
    if not setting.on:
        return RuleOverride(on=on)
    validate_rule(kind, setting.rule)
    rule, default = setting.rule, base.rule
    return RuleOverride(
        on,
        rule.hits if rule.hits != default.hits else None,
        rule.window if rule.window != default.window else None,
        rule.clear if rule.clear != default.clear else None,
        rule.severity if rule.severity != default.severity else None,
        rule.escalates_after if rule.escalates_after != default.escalates_after else None,
        rule.missing_after if rule.missing_after != default.missing_after else None,
    )


def validate_rule(kind: FindingKind, rule: FlagRule) -> None:
    """Raise BadInput, naming the kind, if a flag could not open, not close, or reopen at once."""
    if not 1 <= rule.hits <= rule.window <= MAX_OBSERVATIONS:
        raise _invalid_rule(
            kind,
            f"出现次数须在 1 与观察次数之间，观察次数最多 {MAX_OBSERVATIONS}。",
            f"hits must be 1 to the window, and the window at most {MAX_OBSERVATIONS}.",
        )
    if not 1 <= rule.clear <= MAX_OBSERVATIONS:
        raise _invalid_rule(
            kind,
            f"结束所需次数须为 1 到 {MAX_OBSERVATIONS}。",
            f"the flag must close after 1 to {MAX_OBSERVATIONS} clear observations.",
        )
    if rule.window - rule.clear >= rule.hits:
        # Observations of a closed flag that are still in the window would open the next one.
        raise _invalid_rule(
            kind,
            "结束所需次数过少，旧的画面会立即再次引起标记；请增大它或减小观察次数。",
            "the same observations would reopen the flag; increase «clear» or reduce the window.",
        )
    if kind in NOTICE_KINDS and rule.severity is not Severity.NOTICE:
        raise _invalid_rule(
            kind,
            "该类型信号较弱，只能设为“提示”。",
            "this kind is a weak sign and can only be a notice.",
        )
    if not MIN_ESCALATION <= rule.escalates_after <= MAX_ESCALATION:
        raise _invalid_rule(
            kind,
            "升级时间须为 10 秒到 60 分钟。",
            "the flag must escalate after 10 seconds to 60 minutes.",
        )
    if not MIN_MISSING <= rule.missing_after <= MAX_MISSING:
        raise _invalid_rule(
            kind,
            "允许没有画面的时间须为 10 秒到 2 分钟。",
            "captures may be missing for 10 seconds to 2 minutes.",
        )


def _invalid_rule(kind: FindingKind, zh: str, en: str) -> BadInput:
    return BadInput(LocalizedText(f"{kind}：{zh}", f"{kind}: {en}"), "unsound_rule")


def effective_profile(
    name: str, overrides: RuleOverrides, excused: Collection[FindingKind] = ()
) -> MonitoringProfile:
    """Return the named profile with overrides, without the kinds that a candidate is excused from.

    An override that has become invalid because the named profile changed is ignored: a flag that
    cannot close must never reach a session.
    """
    profile = get_profile(name)
    rules = dict(profile.rules)
    for kind, override in overrides.items():
        setting = _apply_override(rule_of(profile, kind), override)
        if not setting.on:
            rules.pop(kind, None)
        elif _is_valid(kind, setting.rule):
            rules[kind] = setting.rule
    return replace(
        profile, rules={kind: rule for kind, rule in rules.items() if kind not in excused}
    )


def _apply_override(base: RuleSetting, override: RuleOverride) -> RuleSetting:
    rule = base.rule
    new_rule = FlagRule(
        hits=rule.hits if override.hits is None else override.hits,
        window=rule.window if override.window is None else override.window,
        clear=rule.clear if override.clear is None else override.clear,
        severity=rule.severity if override.severity is None else override.severity,
        escalates_after=rule.escalates_after
        if override.escalates_after is None
        else override.escalates_after,
        missing_after=rule.missing_after
        if override.missing_after is None
        else override.missing_after,
    )
    return RuleSetting(base.on if override.on is None else override.on, new_rule)


def _is_valid(kind: FindingKind, rule: FlagRule) -> bool:
    try:
        validate_rule(kind, rule)
    except BadInput:
        return False
    return True
