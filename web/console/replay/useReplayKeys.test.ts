// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { actionOf, REPLAY_KEYS } from './useReplayKeys';

function pressed(key: string, within = 'div', held: KeyboardEventInit = {}) {
  const element = document.createElement(within);
  document.body.replaceChildren(element);
  let action: ReturnType<typeof actionOf> = null;
  element.addEventListener('keydown', (event) => (action = actionOf(event)));
  element.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true, ...held }));
  return action;
}

describe('the keys of the replay', () => {
  it('each do what the page says', () => {
    const typed: Record<string, string> = { space: ' ', '←': 'ArrowLeft', '→': 'ArrowRight' };
    for (const [action, key] of REPLAY_KEYS) expect(pressed(typed[key] ?? key)).toBe(action);
  });

  it('leave the keys of browsers and screen readers alone', () => {
    for (const held of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }]) {
      expect(pressed('n', 'div', held)).toBeNull();
    }
    expect(pressed('h')).toBeNull();
    expect(pressed('Tab')).toBeNull();
  });

  it('leave what has the focus its own keys', () => {
    expect(pressed('ArrowRight', 'input')).toBeNull();
    expect(pressed('n', 'select')).toBeNull();
    expect(pressed(' ', 'button')).toBeNull();
    expect(pressed('n', 'button')).toBe('next_flag');
  });
});
