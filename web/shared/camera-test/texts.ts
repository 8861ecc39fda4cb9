/** Texts: the camera test; part of the catalogues of pages with cameras. */
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
        no_desk: '无法确认桌面是否在画面内。请看一眼预览：桌面、电脑屏幕和双手都应看得到。',
      },
    },
  },
  en: {
    shot: {
      take: 'Take a test picture',
      again: 'Take another',
      busy: 'Checking the picture. Please stay seated…',
      good: 'The camera position is right',
      goodLead: 'You are clearly visible and well positioned. You can continue.',
      hint: 'Please check for yourself',
      mend: 'Please correct this',
      noPicture: 'The camera is not showing a picture yet. Wait a moment and try again.',
      notSent: 'The test picture could not be sent. Check your network and try again.',
      slow: 'This is taking longer than usual. Wait, or take another.',
      purpose:
        'The test picture only helps you position the camera. It is deleted after one day and has no effect on your exam.',
      problems: {
        unreadable: 'The picture could not be read. Hold still and take another.',
        covered: 'The lens appears to be covered. Uncover it and wipe it clean.',
        too_dark: 'The picture is too dark. Turn on a light or face a light source.',
        too_blurred: 'The picture is blurred. Wipe the lens and keep the device still.',
        several_people:
          'More than one person was detected. Make sure you are alone in the room and that no portrait is in view.',
        no_face:
          'No face was detected. Sit in front of the camera and face it, with no bright light behind you.',
        nobody: 'Nobody was detected. Turn the phone so that it shows you and the desk.',
        too_far: 'The camera is too far away. Move it closer.',
        too_near: 'The camera is too close. Move it back a little.',
        off_centre: 'Your face is not in the centre. Move the camera or your chair.',
        cut_off: 'You are not completely in the picture. Move back or tilt the camera.',
        from_front: 'The phone appears to face you directly. Place it at about 45° to your side.',
        no_desk:
          'It is unclear whether the desk is in the picture. Check the preview: the desk, the screen and your hands should be visible.',
      },
    },
  },
};
