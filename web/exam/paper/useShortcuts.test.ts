// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { displaySettings } from './displaySettings';
import { useShortcuts } from './useShortcuts';

let done: string[];
let active: boolean;
let scope: EffectScope;

beforeEach(() => {
  [done, active] = [[], true];
  scope = effectScope();
  scope.run(() =>
    useShortcuts(
      {
        choose: (place) => done.push(`choose ${place}`),
        go: (by) => done.push(`go ${by}`),
        mark: () => done.push('mark'),
      },
      () => active,
    ),
  );
});
afterEach(() => {
  scope.stop();
  displaySettings.keys = true;
  document.body.innerHTML = '';
});

function press(key: string, where: EventTarget = document.body, more: KeyboardEventInit = {}) {
  where.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...more }));
}

function within(html: string): Element {
  document.body.innerHTML = html;
  const child = document.body.firstElementChild;
  if (!child) throw new Error('nothing was made');
  return child;
}

describe('single keys at the paper', () => {
  it('choose, move and mark', () => {
    for (const key of ['1', '9', 'ArrowLeft', 'ArrowRight', 'm', 'M', '0', 'x']) press(key);
    expect(done).toEqual(['choose 0', 'choose 8', 'go -1', 'go 1', 'mark', 'mark']);
  });

  it('work at a radio button, and never in a field', () => {
    press('2', within('<input type="radio">'));
    for (const field of ['<input type="text">', '<textarea></textarea>']) press('2', within(field));
    expect(done).toEqual(['choose 1']);
  });

  it('leave the browser’s own keys and dialogs alone', () => {
    press('1', document.body, { ctrlKey: true });
    press('ArrowLeft', document.body, { altKey: true });
    within('<dialog open></dialog>');
    press('1');
    expect(done).toEqual([]);
  });

  it('can be turned off, and rest while nothing can be answered', () => {
    displaySettings.keys = false;
    press('1');
    displaySettings.keys = true;
    active = false;
    press('1');
    expect(done).toEqual([]);
  });
});
