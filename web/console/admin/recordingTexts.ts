/** Texts: what a subject records, and what that means. */
export const RECORDING_FORM_TEXTS = {
  'zh-CN': {
    recording: {
      title: '录制什么',
      lead: '每一轨可以不录、只录标记前后各一分钟，或全部录制。考生在入场前须同意，拒绝的考生一概不录；修改只对之后登录的考生生效。',
      mode: { none: '不录', flags: '只录标记前后', all: '全部录制' },
      quality: '画质',
      qualities: {
        low: '省流：摄像头 320×240，屏幕长边 1280',
        standard: '标准：摄像头 640×480，屏幕长边 1600',
        high: '清晰：摄像头 1280×720，屏幕长边 1920',
      },
      means: '这样设置意味着',
      nothing: '什么都不录。回放仍有抓拍画面和声音片段。',
      cameras: '{tracks}的摄像头和麦克风会录下来，{mode}。',
      heard:
        '程序在{tracks}录下的声音里查找人声：连续三段（每段十秒）中有两段听到人声（标准方案）即产生标记，由监考老师判断。',
      phoneSpeech: '同样在手机录下的声音里查找人声',
      phoneSpeechHint:
        '手机听得到房间里电脑麦克风听不到的声音，也听得到隔壁和楼下的声音。须录制第二视角；考生在同意录像时会读到。',
      voices: '与考生自己的声音比对',
      voicesHint:
        '考生可在承诺书页自愿朗读一句话；电脑录下的人声与它不像时给出弱提示“疑似他人说话”，须由人听过再判断。不朗读的考生只提示有人声。须录制第一视角。',
      compared:
        '电脑录下的人声会与考生自愿朗读的声音样本比对；声音特征在考试结束或撤回同意时删除。',
      screen:
        '考生须在开考前共享整个屏幕，{mode}；中途停止共享会告知考生并产生标记。使用安全考试浏览器的科目，以及不能共享屏幕的浏览器，不录屏幕。',
      modes: { flags: '只留下标记前后各一分钟', all: '整场留下' },
      upload:
        '考生的上行网速每秒至少需要约 {kilobits} 千比特；网速不足时录像晚到，答案和抓拍不受影响。',
      kept: '录像自登录当日起保存 {days} 天（在批次概览的“保存期限”里设置），之后自动删除并留下凭据。',
      costs: '每名考生每小时的费用（按已保存的设置）',
      cost: { item: '项目', price: '美元' },
      total: '合计',
      and: '和',
      items: {
        storage: '保存',
        upload: '上传与读取',
        records: '数据库',
        inspection: '函数与日志',
        requests: '接口与队列请求',
      },
    },
  },
  en: {
    recording: {
      title: 'What is recorded',
      lead: 'Each track can be left out, recorded for a minute before and after each flag, or recorded throughout. Candidates are asked for consent before they enter; nothing is recorded of those who refuse. Changes apply to candidates who sign in from now on.',
      mode: { none: 'Not recorded', flags: 'Around flags only', all: 'Recorded throughout' },
      quality: 'Quality',
      qualities: {
        low: 'Low: cameras 320×240, screen 1280 on its longest side',
        standard: 'Standard: cameras 640×480, screen 1600 on its longest side',
        high: 'High: cameras 1280×720, screen 1920 on its longest side',
      },
      means: 'What this means',
      nothing: 'Nothing is recorded. The replay still has snapshots and sound clips.',
      cameras: '{tracks}: camera and microphone are recorded; {mode}.',
      heard:
        '{tracks}: the recorded sound is searched for speech by a program; speech in two of three pieces of ten seconds (standard rules) raises a flag, which a proctor judges.',
      phoneSpeech: 'Search the phone’s recorded sound for speech too',
      phoneSpeechHint:
        'The phone hears what the computer’s microphone does not, and the neighbours too. The second view must be recorded; candidates read of it when they are asked for consent.',
      voices: 'Compare with the candidate’s own voice',
      voicesHint:
        'Candidates may read a sentence aloud on the pledge page. Speech in the computer’s recorded sound that is not like it is told as a weak sign, which a person has to listen to. Of candidates who read nothing, speech is told as speech. The first view must be recorded.',
      compared:
        'Speech in the computer’s recorded sound is compared with the sentence that the candidate may read aloud; what describes the voice is deleted when the session ends, or consent is withdrawn.',
      screen:
        'Candidates share their whole screen before the exam; {mode}. Whoever stops sharing is told so, and flagged. The screen is not recorded in Safe Exam Browser, nor in browsers that cannot share it.',
      modes: {
        flags: 'a minute before and after each flag is kept',
        all: 'all of it is kept',
      },
      upload:
        'Candidates need about {kilobits} kbit/s of upload; on slower lines recordings arrive late, and answers and snapshots as ever.',
      kept: 'Recordings are kept for {days} days from sign-in (set under «How long things are kept» of the exam), then deleted, with a receipt.',
      costs: 'Costs per candidate and hour (of the saved setting)',
      cost: { item: 'Item', price: 'US dollars' },
      total: 'Total',
      and: ' and ',
      items: {
        storage: 'Storage',
        upload: 'Uploads and reads',
        records: 'Database',
        inspection: 'Functions and logs',
        requests: 'API and queue requests',
      },
    },
  },
};
