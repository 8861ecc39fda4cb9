/** A line to the same page in other tabs; null where the browser has none, and each tab is alone. */
export function openTabChannel(name: string): BroadcastChannel | null {
  return typeof BroadcastChannel === 'function' ? new BroadcastChannel(name) : null;
}
