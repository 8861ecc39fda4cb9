import { PHONE_BROWSERS, SUPPORTED_BROWSERS } from '../shared/supportedBrowsers';

export const TEXTS = {
  'zh-CN': {
    page: { title: '考试帮助与下载 · 监考' },
    app: {
      loading: '正在载入…',
      failed: '暂时无法载入，请检查网络后重试。',
      retry: '重试',
    },
    help: {
      title: '考试帮助与下载',
      lead: '请在调试时间内照着做一遍。准备好了，考试当天就不会手忙脚乱。',
      support: '人工技术支持：',
      supportLead: '登录后也可在页面内联系技术支持。',
      toExam: '前往登录考试',
      steps: {
        title: '考试流程',
        trial: '调试：在调试时间内用调试口令登录，完整走一遍，最后查看调试报告。',
        verify: '核对：选择报考科目，输入证件号（或准考证号）和短信中的口令。',
        checks: '设备检测：按提示允许摄像头和麦克风，逐项通过。',
        phone: '考场环境监控：用手机扫码，再次输入号码，放好手机。',
        info: '确认个人信息，阅读并签署承诺书。不同意则退出考试。',
        photo: '拍照核验身份，之后进入候考室等待开考。',
        answer: '开始作答。答案自动保存；答完且时间允许时可主动交卷，并取得回执。',
      },
      rules: {
        title: '环境与设备要求',
        place: '安静、光线充足、独立的空间，不得在教室、图书馆、咖啡馆、办公室等公共场所。',
        alone: '全程只有您一人，无关人员不得出入。',
        computer: `电脑：Windows（推荐 7、10、11）或 macOS 10.15 以上；浏览器：${SUPPORTED_BROWSERS['zh-CN']}（Windows 7 可用 Chrome 109 或 Firefox 115）。`,
        camera: '摄像头全程开启、无遮挡，正对面部，上半身在画面中。',
        sound: '麦克风和扬声器工作正常；全程禁止使用耳机、耳麦。',
        screen: '只用一台显示器，移除投影仪和其他显示设备。',
        close: '关闭无关网页和软件：安全卫士、通讯软件、音视频和直播软件、网络代理。',
        net: '独立光纤网络，带宽建议 50 Mbps 以上；上传速度不低于 2 MB/s。',
        power: '电脑和手机全程接通电源。',
      },
      placing: {
        title: '电脑和手机怎么放',
        picture:
          '俯视图：您面对电脑坐在桌前，手机立在您侧前方约 45° 处，拍到您的上半身和整个桌面。',
        caption: '俯视图。浅色区域是手机应当拍到的范围。',
        computer: '电脑',
        phone: '手机',
        you: '您',
        angle: '手机立在侧前方约 45°，距离 1 米左右，用支架放稳。',
        body: '手机画面里要有您的整个上半身和双手。',
        desk: '手机画面里要有整个桌面和桌上的物品。',
        light: '光从前方或侧面来，不要背对窗户。',
        charge: '手机接上充电线，打开勿扰模式，保持亮屏。',
      },
      downloads: {
        title: '下载',
        lead: '多数科目用浏览器即可考试。要求使用 Safe Exam Browser（考试锁屏客户端）的科目，请先安装客户端，再打开本场考试的文件。',
        browser: '下载 Safe Exam Browser（官方网站，英文）',
        file: '下载本场考试的文件',
        open: '直接用 Safe Exam Browser 打开',
        none: '本批次的科目都不需要 Safe Exam Browser。',
      },
      questions: {
        title: '常见问题',
        passcode: {
          q: '提示号码、口令与所选科目不符怎么办？',
          a: '先核对科目是否选对，再看短信：调试与正式口令不同，不同科目的口令也不同。多次输错需要等待一会儿再试。',
        },
        camera: {
          q: '摄像头或麦克风打不开怎么办？',
          a: '{allow} 同时请关闭会议、直播等占用摄像头的软件。',
        },
        phone: {
          q: '手机扫码打不开或中途断开怎么办？',
          a: `请用${PHONE_BROWSERS['zh-CN']}扫码；用微信扫一扫后如果打不开摄像头，请点右上角“···”在浏览器中打开。断开后在电脑上重新显示二维码，再扫一次即可，不影响已答内容。`,
        },
        network: {
          q: '考试中断网了怎么办？',
          a: '不要关闭页面，可以继续作答。答案保存在本机，恢复后自动上传；服务器确认的中断时间会按规定补时。',
        },
        crash: {
          q: '电脑死机或重启了怎么办？',
          a: '重新打开考试页面会回到原处；换一台电脑，用同样的号码和口令登录也能继续。',
        },
        screen: {
          q: '台式机只有一台外接显示器，会不会判为违规？',
          a: '不会。系统只数显示器的台数，一台就通过。',
        },
        flag: {
          q: '系统误判我有异常怎么办？',
          a: '系统只作提示，由监考老师看图决定，不会自动判定违纪。请继续作答。',
        },
        other: {
          q: '还有其他问题？',
          a: '请在技术支持时间内联系我们，并告知准考证号和看到的提示。',
        },
      },
    },
  },
  en: {
    page: { title: 'Exam help and downloads · Invigil' },
    app: {
      loading: 'Loading…',
      failed: 'The page could not be loaded. Check your network and try again.',
      retry: 'Try again',
    },
    help: {
      title: 'Exam help and downloads',
      lead: 'Work through this during the practice session, and the day of the exam will go smoothly.',
      support: 'Support hours:',
      supportLead: 'Once signed in, you can also contact support from the exam page.',
      toExam: 'Go to sign-in',
      steps: {
        title: 'How the exam works',
        trial:
          'Practice session: sign in with the practice passcode, go through every step, and read the report.',
        verify:
          'Sign in: choose your subject, then enter your number and the passcode from your text message.',
        checks:
          'Device checks: allow the camera and microphone, and complete the checks one by one.',
        phone:
          'Second view: scan the code with your phone, enter your numbers again, place the phone.',
        info: 'Confirm your details, then read and accept the pledge. If you do not agree, you leave the exam.',
        photo: 'Have your identity verified with a photo, then wait for the start.',
        answer:
          'Answer the questions. Answers are saved automatically; hand in when you are finished, and keep the receipt.',
      },
      rules: {
        title: 'Room and devices',
        place: 'A quiet, bright, private room: no classroom, library, café or office.',
        alone: 'You are alone throughout; nobody may enter.',
        computer: `A computer with Windows (7, 10, 11) or macOS 10.15 or later, and a browser: ${SUPPORTED_BROWSERS.en} (on Windows 7, Chrome 109 or Firefox 115).`,
        camera: 'The camera stays on and uncovered, faces you and shows your upper body.',
        sound: 'Microphone and loudspeaker work; no headphones or headsets.',
        screen: 'One display only; no projectors or other screens.',
        close: 'Close other pages and programs: messengers, video, streams, proxies.',
        net: 'A private connection, 50 Mbit/s or more recommended; at least 2 MB/s upload.',
        power: 'Computer and phone stay plugged in.',
      },
      placing: {
        title: 'Positioning the computer and phone',
        picture:
          'From above: you sit at the desk facing the computer; the phone stands at about 45° to your side and shows your upper body and the whole desk.',
        caption: 'Seen from above. The light area is what the phone should show.',
        computer: 'Computer',
        phone: 'Phone',
        you: 'You',
        angle: 'The phone stands at about 45° to your side, about one metre away, on a stand.',
        body: 'Its picture shows your whole upper body and both hands.',
        desk: 'Its picture shows the whole desk and everything on it.',
        light: 'Light comes from the front or the side; no window behind you.',
        charge: 'The phone is plugged in, on do-not-disturb, with its screen on.',
      },
      downloads: {
        title: 'Downloads',
        lead: 'Most subjects only need a browser. If your subject requires Safe Exam Browser, install it first, then open this exam’s file.',
        browser: 'Download Safe Exam Browser (official site)',
        file: 'Download this exam’s file',
        open: 'Open with Safe Exam Browser',
        none: 'No subject in this exam requires Safe Exam Browser.',
      },
      questions: {
        title: 'Frequently asked questions',
        passcode: {
          q: 'My number and passcode are not accepted. What can I do?',
          a: 'Make sure you chose the right subject, then check your text message: practice and official passcodes differ, as do those of different subjects. After several failed attempts you have to wait a little.',
        },
        camera: {
          q: 'The camera or microphone does not start. What can I do?',
          a: '{allow} Also close meetings and streams that use the camera.',
        },
        phone: {
          q: 'The phone does not open the page, or it disconnects. What can I do?',
          a: `Scan the code with ${PHONE_BROWSERS.en}; if WeChat opened it and has no camera, choose “···” and the browser. If it disconnects, show the code on the computer again and scan it once more; your answers are not affected.`,
        },
        network: {
          q: 'What if the network fails during the exam?',
          a: 'Keep the page open and continue answering. Answers are saved on the computer and sent later; an outage recorded by the server is credited according to the rules.',
        },
        crash: {
          q: 'What if the computer crashes or restarts?',
          a: 'Open the exam page again and you will be where you left off. On another computer, sign in with the same number and passcode.',
        },
        screen: {
          q: 'My only monitor is an external one. Is that a violation?',
          a: 'No. Only the number of displays is checked, and one is fine.',
        },
        flag: {
          q: 'What if the system is wrong about me?',
          a: 'The system only raises indications. A proctor looks at the pictures and decides. Keep answering.',
        },
        other: {
          q: 'Do you have another question?',
          a: 'Contact support during support hours; give your admission number and describe what you see.',
        },
      },
    },
  },
};
