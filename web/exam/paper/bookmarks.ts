import { reactive } from 'vue';

/** The questions somebody wants to see again; kept on this device over a reload. */
export function useMarks(sessionId: string) {
  const name = `invigil.marks.${sessionId}`;
  const marks = reactive(new Set<string>(load(name)));

  function toggle(questionId: string): void {
    if (!marks.delete(questionId)) marks.add(questionId);
    try {
      localStorage.setItem(name, JSON.stringify([...marks]));
    } catch {
      // Forgotten after a reload; no answer depends on it.
    }
  }
  return { marks, toggle };
}

function load(name: string): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(name) ?? '[]');
    return Array.isArray(kept) ? kept.map(String) : [];
  } catch {
    return [];
  }
}
