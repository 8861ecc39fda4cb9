/** Texts: the phone's state on the exam page. */
export const SECOND_VIEW_TEXTS = {
  'zh-CN': {
    phone: {
      lost: '手机（第二视角）已断开，监考老师也能看到。请尽快恢复，答题不受影响。',
      hidden: '手机的监考页面不在前台，摄像头可能已停止。请在手机上回到监考页面。',
      low: '手机电量只剩 {percent}%，请尽快接上电源。',
      help: '如何恢复',
      title: '恢复第二视角',
      steps: {
        back: '先看手机：回到监考页面、解锁屏幕、检查网络，通常会自动恢复。',
        scan: '仍未恢复时，用手机重新扫描下面的二维码，再输入准考证号和证件号。',
        place: '恢复后把手机放回侧前方约 45° 的位置，并接上电源。',
      },
      back: '手机已恢复',
      close: '关闭',
    },
  },
  en: {
    phone: {
      lost: 'Your phone (second view) is disconnected, and the proctor can see this. Reconnect it soon; you can keep answering.',
      hidden:
        'The proctoring page on your phone is in the background, so its camera may have stopped. Open it again.',
      low: 'Your phone’s battery is at {percent}%. Plug it in soon.',
      help: 'How to reconnect',
      title: 'Reconnect the second view',
      steps: {
        back: 'Look at the phone first: open the page, unlock the screen, check its network. It usually reconnects automatically.',
        scan: 'If it does not, scan this QR code with the phone and enter both numbers again.',
        place: 'Then put the phone back at about 45° to your side and plug it in.',
      },
      back: 'The phone is connected again',
      close: 'Close',
    },
  },
};
