import type { CheckName } from '../../shared/api/types';
import { browserKind } from '../../shared/browserKind';
import { useTexts } from '../../shared/i18n';

/** What to do about a check that did not pass, in this browser. */
export function useRemedy() {
  const { t } = useTexts();
  return (check: CheckName) =>
    check === 'allowed'
      ? t(`device.allow.${browserKind()}`, { device: t('device.both') })
      : t(`checks.remedy.${check}`);
}
