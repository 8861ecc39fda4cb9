/** Texts: the layout around every page of the console. */
export const LAYOUT_TEXTS = {
  'zh-CN': {
    page: { title: '监考台 · 远程在线监考' },
    frame: {
      product: '监考台',
      sign_out: '退出登录',
      signed_in_as: '当前登录：{name}（{role}）',
      broken: '监考台暂时打不开，请刷新页面；若仍如此，请联系技术支持。',
    },
  },
  en: {
    page: { title: 'Proctor console · Invigil' },
    frame: {
      product: 'Proctor console',
      sign_out: 'Sign out',
      signed_in_as: 'Signed in as {name} ({role})',
      broken:
        'The console could not be loaded. Reload the page; if that does not help, contact support.',
    },
  },
};
