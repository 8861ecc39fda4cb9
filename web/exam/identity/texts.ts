/** Consent to face processing, and verification; part of the exam page's catalogues. */
export const IDENTITY_TEXTS = {
  'zh-CN': {
    consent: {
      title: '人脸信息处理同意书',
      lead: '身份核验需要处理您的人脸信息。这份同意与承诺书分开，是否同意由您自己决定，不影响参加考试。',
      facts: {
        what: '处理什么',
        whatText:
          '现场拍摄的两张照片，从中提取的人脸特征值，以及报名照片的特征值。仅限您本人的人脸。',
        why: '为什么',
        whyText: '确认参加考试的是报名本人；考试期间用特征值比对抓拍画面，发现换人。不作其他用途。',
        keep: '保存多久',
        keepText:
          '特征值在本场考试结束时删除。自登录之日起，核验照片保存 {identity} 天，抓拍画面 {snapshots} 天，录音 {clips} 天，作为违纪证据的 {evidence} 天，到期自动删除；违纪或申诉尚未处理完的，保留到处理完毕。',
        who: '谁能看到',
        whoText: '只有本考场的监考老师和考试机构的管理员。',
        no: '可以不同意',
        noText:
          '不同意时，由监考老师通过视频查看您的证件，不提取任何人脸特征，考试中也不做人脸比对。可能需要多等几分钟。',
        back: '可以撤回',
        backText:
          '同意之后随时可以撤回，考试中也可以（在本人画面下方）；撤回后特征值和核验照片立即删除，由监考老师接手核对，考试继续。',
      },
      agree: '同意，拍照核验',
      refuse: '不同意，改由人工核验',
      contact: '个人信息方面的问题，请联系技术支持：',
    },
    withdrawal: {
      open: '撤回人脸信息处理同意',
      lead: '撤回后，人脸特征值和核验照片立即删除，不再比对画面；监考老师会收到提示，通过视频核对是否本人。其他监考照常，考试时间和答案不受影响。',
      confirm: '确认撤回',
      done: '您已撤回人脸信息处理同意，由监考老师核对。请继续考试。',
    },
    person: {
      title: '人工核验身份',
      waiting: '正在等待监考老师',
      lead: '您选择了不处理人脸信息。监考老师会通过视频查看您的证件，通过后页面自动进入下一步。',
      steps: {
        id: '准备好身份证等有效证件原件。',
        stay: '请留在座位上，保持摄像头开启；老师呼叫时请接听。',
        help: '久等未应时，可通过技术支持联系。',
      },
      refused: '监考老师未通过',
      again: '请老师再次核验',
      change: '改为同意人脸核验',
    },
    live: {
      turn: {
        left: '请把头慢慢转向您的左边',
        right: '请把头慢慢转向您的右边',
      },
      turnLead: '转到约 30° 即可，眼睛不用看屏幕。倒计时结束时自动拍第二张。',
      seconds: '{n} 秒',
      skip: '无法转头，跳过这一步',
      withdraw: '撤回同意，改由人工核验',
      note: '监考老师的说明：{note}',
    },
  },
  en: {
    consent: {
      title: 'Consent to face processing',
      lead: 'The identity check processes information about your face. This consent is separate from the pledge. It is voluntary and does not affect your right to sit the exam.',
      facts: {
        what: 'What is processed',
        whatText:
          'Two pictures taken now, a numerical description of the face in them, and the same description of your registration photo. Your own face only.',
        why: 'Purpose',
        whyText:
          'To confirm that you are the registered candidate and that nobody takes your place during the exam. For nothing else.',
        keep: 'How long it is kept',
        keepText:
          'The numerical descriptions are deleted when this exam ends. From your sign-in, the pictures of this check are kept for {identity} days, pictures of the exam for {snapshots}, sound for {clips}, evidence of a violation for {evidence}; then they are deleted. While a violation or an appeal is undecided, they stay until it is decided.',
        who: 'Who has access',
        whoText: 'The proctors of this room and the institution’s administrators.',
        no: 'You may refuse',
        noText:
          'A proctor then checks your ID over live video. No numerical description of your face is made, and no faces are compared during the exam. You may have to wait a few minutes.',
        back: 'You may withdraw it',
        backText:
          'At any time, also during the exam (below your own picture). The numerical descriptions and the pictures of the check are then deleted immediately; a proctor takes over, and the exam goes on.',
      },
      agree: 'I consent; take the photo',
      refuse: 'I do not consent; have a person check my ID',
      contact: 'If you have questions about your data, contact support.',
    },
    withdrawal: {
      open: 'Withdraw consent to face processing',
      lead: 'The numerical description of your face and the pictures of the check are deleted at once, and no pictures are compared any more. A proctor is told and checks over video that it is you. All other monitoring, your time and your answers stay as they are.',
      confirm: 'Withdraw',
      done: 'You have withdrawn your consent to face processing; a proctor checks instead. Please go on with the exam.',
    },
    person: {
      title: 'Identity check by a person',
      waiting: 'Waiting for a proctor',
      lead: 'You chose not to have your face processed. A proctor will check your ID over live video; this page then continues automatically.',
      steps: {
        id: 'Have your ID card or another valid document ready.',
        stay: 'Stay seated with the camera on and accept the proctor’s call.',
        help: 'If nobody contacts you for a long time, contact support.',
      },
      refused: 'The proctor did not accept the check',
      again: 'Request another check',
      change: 'Consent to the photo check instead',
    },
    live: {
      turn: {
        left: 'Turn your head slowly to your left',
        right: 'Turn your head slowly to your right',
      },
      turnLead:
        'About 30° is enough; you do not need to look at the screen. The second picture is taken automatically.',
      seconds: '{n} s',
      skip: 'I cannot turn my head; skip this step',
      withdraw: 'Withdraw my consent; have a person check my ID',
      note: 'Message from the proctor: {note}',
    },
  },
};
