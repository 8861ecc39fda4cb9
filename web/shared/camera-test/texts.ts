/** What a test shot says; part of the catalogues of the pages with cameras. */
export const SHOT_TEXTS = {
  'zh-CN': {
    shot: {
      take: '试拍并检查画面',
      again: '再试拍一次',
      busy: '正在检查画面，请保持坐姿…',
      good: '画面合适',
      goodLead: '人物清楚、位置合适，可以继续。',
      hint: '请再自行确认',
      mend: '请调整',
      noPicture: '摄像头还没有画面，请稍等片刻再试。',
      notSent: '试拍没有上传成功，请检查网络后重试。',
      slow: '检查时间比平时长，请稍等，或再试拍一次。',
      purpose: '试拍只用来帮您放好设备，一天后删除，不会计入任何异常。',
      problems: {
        unreadable: '照片无法识别。请保持不动，再试拍一次。',
        covered: '镜头似乎被挡住了。请取下遮挡，擦干净镜头。',
        too_dark: '光线太暗。请开灯，或让脸朝向光源。',
        too_blurred: '画面模糊。请擦拭镜头，放稳设备，不要晃动。',
        several_people: '画面里不止一个人。请确认房间内只有您一人，并避开墙上的人像。',
        no_face: '没有看到脸。请坐到镜头前，脸朝向镜头，不要背光。',
        nobody: '没有看到人。请转动手机，让镜头对着您和桌面。',
        too_far: '离镜头太远。请靠近一些。',
        too_near: '离镜头太近。请退后一些。',
        off_centre: '脸不在画面中间。请移动摄像头或座位，让脸位于中间偏上。',
        cut_off: '身体没有完整进入画面。请退后一些，或调整镜头角度。',
        from_front: '手机似乎正对着您的脸。请放到侧前方约 45°，从旁边拍。',
        no_desk: '无法确认桌面是否在画面内。请看一眼预览：桌面和双手都应看得到。',
      },
    },
  },
  en: {
    shot: {
      take: 'Take a test picture',
      again: 'Take another',
      busy: 'Looking at the picture. Please stay seated…',
      good: 'The picture is right',
      goodLead: 'You can be seen clearly and stand well in the picture. Go on.',
      hint: 'Please look for yourself',
      mend: 'Please mend this',
      noPicture: 'The camera shows no picture yet. Wait a moment and try again.',
      notSent: 'The test picture did not arrive. Check your network and try again.',
      slow: 'This takes longer than usual. Wait, or take another.',
      purpose:
        'A test picture only helps you to place the camera. It is deleted after a day and counts for nothing.',
      problems: {
        unreadable: 'The picture could not be read. Hold still and take another.',
        covered: 'The lens seems to be covered. Uncover it and wipe it clean.',
        too_dark: 'It is too dark. Switch on a lamp, or face the light.',
        too_blurred: 'The picture is blurred. Wipe the lens and keep the device still.',
        several_people:
          'There is more than one person. Be alone in the room, and turn away from portraits on the wall.',
        no_face:
          'No face is seen. Sit before the camera, face it, with no bright light behind you.',
        nobody: 'Nobody is seen. Turn the phone so that it sees you and the desk.',
        too_far: 'The camera is too far away. Move nearer.',
        too_near: 'The camera is too near. Move back a little.',
        off_centre: 'Your face is not in the middle. Move the camera or your chair.',
        cut_off: 'You are not wholly in the picture. Move back, or tilt the camera.',
        from_front: 'The phone seems to face you. Place it about 45° to your side.',
        no_desk:
          'Whether the desk is in the picture cannot be told. Look at the preview: desk and hands should be seen.',
      },
    },
  },
};
