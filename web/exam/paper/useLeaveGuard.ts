import { onScopeDispose } from 'vue';

/**
 * In a component: have the browser ask before its page is left. Somebody who pressed «back» by
 * mistake stays; what is saved is kept either way.
 */
export function useLeaveGuard(): void {
  const abort = new AbortController();
  window.addEventListener(
    'beforeunload',
    (event) => {
      event.preventDefault();
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- Chrome before 119 asks for this only
      event.returnValue = true;
    },
    { signal: abort.signal },
  );
  onScopeDispose(() => abort.abort());
}
