/** Where one is in the console, as the address's hash: `#/rooms/<room>/seats/<session>`. */
import { onScopeDispose, readonly, shallowRef } from 'vue';

export interface Route {
  readonly room: string | null;
  readonly seat: string | null;
}

export function parseRoute(hash: string): Route {
  const [first, room, second, seat] = hash.replace(/^#?\/?/, '').split('/');
  if (first !== 'rooms' || !room) return { room: null, seat: null };
  return { room: decoded(room), seat: second === 'seats' && seat ? decoded(seat) : null };
}

export function formatRoute(room: string | null = null, seat: string | null = null): string {
  if (!room) return '#/';
  const path = `#/rooms/${encodeURIComponent(room)}`;
  return seat ? `${path}/seats/${encodeURIComponent(seat)}` : path;
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
