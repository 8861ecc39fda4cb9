import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';

/** A task that the user started: whether it runs, and why it failed. */
export interface Task {
  readonly busy: Ref<boolean>;
  readonly error: ShallowRef<unknown>;
  /** Run it unless it runs already; returns whether it succeeded. */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
}

export function useTask(): Task {
  const busy = ref(false);
  const error = shallowRef<unknown>(null);
  async function run(work: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    error.value = null;
    try {
      await work();
      return true;
    } catch (failure) {
      error.value = failure;
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { busy, error, run };
}
