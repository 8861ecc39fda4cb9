/** Recordings: consent, the shared screen, and what is shown while recording. */
export const RECORDING_TEXTS = {
  'zh-CN': {
    recording: {
      consentTitle: '录像同意',
      consentLead: '这份同意与承诺书分开，由您自己决定。',
      what: '录制内容',
      mode: { all: '全程', flags: '仅异常前后各一分钟' },
      tracks: {
        first: '电脑摄像头的画面和麦克风的声音',
        second: '手机摄像头的画面和麦克风的声音',
        screen: '整个屏幕的画面',
      },
      trackMode: '{track}（{mode}）',
      when: '录制时段',
      whenText: '从进入候考室到交卷。',
      heard: '声音的用途',
      heardText:
        '程序会在这些声音里查找有没有人说话：{tracks}。只判断有没有人声，不识别是谁、说了什么；听到人声会提示监考老师，由人判断。',
      heardComparedText:
        '程序会在这些声音里查找有没有人说话：{tracks}。不识别说了什么；听到人声会提示监考老师，由人判断。',
      voices: '声音比对',
      voicesText:
        '如果您朗读一句话作为声音样本，电脑录下的人声会与它比较像不像，不像的会提示监考老师，由人判断。朗读自愿；声音特征只用于本场考试，考试结束或撤回同意时立即删除，朗读的录音与考试中的声音片段一样到期删除。',
      voice: {
        title: '朗读一句话（自愿）',
        lead: '用平常的声音朗读下面这句话，作为您的声音样本。不朗读也可以考试：那样只提示有人声，不比对。',
        sentence:
          '我是本场考试的考生，我承诺独立完成作答，不与他人交谈，不接受任何人的帮助，遵守考场纪律。',
        start: '开始朗读',
        again: '再读一次',
        reading: '请朗读，还有 {seconds} 秒……',
        sending: '正在发送……',
        checking: '正在检查录音……',
        taken: '声音样本已保存。',
        unclear: '没有听清，或声音太短。请靠近麦克风再读一次，也可以不读，直接继续。',
        microphone: '麦克风打不开，没有录到声音。请检查麦克风后再读一次，也可以不读，直接继续。',
        notSent: '录音没有送达。请检查网络后再读一次，也可以不读，直接继续。',
        slow: '检查还没有完成。可以再读一次，也可以直接继续。',
      },
      keep: '保存多久',
      keepText: '{days} 天，到期自动删除；违纪或申诉尚未处理完的，保留到处理完毕。',
      who: '谁能看到',
      whoText: '只有本考场的监考老师和考试机构的管理员，每次查看都有记录。',
      agree: '同意录像',
      refuse: '不同意录像',
      agreeMeans: '同意：按上面所述录制，考试中可以随时撤回。',
      refuseMeans: '不同意：不录像，可以继续考试；抓拍照常，监考老师会知道没有录像。',
      withdraw: '撤回录像同意',
      withdrawLead:
        '撤回后立即停止录像，尚未上传的部分会删除；已上传的按期限保存。考试继续，监考老师会收到提示。',
      withdrawConfirm: '确认撤回',
      withdrawn: '没有您的同意，不录像。',
      on: '录制中',
      onTracks: '正在录制：{tracks}，保存 {days} 天。',
      heardOf: { first: '电脑麦克风', second: '手机麦克风', screen: '屏幕' },
      short: { first: '画面和声音', second: '画面和声音', screen: '屏幕' },
      ring: '只上传异常前后各一分钟。',
      uploading: '还有 {count} 段录像在上传，请先不要关闭页面',
      uploaded: '录像已全部上传。',
      screen: {
        title: '共享整个屏幕',
        lead: '本科目录制屏幕。点击下面的按钮，在浏览器的窗口里选择“整个屏幕”，然后点“共享”。',
        share: '共享屏幕',
        again: '重新共享屏幕',
        asking: '请在浏览器弹出的窗口里选择“整个屏幕”……',
        shared: '整个屏幕已共享。',
        window: '您共享的是一个窗口或标签页。请重新共享，并选择“整个屏幕”。',
        refused: '屏幕没有共享。可以继续考试，但监考老师会看到提示。',
        stopped: '屏幕共享已停止，监考老师会看到提示。请重新共享。',
        unsupported: '此浏览器不能共享屏幕，监考老师会知道。您可以继续考试。',
      },
    },
  },
  en: {
    recording: {
      consentTitle: 'Consent to recording',
      consentLead: 'This consent is separate from the pledge. It is your own decision.',
      what: 'What is recorded',
      mode: { all: 'throughout', flags: 'one minute before and after an incident only' },
      tracks: {
        first: 'picture of the computer’s camera and sound of its microphone',
        second: 'picture of the phone’s camera and sound of its microphone',
        screen: 'picture of the whole screen',
      },
      trackMode: '{track} ({mode})',
      when: 'When',
      whenText: 'From the waiting room until you hand in.',
      heard: 'What the sound is used for',
      heardText:
        'A program listens whether somebody speaks, in this sound: {tracks}. It does not tell who speaks or what is said. The proctor is told of speech and judges it.',
      heardComparedText:
        'A program listens whether somebody speaks, in this sound: {tracks}. It does not tell what is said. The proctor is told of speech and judges it.',
      voices: 'Comparing voices',
      voicesText:
        'If you read a sentence aloud as a sample of your voice, speech in the sound of your computer is compared with it. The proctor is told of a voice that is not alike and judges it. Reading aloud is voluntary. What describes your voice serves this exam only and is deleted when it ends, or when you withdraw your consent; the recording of the sentence is deleted with the exam’s sound clips.',
      voice: {
        title: 'Read a sentence aloud (voluntary)',
        lead: 'Read this sentence in your usual voice, as a sample of it. You can sit the exam without: then speech is told, and nothing is compared.',
        sentence:
          'I am a candidate of this exam. I will answer on my own, talk to nobody, accept no help from anybody, and keep the rules of the examination room.',
        start: 'Start reading',
        again: 'Read again',
        reading: 'Please read. {seconds} seconds left…',
        sending: 'Sending…',
        checking: 'Checking the recording…',
        taken: 'The sample of your voice has been saved.',
        unclear:
          'It could not be heard well, or was too short. Read again closer to the microphone, or go on without.',
        microphone:
          'The microphone did not open, and nothing was recorded. Check it and read again, or go on without.',
        notSent:
          'The recording did not arrive. Check the network and read again, or go on without.',
        slow: 'The check has not finished yet. You can read again, or go on.',
      },
      keep: 'How long it is kept',
      keepText:
        '{days} days, then it is deleted. While a violation or an appeal is undecided, it stays until it is decided.',
      who: 'Who has access',
      whoText:
        'The proctors of this room and the institution’s administrators. Every access is logged.',
      agree: 'I agree to be recorded',
      refuse: 'I do not agree',
      agreeMeans: 'If you agree: recording as described above. You may withdraw at any time.',
      refuseMeans:
        'If you refuse: nothing is recorded and you can sit the exam. Snapshots are taken as usual, and the proctor knows that there is no recording.',
      withdraw: 'Withdraw consent to recording',
      withdrawLead:
        'Recording stops at once, and what has not been uploaded is deleted; what has been uploaded is kept for its time. The exam goes on, and the proctor is told.',
      withdrawConfirm: 'Withdraw',
      withdrawn: 'You do not consent: nothing is recorded.',
      on: 'Recording',
      onTracks: 'Being recorded: {tracks}. Kept for {days} days.',
      heardOf: {
        first: 'the computer’s microphone',
        second: 'the phone’s microphone',
        screen: 'the screen',
      },
      short: { first: 'picture and sound', second: 'picture and sound', screen: 'screen' },
      ring: 'Only the minute before and after an incident is uploaded.',
      uploading: '{count} more recording segments are being uploaded; please keep this page open',
      uploaded: 'All recordings have been uploaded.',
      screen: {
        title: 'Share your whole screen',
        lead: 'This subject records your screen. Press the button, choose “Entire screen” in the browser’s window, then “Share”.',
        share: 'Share the screen',
        again: 'Share the screen again',
        asking: 'Choose “Entire screen” in the browser’s window…',
        shared: 'Your whole screen is shared.',
        window: 'You shared a window or a tab. Share again and choose “Entire screen”.',
        refused: 'Your screen is not shared. You can go on, but the proctor is told.',
        stopped: 'Screen sharing has stopped, and the proctor is told. Please share again.',
        unsupported:
          'This browser cannot share a screen; the proctor is told. You can go on with the exam.',
      },
    },
  },
};
