/** Keeping an order stable while somebody reads it. */

/**
 * Return what to show of `target` without moving anything: who was shown stays in place, who is no
 * longer in it goes, who is new comes last.
 */
export function stabilize(shown: readonly string[], target: readonly string[]): string[] {
  const targetIds = new Set(target);
  const remaining = shown.filter((id) => targetIds.has(id));
  const present = new Set(remaining);
  return [...remaining, ...target.filter((id) => !present.has(id))];
}
