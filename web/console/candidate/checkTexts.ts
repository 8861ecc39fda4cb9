/** Texts: a candidate's device checks. */
import { CHECK_NAMES } from '../../shared/checks/names';

export const CHECK_TEXTS = {
  'zh-CN': {
    ...CHECK_NAMES['zh-CN'],
    title: '设备检测',
    none: '尚未检测。',
    outcomes: { pass: '通过', warn: '提醒', fail: '未通过' },
    mark: {
      pass: '设备检测：全部通过',
      warn: '设备检测：有提醒',
      fail: '设备检测：有未通过项',
      todo: '设备检测：未完成',
    },
  },
  en: {
    ...CHECK_NAMES.en,
    title: 'Device checks',
    none: 'Not checked yet.',
    outcomes: { pass: 'passed', warn: 'warning', fail: 'failed' },
    mark: {
      pass: 'Device checks: all passed',
      warn: 'Device checks: passed with warnings',
      fail: 'Device checks: a check failed',
      todo: 'Device checks: not done',
    },
  },
};
