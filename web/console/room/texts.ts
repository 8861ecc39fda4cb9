/** Texts: a room's connection and its latest events. */
export const ROOM_TEXTS = {
  'zh-CN': {
    link: {
      connecting: '连接中',
      open: '实时',
      polling: '重连中 · 每 5 秒刷新',
      connecting_hint: '正在建立实时连接。',
      open_hint: '实时连接正常，画面与标记自动更新。',
      polling_hint: '实时连接中断，正在自动重连；其间每 5 秒读取一次。',
      failing: '读取失败，显示的可能不是最新情况：{reason}',
    },
    feed: {
      title: '最新动态',
      none: '暂无异常标记。',
      opened: '出现',
      closed: '结束',
      critical: '紧急：{name}，{kind}。',
    },
  },
  en: {
    link: {
      connecting: 'Connecting',
      open: 'Live',
      polling: 'Reconnecting · refreshing every 5 s',
      connecting_hint: 'Establishing the live connection.',
      open_hint: 'The live connection is active; pictures and flags update automatically.',
      polling_hint:
        'The live connection was lost and is being restored; meanwhile the room is refreshed every 5 s.',
      failing: 'Refreshing failed, so this may be out of date: {reason}',
    },
    feed: {
      title: 'Latest events',
      none: 'No flags yet.',
      opened: 'opened',
      closed: 'closed',
      critical: 'Critical: {name}, {kind}.',
    },
  },
};
