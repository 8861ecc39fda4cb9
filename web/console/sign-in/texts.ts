/** Texts: staff sign-in. */
export const SIGN_IN_TEXTS = {
  'zh-CN': {
    sign_in: {
      title: '监考人员登录',
      lead: '登录后查看您负责的考场。',
      username: '用户名',
      password: '密码',
      code: '验证码（6 位）',
      submit: '登录',
      busy: '正在登录…',
      missing: '请填写用户名和密码。',
      ended: '登录已失效，请重新登录。登录后将回到刚才的页面。',
    },
  },
  en: {
    sign_in: {
      title: 'Staff sign-in',
      lead: 'Sign in to see your rooms.',
      username: 'Username',
      password: 'Password',
      code: 'Code (6 digits)',
      submit: 'Sign in',
      busy: 'Signing in…',
      missing: 'Enter your username and password.',
      ended: 'Your session has expired. Sign in again to continue where you left off.',
    },
  },
};
