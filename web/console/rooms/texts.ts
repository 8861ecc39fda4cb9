/** Texts: the list of rooms. */
export const ROOM_LIST_TEXTS = {
  'zh-CN': {
    rooms: {
      title: '考场',
      lead: '请选择要监考的考场。',
      none: '没有分配给您的考场，请联系管理员。',
      enter: '进入考场',
      loading: '正在读取考场…',
      again: '重试',
    },
  },
  en: {
    rooms: {
      title: 'Rooms',
      lead: 'Choose a room to proctor.',
      none: 'No room is assigned to you. Please contact an administrator.',
      enter: 'Enter the room',
      loading: 'Loading rooms…',
      again: 'Try again',
    },
  },
};
