// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import type { ExamSetup, RoomChoice, RosterCheck } from '../../shared/api/types';
import { createStubApi, refusal } from '../../shared/tests/stubApi';
import type { MountedComponent } from '../../shared/tests/mountComponent';
import { mountInConsole } from '../tests/mountInConsole';
import ImportDialog from './ImportDialog.vue';

const CHECK = '/admin/exams/e1/candidates/check';
const ENROL = '/admin/exams/e1/candidates';
const rooms = [
  { room_id: 'r1', name: { zh: '第一考场', en: 'Room 1' } },
  { room_id: 'r2', name: { zh: '第二考场', en: 'Room 2' } },
] as RoomChoice[];

const row = (line: number, name: string, changes: Partial<RosterCheck['rows'][number]> = {}) => ({
  row: {
    name,
    id_number: `ID${line}`,
    admission_number: `A${line}`,
    phone: null,
    registration_unit: null,
    subject_id: 'hr-2',
    room_id: null,
    line,
  },
  outcome: 'created' as const,
  changes: [],
  problems: [],
  warnings: [],
  ...changes,
});
const UNDER_WAY = {
  line: 3,
  code: 'sitting_under_way',
  text: { zh: '该考生正在作答，请在交卷后再更正。', en: 'This candidate is answering.' },
};
const check = (changes: Partial<RosterCheck> = {}): RosterCheck => ({
  rows: [row(2, '何念')],
  batches: [[0]],
  photos: [],
  people: { created: 1, updated: 0, unchanged: 0, refused: 0 },
  problems: [],
  remarks: [],
  ...changes,
});
const refused = check({
  rows: [row(2, '何念'), row(3, '许安然', { outcome: 'refused', problems: [UNDER_WAY] })],
  people: { created: 1, updated: 0, unchanged: 0, refused: 1 },
});
const enrolled = {
  candidates: [{ outcome: 'created', candidate_id: 'c1', changes: [], reasons: [], photo: null }],
};

let mounted: MountedComponent;
afterEach(() => mounted.unmount());

function show(answers: Record<string, unknown[]>) {
  const stub = createStubApi(answers);
  const [done, close] = [vi.fn(), vi.fn()];
  const setup = { exam_id: 'e1' } as ExamSetup;
  mounted = mountInConsole(ImportDialog, stub, { setup, rooms, onDone: done, onClose: close });
  return { stub, done, close };
}

/** Choose files as a person does: the field holds them, and says that it changed. */
async function choose(testId: string, ...files: File[]): Promise<void> {
  const field = await mounted.appears(testId);
  Object.defineProperty(field, 'files', { value: files, configurable: true });
  field.dispatchEvent(new Event('change', { bubbles: true }));
  await nextTick();
}
const list = (size = 10) => new File([new Uint8Array(size)], 'people.csv');
const state = () => mounted.find('import-state')?.textContent ?? '';
async function send(): Promise<void> {
  const form = mounted.get('import-file').closest('form');
  form?.dispatchEvent(new Event('submit', { cancelable: true }));
  await nextTick();
}

describe('the import of a list', () => {
  it('is checked before anything is written, and written when that is confirmed', async () => {
    const { stub, done } = show({ [CHECK]: [check()], [ENROL]: [enrolled] });
    await choose('import-file', list());
    await vi.waitFor(() => expect(state()).toContain('1 行可以导入'));
    expect(stub.sentTo(ENROL)).toEqual([]);
    expect(stub.sentTo(CHECK)[0]?.body).toMatchObject({ default_room_id: 'r1' });
    await send();
    await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
    expect(state()).toContain('已导入 1 人');
    await send();
    expect(stub.sentTo(ENROL)).toHaveLength(1);
  });

  it('names who cannot be changed because they are answering, and imports the rest', async () => {
    const { stub, done } = show({ [CHECK]: [refused], [ENROL]: [enrolled] });
    await choose('import-file', list());
    await vi.waitFor(() =>
      expect(mounted.get('import-faults').textContent).toContain('第 3 行 许安然'),
    );
    expect(mounted.get('import-faults').textContent).toContain('正在作答');
    expect(mounted.get('import-rest').textContent).toContain('只导入其余 1 行');
    await send();
    await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
    const sent = stub.sentTo(ENROL)[0]?.body.candidates as { name: string }[];
    expect(sent.map((person) => person.name)).toEqual(['何念']);
    expect(mounted.get('import-faults').textContent).toContain('许安然');
  });

  it('has nothing to import where every line is refused', async () => {
    const text = { zh: '缺少“姓名”一列', en: 'There is no column “name”' };
    const problems = [{ line: 0, code: 'missing_columns', text }];
    show({ [CHECK]: [check({ rows: [], batches: [], people: {}, problems })] });
    await choose('import-file', list());
    await vi.waitFor(() => expect(mounted.get('import-faults').textContent).toContain('姓名'));
    expect(mounted.get('import-go').hasAttribute('disabled')).toBe(true);
  });

  it('does not send a file that the API would not take', async () => {
    const { stub } = show({});
    await choose('import-file', list(1_000_001));
    expect(mounted.get('import-faults').textContent).toContain('超过 1 MB');
    expect(stub.sent).toEqual([]);
  });

  it('is checked again with another room and with photos, which another list forgets', async () => {
    const { stub } = show({
      [CHECK]: [check(), check(), check({ photos: [0, null] }), check()],
    });
    await choose('import-file', list());
    await vi.waitFor(() => expect(state()).toContain('1 行'));
    await mounted.fill('import-room', 'r2');
    await vi.waitFor(() => expect(stub.sentTo(CHECK)).toHaveLength(2));
    await vi.waitFor(() => expect(state()).toContain('1 行'));
    await choose('import-photos', new File(['x'], 'ID2.jpg'), new File(['x'], 'nobody.jpg'));
    await vi.waitFor(() => expect(state()).toContain('1 张照片将一并上传'));
    expect(mounted.get('import-strangers').textContent).toContain('nobody.jpg');
    await choose('import-file', list());
    await vi.waitFor(() => expect(stub.sentTo(CHECK)).toHaveLength(4));
    expect(stub.sentTo(CHECK).map(({ body }) => [body.default_room_id, body.photo_names])).toEqual([
      ['r1', []],
      ['r2', []],
      ['r2', ['ID2.jpg', 'nobody.jpg']],
      ['r2', []],
    ]);
  });

  it('says why the check failed, and offers nothing to import', async () => {
    show({ [CHECK]: [refusal(403, 'not_allowed', '没有权限')] });
    await choose('import-file', list());
    await vi.waitFor(() => expect(document.body.textContent).toContain('没有权限'));
    expect(mounted.get('import-go').hasAttribute('disabled')).toBe(true);
  });
});
