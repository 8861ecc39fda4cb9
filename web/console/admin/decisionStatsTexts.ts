/** Texts: decision statistics beside the rules. */
export const DECISION_STATS_TEXTS = {
  'zh-CN': {
    decided: {
      title: '人工裁定统计',
      lead: '本科目正式考试中，监考人员对各类标记的裁定。少于 {few} 次时不显示比例。',
      failed: '裁定统计读取失败：{reason}',
      none: '尚无裁定。',
      few: '已裁定 {decided} 次：认定 {confirmed}，驳回 {dismissed}。次数太少，比例不说明问题。',
      some: '已裁定 {decided} 次：认定 {confirmed}（{confirmed_share}），驳回 {dismissed}（{dismissed_share}）。',
      mistaken: '多数被驳回，可考虑放宽此规则。',
    },
  },
  en: {
    decided: {
      title: 'Review decisions',
      lead: 'How proctors decided on flags of each type in this subject’s official sessions. With fewer than {few} decisions, no percentages are shown.',
      failed: 'The decisions could not be loaded: {reason}',
      none: 'No decisions yet.',
      few: '{decided} decided: {confirmed} confirmed, {dismissed} dismissed. Too few for meaningful percentages.',
      some: '{decided} decided: {confirmed} confirmed ({confirmed_share}), {dismissed} dismissed ({dismissed_share}).',
      mistaken: 'Most were dismissed: consider a more lenient rule.',
    },
  },
};
