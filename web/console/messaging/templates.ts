/** Ready-made warnings and answers, in both languages: the candidate may read another than staff. */
import type { Text } from '../../shared/api/types';

export const WARNINGS: readonly Text[] = [
  { zh: '请将面部保持在画面中央。', en: 'Please keep your face in the middle of the picture.' },
  { zh: '请勿离开座位。', en: 'Please do not leave your seat.' },
  { zh: '请注视本人屏幕，不要左右张望。', en: 'Please look at your own screen only.' },
  {
    zh: '画面中有其他人，请其立即离开。',
    en: 'Somebody else is in the picture. They must leave now.',
  },
  { zh: '请收起手机等电子设备和书本资料。', en: 'Please put away phones, devices and books.' },
  { zh: '请保持安静，不要读题或交谈。', en: 'Please be quiet: do not read aloud or talk.' },
  {
    zh: '请调整第二视角，露出双手和桌面。',
    en: 'Please turn the phone so that hands and desk are seen.',
  },
  { zh: '请调亮灯光，画面过暗。', en: 'Please turn on more light: the picture is too dark.' },
];

export const ANNOUNCEMENTS: readonly Text[] = [
  { zh: '距考试结束还有 15 分钟，请合理安排时间。', en: 'The exam ends in 15 minutes.' },
  {
    zh: '请勿提前关闭页面，交卷后方可离开。',
    en: 'Please do not close the page before handing in.',
  },
];

export const ANSWERS: readonly Text[] = [
  { zh: '您好，请问遇到了什么问题？', en: 'Hello, what is the problem?' },
  {
    zh: '请刷新页面后重试，已保存的答案不会丢失。',
    en: 'Please reload the page. What was saved is safe.',
  },
  {
    zh: '请检查浏览器地址栏的摄像头和麦克风权限。',
    en: 'Please check the camera and microphone permissions.',
  },
  {
    zh: '请在电脑上刷新二维码，再用手机重新扫描。',
    en: 'Please renew the QR code and scan it again.',
  },
  { zh: '已转告监考老师，请稍候。', en: 'Your proctor has been told. Please wait.' },
  {
    zh: '试题内容无法解答，请按自己的理解作答。',
    en: 'Questions of the paper cannot be answered here.',
  },
];
