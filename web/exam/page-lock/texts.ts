/** What the exam page says of holding the screen; part of its catalogue. */
export const LOCK_TEXTS = {
  'zh-CN': {
    lock: {
      enterTitle: '请进入全屏作答',
      enterLead: '考试在全屏下进行，计时以服务器为准。点击按钮后显示试题。',
      points: {
        stay: '作答期间请勿切换窗口、标签页或退出全屏，每次离开都会记录并告知监考老师。',
        keys: '试题不能复制、打印；答案中的文字可以在作答框内剪切和粘贴。',
        help: '读屏、放大、屏幕键盘等辅助功能可以照常使用。',
      },
      enter: '进入全屏，显示试题',
      leftTitle: '您离开了考试页面',
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
      safe: '已作答的内容都已保存，不会丢失。',
      hint: '点击后将进入全屏。作答期间请勿离开页面，离开会被记录。',
    },
  },
  en: {
    lock: {
      enterTitle: 'Answer in full screen',
      enterLead:
        'The exam fills the screen; the server keeps the time. The button shows the questions.',
      points: {
        stay: 'Do not switch windows or tabs and do not leave full screen: each time is noted and told to your proctor.',
        keys: 'Questions cannot be copied or printed; text moves freely within your answers.',
        help: 'Screen readers, magnifiers and on-screen keyboards work as always.',
      },
      enter: 'Enter full screen, show the questions',
      leftTitle: 'You left the exam page',
      why: {
        screen: 'A second screen was connected. The questions are hidden.',
        hidden: 'The exam page was in the background or minimised. The questions are hidden.',
        fullscreen: 'The page left full screen. The questions are hidden.',
        resize: 'Another tool took a part of the page. The questions are hidden.',
        blur: 'The keyboard left the exam page. The questions are hidden.',
      },
      remaining: 'Left {count} of {limit} times allowed; {remaining} more, and beyond that {next}.',
      last: 'Left {count} times, {limit} are allowed. Next time {next}.',
      told: 'Left {count} times. Your proctor is told each time.',
      practice:
        'Practice: left {count} times (the official exam allows {limit}). In the trial nothing follows.',
      then: {
        pause: 'the exam pauses until a proctor decides',
        end: 'the exam ends',
        tell: 'your proctor is told',
      },
      mend: {
        screen: 'Disconnect or switch off the second screen, then use the button below.',
        resize: 'Close developer tools and the like, then use the button below.',
      },
      back: 'Return to the exam',
      safe: 'What you have answered is safe.',
      hint: 'The page will fill the screen. Do not leave it while answering: leaving is noted.',
    },
  },
};
