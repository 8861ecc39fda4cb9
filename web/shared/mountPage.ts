import type { App } from 'vue';

/**
 * Mount a page in place of the words of its own HTML. Where this browser cannot run it, so that
 * nothing is shown, these words come back: they say which browser can.
 */
export function mountPage(app: App, root = document.querySelector<HTMLElement>('#app')): void {
  if (!root) return;
  const words = root.innerHTML;
  let restored = false;
  function restoreIfEmpty(): void {
    if (restored || root?.textContent.trim()) return;
    restored = true;
    root?.insertAdjacentHTML('afterend', words);
    document.body.classList.add('opening-stuck');
  }
  app.config.errorHandler = (error) => {
    console.error(error);
    // After this turn: what failed may be one part of a page that is shown all the same.
    setTimeout(restoreIfEmpty, 0);
  };
  app.mount(root);
}
