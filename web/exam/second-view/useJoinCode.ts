import { onScopeDispose, ref, shallowRef } from 'vue';
import type { JoinCode } from '../../shared/api/types';
import { backoff } from '../../shared/backoff';
import { useExamSession } from '../session/session';

/** Renewed this long before it ends: who scans it last still has time to type the number. */
const RENEW_BEFORE_MS = 60_000;

/** A one-time code for the phone, renewed by itself before it ends. */
export function useJoinCode() {
  const { api, clock } = useExamSession();
  const code = shallowRef<JoinCode | null>(null);
  const picture = ref('');
  const error = shallowRef<unknown>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let closed = false;

  async function renew(): Promise<void> {
    clearTimeout(timer);
    try {
      const next = await api.request((client) => client.POST('/candidate/second-view/code'));
      const dataUrl = await renderQrCode(phoneAddress(next.code));
      [code.value, picture.value, error.value, failures] = [next, dataUrl, null, 0];
      scheduleRenewal(next.expires_at - clock.now() - RENEW_BEFORE_MS);
    } catch (failure) {
      error.value = failure;
      scheduleRenewal(backoff(failures++, Math.random, 2_000));
    }
  }

  function scheduleRenewal(ms: number): void {
    if (!closed) timer = setTimeout(() => void renew(), Math.max(ms, 1_000));
  }

  onScopeDispose(() => {
    closed = true;
    clearTimeout(timer);
  });
  void renew();
  return { code, picture, error, renew, address: phonePage().href };
}

/** The phone page, where the code can also be typed. */
const phonePage = () => new URL('../phone/index.html', location.href);

function phoneAddress(code: string): string {
  const address = phonePage();
  address.searchParams.set('code', code);
  return address.href;
}

async function renderQrCode(text: string): Promise<string> {
  const { toDataURL } = await import('qrcode');
  return toDataURL(text, { errorCorrectionLevel: 'M', margin: 2, width: 440 });
}
