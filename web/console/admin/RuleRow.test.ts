// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import type { FlagRule } from '../../shared/api/types';
import type { MountedComponent } from '../../shared/tests/mountComponent';
import { createStubApi } from '../../shared/tests/stubApi';
import { RULE_BOUNDS } from '../tests/factories';
import { mountInConsole } from '../tests/mountInConsole';
import RuleRow from './RuleRow.vue';

let mounted: MountedComponent;
afterEach(() => mounted.unmount());

function show(kind: FlagRule['kind']) {
  const rule: FlagRule = {
    kind,
    on: true,
    hits: 3,
    window: 5,
    clear: 3,
    severity: 1,
    grows_after: 60_000,
    missing_after: 20_000,
  };
  mounted = mountInConsole(RuleRow, createStubApi(), {
    rule,
    profileRule: rule,
    bounds: RULE_BOUNDS,
    decided: undefined,
  });
  const row = mounted.get(`rule-${kind}`);
  return { row, severity: row.querySelector('select') };
}

describe('a kind’s rule', () => {
  it('of a weak kind stays a notice: no other severity, no time after which it grows', () => {
    const { row, severity } = show('possible_phone');
    expect(severity?.disabled).toBe(true);
    expect(row.textContent).not.toContain('升级');
    expect(mounted.get('effect-possible_phone').textContent).toContain('始终只是提示');
    expect(row.textContent).toContain('疑似手机');
  });

  it('of any other kind has both', () => {
    const { row, severity } = show('phone');
    expect(severity?.disabled).toBe(false);
    expect(row.textContent).toContain('升级');
  });
});
