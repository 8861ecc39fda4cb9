// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest';
import { createApp, h, nextTick, ref, type VNodeChild } from 'vue';
import { mountPage } from './mountPage';

beforeEach(() => {
  document.body.className = '';
  document.body.innerHTML = '<div id="app"><main>正在打开… 若一直停在这里，请换用 …</main></div>';
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

const text = () => document.body.textContent.trim();
const mount = (render: () => VNodeChild) => mountPage(createApp({ render }));
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
function failing(): VNodeChild {
  throw new ReferenceError('BroadcastChannel is not defined');
}

it('a page that works takes the place of its first words', async () => {
  mount(() => h('p', '登录'));
  await settle();
  expect(text()).toBe('登录');
});

it('the words come back where this browser cannot run the page', async () => {
  mount(() => h(failing));
  await settle();
  expect(text()).toContain('请换用');
  expect(document.body.classList.contains('opening-stuck')).toBe(true);
});

it('also where that shows only later, and once', async () => {
  const ready = ref(false);
  mount(() => (ready.value ? [h(failing), h(failing)] : h('p', '载入')));
  ready.value = true;
  await nextTick();
  await settle();
  expect(text().match(/请换用/g)).toHaveLength(1);
});

it('a part that fails beside others leaves the page as it is', async () => {
  mount(() => [h('p', '试题'), h(failing)]);
  await settle();
  expect(text()).toBe('试题');
});
