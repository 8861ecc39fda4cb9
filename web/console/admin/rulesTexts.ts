/** Texts: a subject’s rules. */
export const RULES_TEXTS = {
  'zh-CN': {
    profile: { lenient: '宽松', standard: '标准', strict: '严格' },
    rules: {
      saved: '已保存。对之后开考的考生生效；已在考试中的考生仍按原规则。',
      lead: '选择一个方案作为起点，再按需要调整。只保存与方案不同的部分。',
      lenient: '出现更多次才提示，适合练习和低风险考试。',
      standard: '多数考试适用：连续约 10 秒才算，避免一帧误判。',
      strict: '一两次即提示，需要更多监考人员复核。',
      running:
        '修改对尚未开始作答的考生生效；已开始作答的考生沿用开考时的规则，以保证公平并便于申诉。',
      only: '标记只是提示，是否违纪始终由监考人员判断。',
      reset: '恢复“{profile}”默认',
      reset_one: '恢复默认',
      adjusted: '已调整',
      on_for: '提示“{kind}”',
      hits: '出现次数',
      window: '观察次数',
      clear: '结束所需次数',
      severity: '程度',
      grows: '升级（秒）',
      missing: '逾期（秒）',
      effect:
        '{window} 张画面中有 {hits} 张出现即提示（约 {seconds} 秒），连续 {clear} 张未出现即结束；持续超过 {grows} 秒升一级。',
      effect_sound:
        '{window} 段声音中有 {hits} 段出现即提示（约 {seconds} 秒），连续 {clear} 段未出现即结束；持续超过 {grows} 秒升一级。',
      effect_speech:
        '{window} 段声音中有 {hits} 段出现即提示（约 {seconds} 秒，录像的声音每段 10 秒），连续 {clear} 段未出现即结束；持续超过 {grows} 秒升一级。',
      effect_silence:
        '应到的画面逾期 {missing} 秒仍无一张可读取即提示，画面到达即结束；持续超过 {grows} 秒升一级。',
      effect_missing:
        '{window} 个计划时刻中有 {hits} 个没有可读取的画面即提示，连续 {clear} 个到达即结束；持续超过 {grows} 秒升一级。',
      effect_no_sound:
        '{window} 个计划时刻中有 {hits} 个没有可读取的声音即提示（约 {seconds} 秒），连续 {clear} 个到达即结束；持续超过 {grows} 秒升一级。',
      effect_notice:
        '{window} 张画面中有 {hits} 张出现即提示（约 {seconds} 秒），连续 {clear} 张未出现即结束；始终只是提示。',
      effect_told: '由设备或操作直接触发，不按画面计数。',
      effect_off: '不提示。',
      fault: {
        hits: '出现次数须在 1 与观察次数之间。',
        window: '观察次数须为 1 到 {most}。',
        clear: '结束所需次数须为 1 到 {most}。',
        again: '结束所需次数过少，同一行为会立即再次提示。',
        missing: '逾期时间须为 {from} 到 {to} 秒。',
      },
      meaning: {
        absent: '画面里没有人：离开座位或走出画面。',
        extra_person: '画面里不止一个人。',
        identity_mismatch: '画面里的人与核验照片不像同一人。',
        phone: '画面里有手机等电子设备。',
        possible_phone:
          '画面里可能有手机，把握不大。信号较弱，仅供参考；“电子设备”关闭时不提示，两者不会同时提示。',
        book: '画面里有书本资料。',
        face_occluded: '面部被口罩、墨镜、手或衣物遮住。',
        looking_away: '头或视线长时间偏离屏幕。',
        looking_down: '头长时间低向桌面或腿上。允许使用草稿纸的科目可关闭。',
        other_screen: '画面里有另一块屏幕。',
        camera_covered: '镜头被挡住，看不到画面。考生会先收到提醒。',
        too_dark: '光线太暗，看不清。考生会先收到提醒。',
        too_blurred: '画面模糊，看不清。考生会先收到提醒。',
        half_out_of_frame: '面部有一部分在画面外。考生会先收到提醒。',
        voice: '听到持续的说话声。',
        second_voice:
          '录像里的说话声与考生朗读的声音样本不像。只在科目比对声音、考生同意并朗读时判断；感冒、笑声、噪声也会使声音变样。',
        muted: '声音全为静音：麦克风被静音或松脱。考生会先收到提醒。',
        no_snapshot: '一段时间内没有一张可读取的抓拍：断网、关闭页面、设备中断，或文件无法读取。',
        captures_missing: '抓拍断断续续，大部分没有到达或无法读取。',
        no_sound: '应有的声音没有到达或无法读取。允许出声的考生和不要求麦克风的科目不提示。',
        repeated_picture: '与先前某张画面逐字节相同：摄像头卡住，或在播放画面。',
        repeated_sound: '与先前某段录音逐字节相同。',
        same_view: '第二视角显示的就是第一视角的画面。',
        capture_replaced: '画面在识别之后又被换成了别的内容。',
        consent_withdrawn: '考生撤回了人脸信息处理同意，需由人核对是否本人。',
        virtual_camera: '使用中的摄像头名称是虚拟摄像头或转播软件。',
        headset: '设备检测之后接入了耳机。',
        power_unplugged: '设备检测之后拔掉了电源。',
        shared_phone: '同一部手机给两名考生做了第二视角。',
        same_device:
          '第二视角页面在考试所用的浏览器里打开，或疑似在电脑上打开（只凭浏览器自述时仅作提示）。',
        screen_not_shared: '要求录屏，但考生没有共享整个屏幕：停止、拒绝，或只共享了一个窗口。',
        spoof: '摄像头前可能是照片或屏幕。信号较弱，仅供参考。',
        hands_out_of_sight: '第二视角看不到考生双手。',
        camera_moved: '第二视角的机位与确认时不同。考生会先收到提醒。',
        frozen: '画面静止不动，可能不是实时画面。信号较弱，仅供参考。',
        standing_thing:
          '开考前或开考之初就一直在原处的书架、计算器、电视等：提示一次，之后在原处不再计入。',
      },
    },
  },
  en: {
    profile: { lenient: 'Lenient', standard: 'Standard', strict: 'Strict' },
    rules: {
      saved:
        'Saved. Applies to candidates who start from now on; exams in progress keep their rules.',
      lead: 'Choose a profile, then adjust it. Only the differences from the profile are stored.',
      lenient: 'Needs more sightings; for practice and low-stakes exams.',
      standard:
        'For most exams: needs about ten seconds, so that a single bad frame raises no flag.',
      strict: 'One or two sightings are enough; requires more reviewers.',
      running:
        'Changes apply to candidates who have not started answering. Those who have keep the rules they started with, which is fair to everyone and keeps appeals decidable.',
      only: 'A flag is only an indication. Whether there was a violation is always decided by a person.',
      reset: 'Reset to “{profile}”',
      reset_one: 'Reset',
      adjusted: 'Adjusted',
      on_for: 'Raise the flag “{kind}”',
      hits: 'Hits',
      window: 'Out of',
      clear: 'Clears after',
      severity: 'Severity',
      grows: 'Escalates after (s)',
      missing: 'Overdue by (s)',
      effect:
        'Opens after {hits} of {window} pictures (about {seconds} s); closes after {clear} pictures without it. Severity rises by one level after {grows} s.',
      effect_sound:
        'Opens after {hits} of {window} sound clips (about {seconds} s); closes after {clear} clips without it. Severity rises by one level after {grows} s.',
      effect_speech:
        'Opens after {hits} of {window} sound clips (about {seconds} s), or pieces of recorded sound of 10 s each; closes after {clear} without it. Severity rises by one level after {grows} s.',
      effect_silence:
        'Opens when for {missing} s no expected picture has arrived that can be read; closes when one arrives. Severity rises by one level after {grows} s.',
      effect_missing:
        'Opens when {hits} of {window} planned moments bring no readable picture; closes after {clear} in a row that do. Severity rises by one level after {grows} s.',
      effect_no_sound:
        'Opens when {hits} of {window} planned moments bring no readable sound (about {seconds} s); closes after {clear} in a row that do. Severity rises by one level after {grows} s.',
      effect_notice:
        'Opens after {hits} of {window} pictures (about {seconds} s); closes after {clear} pictures without it. It stays a notice.',
      effect_told: 'Told at once by a device or an act; no pictures are counted.',
      effect_off: 'Raises no flag.',
      fault: {
        hits: '“Hits” must be between 1 and the value of “Out of”.',
        window: '“Out of” must be between 1 and {most}.',
        clear: '“Clears after” must be between 1 and {most}.',
        again:
          '“Clears after” is too low: the same behaviour would raise the flag again immediately.',
        missing: '“Overdue by” must be {from} to {to} seconds.',
      },
      meaning: {
        absent: 'Nobody is in the picture: the candidate has left the seat or moved out of view.',
        extra_person: 'More than one person is in the picture.',
        identity_mismatch: 'The person does not match the verified photo.',
        phone: 'A phone or another device is in the picture.',
        possible_phone:
          'Perhaps a phone, with little certainty. A weak indication; never raised beside “Phone or device”, nor where that is off.',
        book: 'A book or papers are in the picture.',
        face_occluded: 'The face is covered by a mask, dark glasses, a hand or cloth.',
        looking_away: 'The head or gaze is turned away from the screen for a prolonged time.',
        looking_down:
          'The head is bent towards the desk or the lap for a prolonged time. Switch it off where writing on paper is allowed.',
        other_screen: 'Another screen is in the picture.',
        camera_covered: 'The lens is covered. The candidate is first asked to correct it.',
        too_dark: 'Too dark to see. The candidate is first asked to correct it.',
        too_blurred: 'Too blurred to see. The candidate is first asked to correct it.',
        half_out_of_frame:
          'Part of the face is outside the picture. The candidate is first asked to correct it.',
        voice: 'Sustained speech.',
        second_voice:
          'Speech in the recording is not like the sample that the candidate read aloud. Judged only where the subject compares voices, with consent and a sample; a cold, laughter and noise change a voice too.',
        muted:
          'Digital silence: the microphone is muted or unplugged. The candidate is first asked to correct it.',
        no_snapshot:
          'For a while no readable picture arrived: no network, page closed, device stopped, or unreadable files.',
        captures_missing: 'Most of the expected pictures did not arrive or cannot be read.',
        no_sound:
          'Expected sound did not arrive or cannot be read. Not raised where the candidate may speak or no microphone is required.',
        repeated_picture:
          'Has exactly the bytes of an earlier picture: the camera hung, or a picture is played.',
        repeated_sound: 'Has exactly the bytes of an earlier clip.',
        same_view: 'The second view shows the first view’s picture.',
        capture_replaced: 'Another file was uploaded in place of a picture that had been analysed.',
        consent_withdrawn:
          'The candidate withdrew consent to face processing; a person has to check who is there.',
        virtual_camera: 'The camera in use has the name of a virtual camera or of a relay program.',
        headset: 'A headset was connected after the device check.',
        power_unplugged: 'The power cord was pulled after the device check.',
        shared_phone: 'The same phone joined as second view of two candidates.',
        same_device:
          'The second view was opened in the browser of the exam page, or seems to be on a computer (only a notice where nothing but the browser’s description tells).',
        screen_not_shared:
          'The screen is to be recorded, and is not shared as a whole: stopped, refused, or a window only.',
        spoof: 'Possible photo or screen in front of the camera (spoofing). A weak indication.',
        hands_out_of_sight: 'The second view does not show the hands.',
        camera_moved:
          'The second view is not where it was when accepted. The candidate is first asked to correct it.',
        frozen: 'The picture is frozen and may not be live. A weak indication.',
        standing_thing:
          'A bookshelf, a calculator, a television that has been in its place since the beginning: told once, then no longer counted there.',
      },
    },
  },
};
