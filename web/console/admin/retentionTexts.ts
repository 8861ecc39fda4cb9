/** Texts: for how long an exam keeps what it records. */
export const RETENTION_TEXTS = {
  'zh-CN': {
    retention: {
      title: '保存期限',
      lead: '自考生登录当日起算，到期自动删除并留下删除凭据。修改只对之后登录的考生生效：考生在同意书中读到几天，就是几天。违纪尚未裁定的、有人要求保留的，不会删除。',
      kind: {
        snapshots: '抓拍画面（天）',
        clips: '录音（天）',
        recordings: '录像（天）',
        identity: '身份核验照片（天）',
        evidence: '证据（天）',
      },
    },
  },
  en: {
    retention: {
      title: 'How long things are kept',
      lead: 'Counted from each candidate’s sign-in; deleted on their day, with a receipt. Changes apply to candidates who sign in from now on: what they read in the consent is what holds. Nothing is deleted while a violation is undecided or somebody preserves it.',
      kind: {
        snapshots: 'Pictures (days)',
        clips: 'Sound clips (days)',
        recordings: 'Recordings (days)',
        identity: 'Verification pictures (days)',
        evidence: 'Evidence (days)',
      },
    },
  },
};
