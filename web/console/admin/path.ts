/** Where one is in the admin pages: `#/admin/<exam>/subjects/<subject>/rules` and the like. */
import { onScopeDispose, readonly, shallowRef } from 'vue';

/** Return the parts behind `#/admin`, or null where the address is another page's. */
export function parseAdmin(hash: string): string[] | null {
  const [first, ...rest] = hash.replace(/^#?\/?/, '').split('/');
  return first === 'admin' ? rest.filter(Boolean).map(decodeURIComponent) : null;
}

export function adminPath(...parts: string[]): string {
  return ['#', 'admin', ...parts.map(encodeURIComponent)].join('/');
}

export function useAdminPath() {
  const parts = shallowRef(safely(location.hash));
  const follow = () => (parts.value = safely(location.hash));
  window.addEventListener('hashchange', follow);
  onScopeDispose(() => window.removeEventListener('hashchange', follow));
  return readonly(parts);
}

function safely(hash: string): string[] | null {
  try {
    return parseAdmin(hash);
  } catch {
    return null; // an address that somebody cut short
  }
}
