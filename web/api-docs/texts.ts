export const TEXTS = {
  'zh-CN': {
    page: { title: 'API 说明 · 监考' },
    app: {
      loading: '正在载入…',
      failed: '暂时无法载入，请检查网络后重试。',
      retry: '重试',
    },
    api: {
      title: 'API 说明',
      lead: '由本系统的 openapi.json 生成；内容为英文。',
    },
  },
  en: {
    page: { title: 'API description · Invigil' },
    app: {
      loading: 'Loading…',
      failed: 'This cannot be loaded now. Check your network and try again.',
      retry: 'Try again',
    },
    api: {
      title: 'API description',
      lead: 'Generated from openapi.json of this deployment.',
    },
  },
};
