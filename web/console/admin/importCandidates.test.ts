import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EnrolledRow, RosterCheck, RosterRow } from '../../shared/api/types';
import { createStubApi, refusal } from '../../shared/tests/stubApi';
import { base64, checkRoster, importCandidates, type ImportJob } from './importCandidates';

const row = (line: number, id: string): RosterRow => ({
  name: `考生 ${id}`,
  id_number: id,
  admission_number: `A${id}`,
  phone: null,
  registration_unit: null,
  subject_id: 'hr-2',
  room_id: null,
  line,
});

const check = (rows: RosterRow[], batches: number[][], photos: (number | null)[]): RosterCheck => ({
  rows: rows.map((item) => ({
    row: item,
    outcome: 'created',
    changes: [],
    problems: [],
    warnings: [],
  })),
  batches,
  photos,
  people: {},
  problems: [],
  remarks: [],
});

const enrolled = (id: string, outcome: EnrolledRow['outcome'] = 'created'): EnrolledRow => ({
  outcome,
  candidate_id: outcome === 'refused' ? null : id,
  changes: [],
  reasons: outcome === 'refused' ? [{ zh: '准考证号已属于“张三”', en: 'taken' }] : [],
  photo:
    outcome === 'refused'
      ? null
      : {
          capture_id: `upload-${id}`,
          url: 'https://media.test/',
          fields: {},
          largest: 100,
          content_type: 'image/jpeg',
        },
});

const photo = (name: string, size = 10) => new File([new Uint8Array(size)], name);
const CANDIDATES = '/admin/exams/demo/candidates';
const job = (work: Partial<ImportJob> & Pick<ImportJob, 'check'>): ImportJob => ({
  examId: 'demo',
  room: 'room-1',
  photos: [],
  onProgress: () => undefined,
  prepare: (file) => Promise.resolve(file),
  retryMs: 0,
  ...work,
});

describe('importing a list', () => {
  const upload = vi.fn<(url: string) => Promise<Response>>();
  beforeEach(() => {
    upload.mockImplementation(() =>
      Promise.resolve(new Response(null, { status: 204, headers: { ETag: '"1"' } })),
    );
    vi.stubGlobal('fetch', upload);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('sends the bytes of the file, and the names of the photos', async () => {
    const { api, sent } = createStubApi({ [`${CANDIDATES}/check`]: [check([], [], [])] });
    const bytes = new Uint8Array(20_000).map((_, index) => index % 256);
    await checkRoster(api, 'demo', new Blob([bytes]), '', [photo('1.jpg')]);
    expect(sent[0]?.body).toMatchObject({ default_room_id: null, photo_names: ['1.jpg'] });
    const decoded = atob(String(sent[0]?.body.file));
    expect(Uint8Array.from(decoded, (sign) => sign.charCodeAt(0))).toEqual(bytes);
    expect(await base64(new Blob([]))).toBe('');
  });

  it('counts people and not rows, and names the lines that were refused', async () => {
    const rows = [row(2, '1'), row(3, '1'), row(4, '2'), row(5, '3')];
    const { api, sent } = createStubApi({
      [CANDIDATES]: [
        { candidates: [enrolled('c1'), enrolled('c1'), enrolled('c2', 'updated')] },
        { candidates: [enrolled('c3', 'refused')] },
      ],
    });
    const seen: number[] = [];
    const result = await importCandidates(
      api,
      job({ check: check(rows, [[0, 1, 2], [3]], []), onProgress: (done) => seen.push(done) }),
    );
    expect(result.people).toEqual({ created: 1, updated: 1, unchanged: 0 });
    expect(result.refused).toEqual([
      { line: 5, name: '考生 3', reasons: [{ zh: '准考证号已属于“张三”', en: 'taken' }] },
    ]);
    expect(seen).toEqual([3, 4]);
    expect(sent[0]?.body).toMatchObject({ default_room_id: 'room-1' });
  });

  it('goes on after a photo that cannot be used, and says which', async () => {
    const rows = [row(2, '1'), row(3, '2'), row(4, '3')];
    const { api, sent } = createStubApi({
      [CANDIDATES]: [{ candidates: [enrolled('c1'), enrolled('c2'), enrolled('c3')] }],
      [`${CANDIDATES}/c1/photo`]: [refusal(400, 'unusable_photo', '文件是 HEIC 格式')],
    });
    const photos = [photo('1.jpg'), photo('nobody.jpg'), photo('2.heic'), photo('3.jpg')];
    const result = await importCandidates(
      api,
      job({
        check: check(rows, [[0, 1, 2]], [0, null, 1, 2]),
        photos,
        prepare: (file) =>
          Promise.resolve(file.name.endsWith('.heic') ? ('unreadable' as const) : file),
      }),
    );
    expect(result.photos).toBe(1);
    expect(result.refusedPhotos.map(({ line, failure }) => [line, failure.problem])).toEqual([
      [2, 'refused'],
      [3, 'unreadable'],
    ]);
    expect(sent.at(-1)).toEqual({
      method: 'POST',
      path: `${CANDIDATES}/c3/photo`,
      body: { upload_id: 'upload-c3' },
    });
    expect(upload).toHaveBeenCalledTimes(2);
  });

  it('says that a photo was not sent where the upload fails', async () => {
    upload.mockResolvedValue(new Response('', { status: 400 }));
    const { api } = createStubApi({ [CANDIDATES]: [{ candidates: [enrolled('c1')] }] });
    const work = job({ check: check([row(2, '1')], [[0]], [0]), photos: [photo('1.jpg')] });
    const result = await importCandidates(api, work);
    expect(result.refusedPhotos[0]?.failure).toEqual({ file: '1.jpg', problem: 'not_sent' });
  });

  it('tries a batch again that may pass later', async () => {
    const { api } = createStubApi({
      [CANDIDATES]: [refusal(503), { candidates: [enrolled('c1')] }],
    });
    const result = await importCandidates(api, job({ check: check([row(2, '1')], [[0]], []) }));
    expect(result.people.created).toBe(1);
  });

  it('gives up where it is refused', async () => {
    const { api, sent } = createStubApi({ [CANDIDATES]: [refusal(403)] });
    const work = job({ check: check([row(2, '1')], [[0]], []) });
    await expect(importCandidates(api, work)).rejects.toThrow('403');
    expect(sent).toHaveLength(1);
  });
});
