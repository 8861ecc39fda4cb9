/** The signs' shapes on a 16 × 16 grid, filled by the even-odd rule. */
export const ICONS = {
  /** severity: a disc, a triangle, an octagon; told apart by shape as well as by colour */
  s1: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm-1 6v5h2V7H7Zm0-3v2h2V4H7Z',
  s2: 'M8 1 15.5 14.5H.5L8 1ZM7.1 6v4.5h1.8V6H7.1Zm0 5.5v1.8h1.8v-1.8H7.1Z',
  s3: 'M5 1h6l4 4v6l-4 4H5l-4-4V5l4-4Zm2 3v5h2V4H7Zm0 6v2h2v-2H7Z',
  /** states */
  answering: 'M11.5 1 15 4.5 5.5 14 1 15l1-4.5L11.5 1Zm0 2.6L9.9 5.2l.9.9 1.6-1.6-.9-.9Z',
  paused: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1ZM5 5v6h2V5H5Zm4 0v6h2V5H9Z',
  waiting: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1ZM7 4v5l3.8 2.2.9-1.5L8.7 8V4H7Z',
  started:
    'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 2a5 5 0 1 0 0 10A5 5 0 0 0 8 3Zm0 3a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z',
  done: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm3.4 3.9L7 9.3 4.9 7.2 3.6 8.5 7 11.9l5.7-5.7-1.3-1.3Z',
  stopped:
    'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1ZM5.7 4.4 4.4 5.7 6.7 8l-2.3 2.3 1.3 1.3L8 9.3l2.3 2.3 1.3-1.3L9.3 8l2.3-2.3-1.3-1.3L8 6.7 5.7 4.4Z',
  person: 'M8 1a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7Zm0 8c3.6 0 6 2 6 4.5V15H2v-1.5C2 11 4.4 9 8 9Z',
  sound:
    'M7 2v12L3.5 11H1V5h2.5L7 2Zm3 2.5a4.5 4.5 0 0 1 0 7V10a3 3 0 0 0 0-4V4.5Zm1.5-3a7.5 7.5 0 0 1 0 13v-1.8a6 6 0 0 0 0-9.4V1.5Z',
  broken: 'M1 2h14v12H1V2Zm2 2v6.5l3-3 2.5 2.5-1 2H13v-1.2l-2.5-2.6L8.7 10 11 6h2V4H3Z',
  link: 'M8 3c3 0 5.6 1.2 7.5 3.1l-1.4 1.4A8.6 8.6 0 0 0 8 5a8.6 8.6 0 0 0-6.1 2.5L.5 6.1A10.6 10.6 0 0 1 8 3Zm0 4c1.9 0 3.6.8 4.8 2l-1.4 1.4A4.8 4.8 0 0 0 8 9c-1.3 0-2.5.5-3.4 1.4L3.2 9A6.8 6.8 0 0 1 8 7Zm0 4 2 2-2 2-2-2 2-2Z',
  again: 'M8 2a6 6 0 0 1 5 2.7V2h2v6H9V6h2.7A4 4 0 1 0 12 9.5h2A6 6 0 1 1 8 2Z',
  left: 'M10.5 2 12 3.5 7.5 8l4.5 4.5-1.5 1.5-6-6 6-6Z',
  right: 'M5.5 2 4 3.5 8.5 8 4 12.5 5.5 14l6-6-6-6Z',
  search:
    'M7 1a6 6 0 0 1 4.7 9.7l3.4 3.4-1.4 1.4-3.4-3.4A6 6 0 1 1 7 1Zm0 2a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z',
  list: 'M1 3h2v2H1V3Zm4 0h10v2H5V3ZM1 7h2v2H1V7Zm4 0h10v2H5V7Zm-4 4h2v2H1v-2Zm4 0h10v2H5v-2Z',
} as const;

export type IconName = keyof typeof ICONS;
