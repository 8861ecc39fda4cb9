// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { shallowRef } from 'vue';
import type { Session } from '../../shared/api/types';
import { createStubApi, refusal } from '../../shared/tests/stubApi';
import { mountComponent, type MountedComponent } from '../../shared/tests/mountComponent';
import { EXAM_SESSION, type ExamSession } from '../session/session';
import { TEXTS } from '../texts';
import WithdrawConsent from './WithdrawConsent.vue';

const PATH = '/candidate/face-consent';
type Consent = Session['identity']['consent'];
const withConsent = (consent: Consent) => ({ identity: { consent } }) as Session;

let mounted: MountedComponent;
afterEach(() => mounted.unmount());

function show(consent: Consent, stub = createStubApi()) {
  const session = shallowRef<Session | null>(withConsent(consent));
  const exam = {
    session,
    async runStep(step) {
      session.value = await step(stub.api);
    },
  } as Pick<ExamSession, 'session' | 'runStep'>;
  mounted = mountComponent(WithdrawConsent, {
    texts: TEXTS,
    provided: [[EXAM_SESSION, exam]],
  });
  return { stub, session };
}

describe('withdrawing consent', () => {
  it('takes a second step, and is then told', async () => {
    const { stub } = show('given', createStubApi({ [PATH]: [withConsent('withdrawn')] }));
    expect(mounted.get('withdraw').hasAttribute('open')).toBe(false);
    expect(stub.sent).toEqual([]);
    await mounted.press('withdraw-confirm');
    await vi.waitFor(() => expect(mounted.get('withdrawn').getAttribute('role')).toBe('status'));
    expect(stub.sent).toEqual([{ method: 'POST', path: PATH, body: { agreed: false } }]);
    expect(mounted.find('withdraw')).toBeNull();
  });

  it('is sent once, however often it is pressed', async () => {
    const { stub } = show('given', createStubApi({ [PATH]: [withConsent('withdrawn')] }));
    mounted.get('withdraw-confirm').click();
    mounted.get('withdraw-confirm').click();
    await vi.waitFor(() => expect(mounted.find('withdrawn')).not.toBeNull());
    expect(stub.sent).toHaveLength(1);
  });

  it('can be tried again where it failed, and says why', async () => {
    const answers = [refusal(409, 'conflict', '请重试'), withConsent('withdrawn')];
    show('given', createStubApi({ [PATH]: answers }));
    await mounted.press('withdraw-confirm');
    await vi.waitFor(() => expect(mounted.get('withdraw').textContent).toContain('请重试'));
    await mounted.press('withdraw-confirm');
    await vi.waitFor(() => expect(mounted.find('withdrawn')).not.toBeNull());
  });

  it.each(['none', 'refused'] as Consent[])('is not offered where consent is %s', (consent) => {
    show(consent);
    expect(mounted.find('withdraw')).toBeNull();
    expect(mounted.find('withdrawn')).toBeNull();
  });
});
