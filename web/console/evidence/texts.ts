/** Texts: screenshots of the live video. */
export const EVIDENCE_TEXTS = {
  'zh-CN': {
    shot: {
      take: '截图',
      title: '实时画面截图',
      taken: '{view} · {at} · {width}×{height}',
      alt: '刚截取的画面',
      note: '说明（选填）',
      keep: '保存为证据',
      discard: '不保存',
      kept: '已保存为证据',
      lost: '截图没有传上去，请重试。',
    },
  },
  en: {
    shot: {
      take: 'Take a screenshot',
      title: 'Screenshot of the live video',
      taken: '{view} · {at} · {width}×{height}',
      alt: 'The screenshot just taken',
      note: 'Note (optional)',
      keep: 'Save as evidence',
      discard: 'Discard',
      kept: 'Saved as evidence',
      lost: 'The screenshot could not be uploaded. Please try again.',
    },
  },
};
