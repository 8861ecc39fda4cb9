/** What a room says of its connection and of what happens in it. */
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
      polling: 'Reconnecting · refreshed every 5 s',
      connecting_hint: 'The live connection is being made.',
      open_hint: 'The live connection works; pictures and flags come by themselves.',
      polling_hint:
        'The live connection broke and is being restored; meanwhile the room is read every 5 s.',
      failing: 'Reading failed, so this may not be the latest: {reason}',
    },
    feed: {
      title: 'Latest events',
      none: 'No flags so far.',
      opened: 'began',
      closed: 'ended',
      critical: 'Critical: {name}, {kind}.',
    },
  },
};
