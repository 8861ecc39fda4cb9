/**
 * Where one is in the console, as the address's hash: a page and what it shows.
 *
 *     #/rooms/<room>/seats/<session>      #/review/<room>      #/violations/<session>/<review>
 */
import { onScopeDispose, readonly, shallowRef } from 'vue';

const PAGES = ['rooms', 'review', 'violations', 'replay', 'admin', 'staff', 'account'] as const;
export type Page = (typeof PAGES)[number];

export interface Route {
  readonly page: Page;
  /** What stands behind the page in the address. */
  readonly parts: readonly string[];
  readonly room: string | null;
  readonly seat: string | null;
}

export function parseRoute(hash: string): Route {
  const [first = '', ...segments] = hash.replace(/^#?\/?/, '').split('/');
  const page = PAGES.find((name) => name === first);
  const parts = page ? segments.filter(Boolean).map(decoded) : [];
  const [room = null, second, seat = null] = parts;
  const inRoom = page === 'rooms';
  return {
    page: page ?? 'rooms',
    parts,
    room: inRoom ? room : null,
    seat: inRoom && second === 'seats' ? seat : null,
  };
}

/** The address of a page, such as `formatPage('violations', session, review)`. */
export function formatPage(page: Page, ...parts: string[]): string {
  return `#/${[page, ...parts.map(encodeURIComponent)].join('/')}`;
}

export function formatRoute(room: string | null = null, seat: string | null = null): string {
  if (!room) return '#/';
  return seat ? formatPage('rooms', room, 'seats', seat) : formatPage('rooms', room);
}

/** Follow the address; the browser's back and forward work as everywhere. */
export function useRoute() {
  const route = shallowRef(parseRoute(location.hash));
  const follow = () => (route.value = parseRoute(location.hash));
  window.addEventListener('hashchange', follow);
  onScopeDispose(() => window.removeEventListener('hashchange', follow));
  return readonly(route);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
