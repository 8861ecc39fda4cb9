/** Ready-made answers, in both languages: the candidate may read another than staff. */
import type { Text } from '../../shared/api/types';

export const CANNED_ANSWERS: readonly Text[] = [
  { zh: '您好，请问遇到了什么问题？', en: 'Hello, how can we help you?' },
  {
    zh: '请刷新页面后重试，已保存的答案不会丢失。',
    en: 'Please reload the page. Saved answers will not be lost.',
  },
  {
    zh: '请检查浏览器地址栏的摄像头和麦克风权限。',
    en: 'Please check the camera and microphone permissions in the browser’s address bar.',
  },
  {
    zh: '请在电脑上刷新二维码，再用手机重新扫描。',
    en: 'Please refresh the QR code on the computer and scan it again.',
  },
  { zh: '已转告监考老师，请稍候。', en: 'Your proctor has been informed. Please wait.' },
  {
    zh: '试题内容无法解答，请按自己的理解作答。',
    en: 'We cannot answer questions about the paper; please answer as you understand it.',
  },
];
