import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/**
 * The modal dialog that lies on top, if any: nothing outside it can be seen well or pressed. What
 * must reach the person at once, as a warning or a call, stands inside it. Every dialog of the page
 * counts, whoever opens it.
 */
export function useTopDialog(): Readonly<ShallowRef<HTMLDialogElement | null>> {
  const top = shallowRef<HTMLDialogElement | null>(null);
  /** In the order of their opening. */
  let opened: HTMLDialogElement[] = [...document.querySelectorAll('dialog')].filter(isOpen);

  function update(records: readonly MutationRecord[]): void {
    for (const { target } of records) {
      if (!(target instanceof HTMLDialogElement)) continue;
      opened = opened.filter((dialog) => dialog !== target);
      if (isOpen(target)) opened.push(target);
    }
    opened = opened.filter(isOpen);
    top.value = opened.at(-1) ?? null;
  }

  const observer = new MutationObserver(update);
  // A dialog may also be taken away while it is open.
  observer.observe(document, {
    attributes: true,
    attributeFilter: ['open'],
    childList: true,
    subtree: true,
  });
  onScopeDispose(() => observer.disconnect());
  update([]);
  return top;
}

const isOpen = (dialog: HTMLDialogElement) => dialog.open && dialog.isConnected;
