import { reactive } from 'vue';
import { deviceStore, loadJson, saveJson } from '../../shared/storage';

/** The questions somebody wants to see again; kept on this device over a reload. */
export function useBookmarks(sessionId: string) {
  const name = `invigil.marks.${sessionId}`;
  const bookmarks = reactive(new Set<string>(load(name)));

  function toggle(questionId: string): void {
    if (!bookmarks.delete(questionId)) bookmarks.add(questionId);
    saveJson(deviceStore, name, [...bookmarks]);
  }
  return { bookmarks, toggle };
}

function load(name: string): string[] {
  const saved = loadJson(deviceStore, name);
  return Array.isArray(saved) ? saved.map(String) : [];
}
