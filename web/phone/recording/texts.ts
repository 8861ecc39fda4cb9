/** Recordings of the second view. */
export const RECORDING_TEXTS = {
  'zh-CN': {
    recording: {
      on: '录制中',
      onPhone: '手机的画面和声音，保存 {days} 天。',
      uploading: '还有 {count} 段录像在上传，请先不要关闭页面',
    },
  },
  en: {
    recording: {
      on: 'Recording',
      onPhone: 'the phone’s picture and sound, kept for {days} days.',
      uploading: '{count} more recording segments are being uploaded; please keep this page open',
    },
  },
};
