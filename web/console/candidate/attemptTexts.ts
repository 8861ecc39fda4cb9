/** Texts: the attempts of a sitting, and how an ended one is reopened. */
export const ATTEMPT_TEXTS = {
  'zh-CN': {
    attempts: {
      title: '考试次数',
      number: '第 {number} 次',
      shown: '本页所示',
      open: '查看第 {number} 次',
      superseded: '这是第 {number} 次考试的封存记录，之后另有一次考试。',
      signed_in_at: '开放于 {time}',
      started_at: '{time} 开始作答',
      answered_during: '作答 {range}',
      receipt: '回执 {receipt}，已答 {count} 题',
      because: '{how}：{reason}',
      reopened: '重新开放：{by} 申请，{other} 确认。原因：{reason}',
      repeat: '考生可以自己再做一次设备调试，次数不限，每次的记录都保留。',
      endings: {
        declined: '考生不同意承诺书',
        submitted: '考生交卷',
        timed_out: '时间到，自动收卷',
        terminated_by_person: '由工作人员终止',
        terminated_by_rule: '按锁屏规则终止',
      },
    },
    reopening: {
      title: '重新开放',
      lead: '如因误操作或故障结束，可申请重新开放，由另一位人员确认。本次的答案、回执和记录保持封存。',
      by_admin: '如因误操作或故障结束，可由管理员申请重新开放，由另一位人员确认。',
      own: '等待另一位人员（本考场监考员或其他管理员）在此页确认。确认后另开一次考试，考生的页面随即提示重新登录。',
      decide:
        '确认后另开一次考试，带入已保存的答案；考生的页面随即提示重新登录，按步骤核验后继续作答。本次记录保持封存。',
      asked: '申请人',
      reason: '原因',
      time: '作答时长',
      minutes: '{n} 分钟',
    },
  },
  en: {
    attempts: {
      title: 'Attempts',
      number: 'Attempt {number}',
      shown: 'shown here',
      open: 'Open attempt {number}',
      superseded: 'This is the sealed record of attempt {number}. Another attempt followed it.',
      signed_in_at: 'Opened {time}',
      started_at: 'Answering since {time}',
      answered_during: 'Answered {range}',
      receipt: 'Receipt {receipt}, {count} answered',
      because: '{how}: {reason}',
      reopened: 'Reopened: requested by {by}, confirmed by {other}. Reason: {reason}',
      repeat:
        'The candidate can repeat the practice session as often as they like; the record of each attempt is kept.',
      endings: {
        declined: 'The candidate declined the pledge',
        submitted: 'Handed in by the candidate',
        timed_out: 'Time ran out',
        terminated_by_person: 'Terminated by staff',
        terminated_by_rule: 'Terminated by the page-lock rule',
      },
    },
    reopening: {
      title: 'Reopening',
      lead: 'If it ended by mistake or because of a fault, request its reopening; a second person confirms. Answers, receipt and record of this attempt stay sealed.',
      by_admin:
        'If it ended by mistake or because of a fault, an administrator can request its reopening; a second person confirms.',
      own: 'A second person (a proctor of this room or another administrator) confirms on this page. That opens a new attempt, and the candidate’s page asks them at once to sign in again.',
      decide:
        'Confirming opens a new attempt with the saved answers. The candidate’s page asks them at once to sign in again; they are verified and continue answering. This record stays sealed.',
      asked: 'Requested by',
      reason: 'Reason',
      time: 'Answering time',
      minutes: '{n} min',
    },
  },
};
