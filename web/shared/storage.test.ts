import { describe, expect, it } from 'vitest';
import { createStore, loadJson, saveJson, type TabMemory, type Values } from './storage';

/** A browser's storage that refuses when it is told to. */
class FakeStorage {
  readonly values = new Map<string, string>();
  full = false;
  getItem = (name: string) => this.values.get(name) ?? null;
  removeItem = (name: string) => void this.values.delete(name);
  setItem = (name: string, value: string) => {
    if (this.full) throw new DOMException('', 'QuotaExceededError');
    this.values.set(name, value);
  };
}

const asStorage = (fake: FakeStorage) => fake as unknown as Storage;
const blocked = (tab?: TabMemory) =>
  createStore(() => {
    throw new DOMException('', 'SecurityError');
  }, tab);

describe('a store over the browser’s', () => {
  it('keeps values for the next page', () => {
    const fake = new FakeStorage();
    createStore(() => asStorage(fake)).set('a', '1');
    expect(createStore(() => asStorage(fake)).get('a')).toBe('1');
  });

  it('remembers in memory where all cookies are blocked', () => {
    const store = blocked();
    store.set('a', '1');
    expect([store.get('a'), store.isPersistent()]).toEqual(['1', false]);
    store.remove('a');
    expect(store.get('a')).toBeNull();
  });

  it('never returns an older value than the last one set, though the browser is full', () => {
    const fake = new FakeStorage();
    const store = createStore(() => asStorage(fake));
    store.set('a', 'old');
    fake.full = true;
    store.set('a', 'new');
    expect([store.get('a'), store.isPersistent()]).toEqual(['new', false]);
    fake.full = false;
    store.set('a', 'newest');
    expect([store.get('a'), fake.values.get('a'), store.isPersistent()]).toEqual([
      'newest',
      'newest',
      true,
    ]);
    expect([...fake.values.keys()]).toEqual(['a']);
  });

  it('finds again after a reload what the browser did not keep, as long as the tab is open', () => {
    let entry: Values = {};
    const tab: TabMemory = { load: () => entry, save: (values) => (entry = values) };
    const store = blocked(tab);
    store.set('a', '1');
    store.set('b', '2');
    store.remove('b');
    expect(entry).toEqual({ a: '1', b: null });
    const reloaded = blocked(tab);
    expect([reloaded.get('a'), reloaded.get('b'), reloaded.isPersistent()]).toEqual([
      '1',
      null,
      false,
    ]);
    const fake = new FakeStorage();
    const allowed = createStore(() => asStorage(fake), tab);
    allowed.set('a', '3');
    expect([allowed.get('a'), entry, fake.values.get('a')]).toEqual(['3', { b: null }, '3']);
  });

  const browser = new FakeStorage();
  it.each([createStore(() => asStorage(browser)), blocked()])(
    'keeps values as JSON, and takes what cannot be read for nothing',
    (store) => {
      saveJson(store, 'a', { b: [1] });
      expect(loadJson(store, 'a')).toEqual({ b: [1] });
      saveJson(store, 'a', null);
      expect(loadJson(store, 'a')).toBeNull();
      store.set('a', '{');
      expect(loadJson(store, 'a')).toBeNull();
    },
  );
});
