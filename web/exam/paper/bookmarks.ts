import { reactive } from 'vue';

/** The questions somebody wants to see again; kept on this device over a reload. */
export function useBookmarks(sessionId: string) {
  const name = `invigil.marks.${sessionId}`;
  const bookmarks = reactive(new Set<string>(load(name)));

  function toggle(questionId: string): void {
    if (!bookmarks.delete(questionId)) bookmarks.add(questionId);
    try {
      localStorage.setItem(name, JSON.stringify([...bookmarks]));
    } catch {
      // Forgotten after a reload; no answer depends on it.
    }
  }
  return { bookmarks, toggle };
}

function load(name: string): string[] {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(name) ?? '[]');
    return Array.isArray(saved) ? saved.map(String) : [];
  } catch {
    return [];
  }
}
