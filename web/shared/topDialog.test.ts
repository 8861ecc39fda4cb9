// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it } from 'vitest';
import { effectScope, nextTick, type EffectScope } from 'vue';
import { useTopDialog } from './topDialog';

let scope: EffectScope;
let top: ReturnType<typeof useTopDialog>;

beforeEach(() => {
  document.body.innerHTML = '<dialog id="first"></dialog><div><dialog id="second"></dialog></div>';
  scope = effectScope();
});
afterEach(() => scope.stop());

const dialog = (id: string) => document.getElementById(id) as HTMLDialogElement;
const watchDialogs = () => scope.run(() => (top = useTopDialog()));
const settled = async () => {
  await nextTick();
  await new Promise((resolve) => setTimeout(resolve));
};

it('is the one that was opened last, and the one before once it is closed', async () => {
  watchDialogs();
  expect(top.value).toBeNull();
  dialog('second').showModal();
  await settled();
  dialog('first').showModal();
  await settled();
  expect(top.value?.id).toBe('first');
  dialog('first').close();
  await settled();
  expect(top.value?.id).toBe('second');
  dialog('second').close();
  await settled();
  expect(top.value).toBeNull();
});

it('knows of those that were open before, and of those that are taken away', async () => {
  dialog('second').showModal();
  watchDialogs();
  expect(top.value?.id).toBe('second');
  dialog('second').remove();
  await settled();
  expect(top.value).toBeNull();
});
