/** Texts: outages, and changes of device. */
export const CONTINUITY_TEXTS = {
  'zh-CN': {
    continuity: {
      outages: '断网补时',
      outages_lead:
        '服务器看到考生失去联系，恢复后按此补回时间，并记入审计；从未收到过画面的设备不补。修改只对尚未开始作答的考生生效。',
      shortest: '失联多久才算中断（秒）',
      minutes: '补时上限（分钟）',
      percent: '补时上限（占作答时长 %）',
      most: '作答时长 {duration} 分钟：一场最多补 {minutes} 分钟。',
      none: '断网不补时。',
      beyond: '补时可以超过本场结束时间',
      device: '拍照核验之后换电脑',
      device_lead:
        '换到另一台电脑后，试题和答案在核验通过之前不会显示。监考员会看到标记和两台设备的地址。修改对所有考生生效。',
      rules: {
        photo_check: '在新电脑上重新拍照比对；不一致的由监考员判断',
        proctor: '一律由监考员看过后决定',
      },
    },
  },
  en: {
    continuity: {
      outages: 'Credit for outages',
      outages_lead:
        'When the server saw a candidate lose contact, this much time is credited on their return, and audited; a device that never sent a picture is credited nothing. Changes apply to candidates who have not started answering.',
      shortest: 'Shortest outage (seconds without contact)',
      minutes: 'Most credit (minutes)',
      percent: 'Most credit (% of the answering time)',
      most: 'Answering time {duration} min: at most {minutes} min are credited.',
      none: 'No time is credited for outages.',
      beyond: 'Credit may go beyond the end of the session',
      device: 'Another computer after the photo check',
      device_lead:
        'On another computer neither questions nor answers are shown until the candidate has been verified. The proctor sees a flag with the addresses of both devices. Changes apply to everyone.',
      rules: {
        photo_check:
          'The photo is taken and compared again on the new computer; a proctor decides where it does not match',
        proctor: 'A proctor looks and decides in every case',
      },
    },
  },
};
