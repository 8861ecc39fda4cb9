/** Texts: Safe Exam Browser; part of the exam page's catalogue. */
export const SEAL_TEXTS = {
  'zh-CN': {
    seal: {
      title: '本科目须使用安全考试浏览器',
      lead: '为保证考试公平，本科目只能在安全考试浏览器（Safe Exam Browser，SEB）中作答。请按以下步骤打开：',
      steps: {
        install: '安装安全考试浏览器',
        installHint: '支持 Windows、macOS 和 iPadOS，只需安装一次；已安装的请跳过。',
        open: '打开本场考试的配置文件',
        openHint: '点击“用 SEB 打开”，浏览器询问时选择允许。若没有反应，请下载配置文件后双击打开。',
        signIn: '在安全考试浏览器中重新登录',
        signInHint:
          '使用同样的证件号（准考证号）和口令，考试会从当前步骤继续，已完成的步骤不会丢失。',
      },
      download: '下载 SEB',
      open: '用 SEB 打开',
      file: '下载配置文件',
      leave: '退出登录',
      proving: '正在验证安全考试浏览器，请稍候…',
      refused:
        '验证未通过：当前的安全考试浏览器没有使用本场考试的配置文件，或版本不受支持。请重新打开配置文件；仍有问题请联系技术支持。',
      again: '重新验证',
      quit: '关闭安全考试浏览器',
    },
  },
  en: {
    seal: {
      title: 'This subject requires Safe Exam Browser',
      lead: 'To keep the exam fair for everybody, this subject can only be answered in Safe Exam Browser (SEB). To open it:',
      steps: {
        install: 'Install Safe Exam Browser',
        installHint:
          'Available for Windows, macOS and iPadOS. Skip this step if it is already installed.',
        open: 'Open this exam’s file',
        openHint:
          'Choose “Open in SEB” and allow it when the browser asks. If nothing happens, download the file and double-click it.',
        signIn: 'Sign in again in Safe Exam Browser',
        signInHint:
          'Use the same number and passcode. The exam continues at this step; nothing you have done is lost.',
      },
      download: 'Get SEB',
      open: 'Open in SEB',
      file: 'Download the file',
      leave: 'Sign out',
      proving: 'Checking Safe Exam Browser…',
      refused:
        'The check failed: Safe Exam Browser was not opened with this exam’s file, or its version is not allowed. Open the file again; if it still fails, contact support.',
      again: 'Check again',
      quit: 'Close Safe Exam Browser',
    },
  },
};
