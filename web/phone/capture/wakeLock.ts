import { onScopeDispose, ref, type Ref } from 'vue';

/** Keep the screen on while a component is shown; returns whether the browser does so. */
export function useWakeLock(): Ref<boolean> {
  const awake = ref(false);
  let lock: WakeLockSentinel | null = null;
  let closed = false;

  async function acquire(): Promise<void> {
    // Older browsers have none; every browser lets go of it when the page is hidden.
    const wakeLock = (navigator as Partial<Navigator>).wakeLock;
    if (!wakeLock || document.visibilityState !== 'visible' || closed) return;
    try {
      lock = await wakeLock.request('screen');
      lock.addEventListener('release', () => (awake.value = false));
      awake.value = true;
    } catch {
      awake.value = false; // low battery, or not allowed
    }
  }

  const onVisible = () => void acquire();
  // Where it was refused, as with a low battery, a touch may bring it.
  const onTouch = () => {
    if (!awake.value) void acquire();
  };
  document.addEventListener('visibilitychange', onVisible);
  document.addEventListener('pointerdown', onTouch);
  onScopeDispose(() => {
    closed = true;
    document.removeEventListener('visibilitychange', onVisible);
    document.removeEventListener('pointerdown', onTouch);
    void lock?.release();
  });
  void acquire();
  return awake;
}
