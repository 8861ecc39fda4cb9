/** Texts: requests of a proctor and extensions. */
export const ASK_TEXTS = {
  'zh-CN': {
    ask: {
      face: {
        title: '监考员请您再次核验身份',
        lead: '请正对摄像头，摘下帽子和口罩，保持光线充足。点击“开始”后将连续拍摄三张照片。作答计时继续。',
        going: '请正对摄像头，正在拍摄…',
      },
      room: {
        title: '监考员请您展示考试环境',
        lead: '点击“开始”后，请在约 30 秒内缓慢移动摄像头（或转动电脑），依次展示桌面、座位四周和房门，然后放回原位。作答计时继续。',
        going: '请缓慢环视：桌面 → 左侧 → 身后 → 右侧 → 房门，然后放回原位。',
      },
      begin: '开始',
      taken: '已拍摄 {n}/{all} 张',
      done: '完成，请继续作答。',
      failed: '有 {n} 张未能上传，请检查网络。监考员可能会再次要求。',
      close: '继续作答',
      extension: '监考员为您延长了 {minutes} 分钟：{reason}',
    },
  },
  en: {
    ask: {
      face: {
        title: 'The proctor asks you to verify your identity again',
        lead: 'Face the camera without a hat or mask and in good light. After you press “Begin”, three pictures are taken. Your exam time continues to run.',
        going: 'Face the camera; pictures are being taken…',
      },
      room: {
        title: 'The proctor asks you to show the room',
        lead: 'After you press “Begin”, move the camera (or turn the computer) slowly for about 30 seconds: the desk, around the seat, the door. Then put it back. Your exam time continues to run.',
        going: 'Move slowly: desk → left → behind you → right → door, then back to its place.',
      },
      begin: 'Begin',
      taken: '{n} of {all} pictures taken',
      done: 'Done. Please continue with your answers.',
      failed: '{n} pictures could not be sent. Check your network. The proctor may ask again.',
      close: 'Continue answering',
      extension: 'The proctor has given you {minutes} more minutes: {reason}',
    },
  },
};
