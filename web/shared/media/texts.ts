import { SUPPORTED_BROWSERS } from '../supportedBrowsers';

/** Texts: cameras and microphones; part of the catalogues of pages with cameras. */
export const DEVICE_TEXTS = {
  'zh-CN': {
    device: {
      camera: '摄像头',
      microphone: '麦克风',
      both: '摄像头和麦克风',
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
        missing: '没有找到{device}。请检查是否已连接并启用，接好后会自动恢复。',
        busy: '{device}正被其他程序使用。请关闭会议、直播等软件，稍后会自动恢复。',
        lost: '{device}已断开。请检查连接或遮挡开关，恢复后会自动继续。',
        unsupported: `此浏览器无法使用{device}。请改用 ${SUPPORTED_BROWSERS['zh-CN']}打开本页，并使用 https 地址。`,
      },
      waiting: '浏览器还在等您回答。如果没有看到询问，它可能已被收起：',
      allow: {
        chrome: '请点击地址栏左侧的图标，把{device}设为“允许”，再点“重新检测”。',
        firefox:
          '{device}：请点击地址栏左侧的摄像头或麦克风图标，点“已阻止”旁的 ✕，再点“重新检测”，在询问中选“允许”。',
        safari:
          '请在屏幕顶部的菜单中点“Safari 浏览器”→“此网站的设置…”，把{device}设为“允许”，再点“重新检测”。',
        ios: '请点地址栏左侧的图标（“大小”或页面图标）→“网站设置”，把{device}设为“允许”，再点“重新检测”；若仍不行，请在系统“设置”→“Safari 浏览器”→“相机”中选“允许”。',
        android: '请点地址栏左侧的图标→“权限”，把{device}设为“允许”，再点“重新检测”。',
        wechat:
          '请点右上角“···”，选择在浏览器中打开；或在手机“设置”中允许微信使用{device}，再点“重新检测”。',
      },
    },
  },
  en: {
    device: {
      camera: 'Camera',
      microphone: 'Microphone',
      both: 'Camera and microphone',
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
        missing:
          '{device}: not found. Connect it and switch it on; the page continues automatically.',
        busy: '{device}: in use by another program. Close meetings and streams; the page continues automatically.',
        lost: '{device}: disconnected. Check the cable or the privacy switch; the page continues automatically.',
        unsupported: `{device}: not supported by this browser. Open this page in ${SUPPORTED_BROWSERS.en}, at an https address.`,
      },
      waiting:
        'The browser is still waiting for you. If you see no question, it may be folded away:',
      allow: {
        chrome:
          '{device}: click the icon to the left of the address, allow access, then press “Check again”.',
        firefox:
          '{device}: click the camera or microphone icon to the left of the address and the ✕ beside “Blocked”, press “Check again”, then choose “Allow”.',
        safari:
          '{device}: in the menu bar, open Safari → Settings for This Website…, choose “Allow”, then press “Check again”.',
        ios: '{device}: tap the icon to the left of the address → Website Settings, choose “Allow”, then press “Check again”. If that does not help, open Settings → Safari → Camera and choose “Allow”.',
        android:
          '{device}: tap the icon to the left of the address → Permissions, allow access, then press “Check again”.',
        wechat:
          '{device}: tap “···” at the top right and open the page in the browser; or allow WeChat access in the phone’s settings, then press “Check again”.',
      },
    },
  },
};
