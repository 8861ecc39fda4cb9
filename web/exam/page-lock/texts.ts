/** Texts: the page lock; part of the exam page's catalogue. */
export const LOCK_TEXTS = {
  'zh-CN': {
    lock: {
      enterTitle: '请进入全屏作答',
      windowTitle: '请在本窗口中作答',
      windowLead: '此浏览器不能全屏显示，考试在窗口中进行，计时以服务器为准。点击按钮后显示试题。',
      show: '显示试题',
      notFilled: '浏览器没有进入全屏。请再点一次按钮；若仍不行，将在窗口中继续考试。',
      forgivable:
        '页面已退出全屏。请在 {seconds} 秒内点“返回考试”，不计为离开；切换窗口或标签页仍会计次。',
      enterLead: '考试在全屏下进行，计时以服务器为准。点击按钮后显示试题。',
      points: {
        stay: '作答期间请勿切换窗口、标签页或退出全屏，每次离开都会记录并告知监考老师。',
        stayInWindow: '作答期间请勿切换窗口或标签页，每次离开都会记录并告知监考老师。',
        escape:
          '在此浏览器中按 Esc 会退出全屏。若误按，请在 {seconds} 秒内点“返回考试”，不计为离开。',
        escapeCounts: '在此浏览器中按 Esc 会退出全屏，并计为一次离开。',
        keys: '试题不能复制、打印；答案中的文字可以在作答框内剪切和粘贴。',
        help: '读屏、放大、屏幕键盘等辅助功能可以照常使用。',
      },
      enter: '进入全屏，显示试题',
      leftTitle: '您离开了考试页面',
      backTitle: '请返回全屏',
      why: {
        screen: '检测到接入了第二个屏幕，试题已隐藏。',
        hidden: '考试页面曾被切换到后台或最小化，试题已隐藏。',
        fullscreen: '页面退出了全屏，试题已隐藏。',
        resize: '页面的一部分被其他工具占用，试题已隐藏。',
        blur: '键盘焦点曾离开考试页面，试题已隐藏。',
      },
      remaining: '已离开 {count} 次，允许 {limit} 次；还可 {remaining} 次，超过后{next}。',
      last: '已离开 {count} 次，允许 {limit} 次。再次离开后{next}。',
      told: '已离开 {count} 次。每次离开都会告知监考老师。',
      practice: '调试练习：已离开 {count} 次（正式考试允许 {limit} 次）。调试中不作处理。',
      then: {
        pause: '考试将暂停，等待监考老师处理',
        end: '考试将结束',
        tell: '会告知监考老师',
      },
      mend: {
        screen: '请断开或关闭第二个屏幕，然后点击下面的按钮。',
        resize: '请关闭开发者工具等占用窗口的工具，然后点击下面的按钮。',
      },
      back: '返回考试',
      refused:
        '服务器没有接受一条离开页面的记录：{reason} 本机保留了这条记录；作答不受影响，考后请告知监考老师。',
      safe: '已作答的内容都已保存，不会丢失。',
      hint: '点击后将进入全屏。作答期间请勿离开页面，离开会被记录。',
      practiceHint:
        '点击后将进入全屏，和正式考试一样。设备调试中离开页面只提示次数，不作为违纪；正式考试时离开会被记录。',
    },
  },
  en: {
    lock: {
      enterTitle: 'The exam runs in full screen',
      windowTitle: 'The exam runs in this window',
      windowLead:
        'This browser cannot fill the screen, so the exam runs in its window; the server keeps the time. Press the button to show the questions.',
      show: 'Show the questions',
      notFilled:
        'The browser did not enter full screen. Press the button once more; if it does not work again, the exam goes on in the window.',
      forgivable:
        'Full screen was closed. Return within {seconds} seconds and it does not count; switching windows or tabs still does.',
      enterLead:
        'The exam fills the screen, and the server keeps the time. Press the button to show the questions.',
      points: {
        stay: 'Do not switch windows or tabs or leave full screen: each time is recorded and reported to your proctor.',
        stayInWindow:
          'Do not switch windows or tabs: each time is recorded and reported to your proctor.',
        escape:
          'In this browser, Esc closes full screen. If you press it by accident, return within {seconds} seconds and it does not count.',
        escapeCounts: 'In this browser, Esc closes full screen, which counts as leaving.',
        keys: 'Questions cannot be copied or printed. Within your answers, you can copy and paste freely.',
        help: 'Screen readers, magnifiers and on-screen keyboards work as usual.',
      },
      enter: 'Enter full screen and show the questions',
      leftTitle: 'You left the exam page',
      backTitle: 'Return to full screen',
      why: {
        screen: 'A second screen was connected. The questions are hidden.',
        hidden: 'The exam page was in the background or minimised. The questions are hidden.',
        fullscreen: 'Full screen was closed. The questions are hidden.',
        resize: 'Another tool is covering part of the page. The questions are hidden.',
        blur: 'The exam page lost the keyboard focus. The questions are hidden.',
      },
      remaining:
        'You have left the page {count} of {limit} times allowed. After {remaining} more, {next}.',
      last: 'You have left the page {count} times; {limit} are allowed. Next time, {next}.',
      told: 'You have left the page {count} times. Each time is reported to your proctor.',
      practice:
        'Practice: you have left the page {count} times (the official exam allows {limit}). In the practice session there are no consequences.',
      then: {
        pause: 'the exam pauses until a proctor decides',
        end: 'the exam ends',
        tell: 'your proctor is notified',
      },
      mend: {
        screen: 'Disconnect or turn off the second screen, then use the button below.',
        resize: 'Close developer tools and similar panels, then use the button below.',
      },
      back: 'Return to the exam',
      refused:
        'The server did not accept a record of leaving the page: {reason} This computer keeps it. Your answers are not affected; tell your proctor after the exam.',
      safe: 'Your answers are saved.',
      hint: 'The page will fill the screen. Do not leave it while answering: leaving is recorded.',
      practiceHint:
        'The page will fill the screen, as in the official exam. In this practice session leaving is only counted for you to see; in the official exam it is recorded.',
    },
  },
};
