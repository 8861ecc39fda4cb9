/** A component on a page of its own, for tests in happy-dom. */
import { vi } from 'vitest';
import { createApp, h, nextTick, type App, type Component, type InjectionKey } from 'vue';
import { createLanguages, type Catalogue, type Locale } from '../i18n';

export interface MountOptions {
  readonly texts: Record<Locale, Catalogue>;
  readonly props?: Record<string, unknown>;
  /** What outer components provide. */
  readonly provided?: readonly (readonly [InjectionKey<unknown>, unknown])[];
}

export interface MountedComponent {
  readonly root: HTMLElement;
  /** The element of that test id, wherever on the page: dialogs lie outside of their component. */
  find: (testId: string) => HTMLElement | null;
  /** The same, which has to be there. */
  get: (testId: string) => HTMLElement;
  /** The same, once it is there: dialogs open a moment later. */
  appears: (testId: string) => Promise<HTMLElement>;
  /** What is typed into a field now. */
  valueOf: (testId: string) => string;
  /** Press it. What follows an answer of the API is to be waited for. */
  press: (testId: string) => Promise<void>;
  /** Type into a field, or choose in a list. */
  fill: (testId: string, value: string) => Promise<void>;
  unmount: () => void;
}

export function mountComponent(component: Component, options: MountOptions): MountedComponent {
  const root = document.createElement('div');
  document.body.append(root);
  const { i18n } = createLanguages(options.texts);
  const app: App = createApp({ render: () => h(component, options.props) }).use(i18n);
  for (const [key, value] of options.provided ?? []) app.provide(key, value);
  app.mount(root);

  const find = (testId: string) =>
    document.body.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
  function get(testId: string): HTMLElement {
    const found = find(testId);
    if (!found) throw new Error(`there is no ${testId} in ${document.body.innerHTML}`);
    return found;
  }
  const appears = (testId: string) => vi.waitFor(() => get(testId));
  return {
    root,
    find,
    get,
    appears,
    valueOf: (testId) => (get(testId) as HTMLInputElement).value,
    async press(testId) {
      (await appears(testId)).click();
      await nextTick();
    },
    async fill(testId, value) {
      const element = await appears(testId);
      const field = element.matches('input, select, textarea')
        ? (element as HTMLInputElement)
        : element.querySelector<HTMLInputElement>('input, select, textarea');
      if (!field) throw new Error(`${testId} is no field`);
      field.value = value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new Event('change', { bubbles: true }));
      await nextTick();
    },
    unmount() {
      app.unmount();
      root.remove();
      document.body.replaceChildren();
    },
  };
}
