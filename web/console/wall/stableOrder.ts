/** Keeping an order still while somebody reads it. */

/**
 * Return what to show of `wanted` without moving anything: who was shown stays in place, who is no
 * longer wanted goes, who is new comes last.
 */
export function settle(shown: readonly string[], wanted: readonly string[]): string[] {
  const still = new Set(wanted);
  const kept = shown.filter((id) => still.has(id));
  const there = new Set(kept);
  return [...kept, ...wanted.filter((id) => !there.has(id))];
}
