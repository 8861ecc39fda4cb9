import en from './en';
import zh from './zh';

export const TEXTS = { 'zh-CN': zh, en };
