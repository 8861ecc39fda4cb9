import { ref } from 'vue';
import { useTask } from '../../shared/task';

/** A form's saving: whether it runs, why it failed, and whether the last one was done. */
export function useSave() {
  const { busy, error, run } = useTask();
  const done = ref(false);
  async function save(work: () => Promise<unknown>): Promise<boolean> {
    done.value = false;
    done.value = await run(work);
    return done.value;
  }
  return { busy, error, done, save };
}
