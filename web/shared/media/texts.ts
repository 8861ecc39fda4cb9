/** Texts: cameras and microphones; part of the catalogues of pages with cameras. */
export const DEVICE_TEXTS = {
  'zh-CN': {
    device: {
      camera: '摄像头',
      microphone: '麦克风',
      again: '重新检测',
      states: {
        off: '未开启',
        asking: '等待授权',
        live: '正常',
        denied: '未授权',
        missing: '未找到',
        busy: '被占用',
        lost: '已断开',
        unsupported: '不支持',
      },
      remedy: {
        asking: '请在浏览器弹出的询问中点击“允许”。',
        denied: '请点击地址栏左侧的图标，把{device}设为“允许”，然后点“重新检测”。',
        missing: '没有找到{device}。请检查是否已连接并启用，接好后会自动恢复。',
        busy: '{device}正被其他程序使用。请关闭会议、直播等软件，稍后会自动恢复。',
        lost: '{device}已断开。请检查连接或遮挡开关，恢复后会自动继续。',
        unsupported: '此浏览器无法使用{device}。请改用新版 Chrome 或 Edge 打开本页。',
      },
    },
  },
  en: {
    device: {
      camera: 'Camera',
      microphone: 'Microphone',
      again: 'Check again',
      states: {
        off: 'off',
        asking: 'waiting for permission',
        live: 'working',
        denied: 'not allowed',
        missing: 'not found',
        busy: 'in use by another program',
        lost: 'disconnected',
        unsupported: 'not supported',
      },
      remedy: {
        asking: 'Choose “Allow” when the browser asks.',
        denied:
          '{device}: click the icon to the left of the address, allow access, then press “Check again”.',
        missing:
          '{device}: not found. Connect it and switch it on; the page continues automatically.',
        busy: '{device}: in use by another program. Close meetings and streams; the page continues automatically.',
        lost: '{device}: disconnected. Check the cable or the privacy switch; the page continues automatically.',
        unsupported:
          '{device}: not supported by this browser. Open this page in a recent Chrome or Edge.',
      },
    },
  },
};
