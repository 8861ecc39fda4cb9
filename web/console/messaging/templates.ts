/** Ready-made warnings, in both languages: the candidate may read another than staff. */
import type { Text } from '../../shared/api/types';

export const WARNINGS: readonly Text[] = [
  { zh: '请将面部保持在画面中央。', en: 'Please keep your face in the middle of the picture.' },
  { zh: '请勿离开座位。', en: 'Please do not leave your seat.' },
  { zh: '请注视本人屏幕，不要左右张望。', en: 'Please look only at your own screen.' },
  {
    zh: '画面中有其他人，请其立即离开。',
    en: 'Another person is in the picture. They must leave immediately.',
  },
  {
    zh: '请收起手机等电子设备和书本资料。',
    en: 'Please put away phones, other devices and books.',
  },
  { zh: '请保持安静，不要读题或交谈。', en: 'Please remain silent: do not read aloud or talk.' },
  {
    zh: '请调整第二视角，露出双手和桌面。',
    en: 'Please adjust the phone so that your hands and desk are visible.',
  },
  { zh: '请调亮灯光，画面过暗。', en: 'Please turn on more light; the picture is too dark.' },
];

export const ANNOUNCEMENTS: readonly Text[] = [
  { zh: '距考试结束还有 15 分钟，请合理安排时间。', en: 'The exam ends in 15 minutes.' },
  {
    zh: '请勿提前关闭页面，交卷后方可离开。',
    en: 'Please do not close the page before handing in.',
  },
];
