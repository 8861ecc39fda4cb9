/** Importing a list: the server reads and checks the file; then its rows are sent in batches. */
import type { Api } from '../../shared/api/client';
import { isRetryable } from '../../shared/api/errors';
import { sleep } from '../../shared/backoff';
import type { EnrolledRow, RosterCheck, RosterRow, Text } from '../../shared/api/types';
import type { PreparePhoto } from './photoFile';
import { uploadPhoto, type PhotoFailure } from './uploadPhoto';

/** The largest file that the API takes; see MAX_ROSTER_BYTES. */
export const MAX_FILE_BYTES = 1_000_000;
const TRIES = 4;
const RETRY_MS = 2_000;
const path = '/admin/exams/{exam_id}/candidates';

/** A row that was refused: its line, whose it is, and why. */
export interface RefusedLine {
  readonly line: number;
  readonly name: string;
  readonly reasons: readonly Text[];
}

/** A photo that could not be used, and for whom it was. */
export interface RefusedPhoto {
  readonly line: number;
  readonly name: string;
  readonly failure: PhotoFailure;
}

type Written = 'created' | 'updated' | 'unchanged';

/** What came of an import. People are counted, not rows. */
export interface ImportResult {
  readonly people: Readonly<Record<Written, number>>;
  readonly refused: readonly RefusedLine[];
  readonly photos: number;
  readonly refusedPhotos: readonly RefusedPhoto[];
}

/** Ask the server what importing a file would do. Nothing is written. */
export async function checkRoster(
  api: Api,
  examId: string,
  file: Blob,
  room: string,
  photos: readonly File[],
): Promise<RosterCheck> {
  const params = { path: { exam_id: examId } };
  const body = {
    file: await base64(file),
    default_room_id: room || null,
    photo_names: photos.map((photo) => photo.name),
  };
  return api.request((client) => client.POST(`${path}/check`, { params, body }));
}

/** The bytes of a file in Base64. */
export async function base64(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const length = 8_192;
  let text = '';
  for (let from = 0; from < bytes.length; from += length)
    text += String.fromCharCode(...bytes.subarray(from, from + length));
  return btoa(text);
}

export interface ImportJob {
  readonly examId: string;
  readonly check: RosterCheck;
  readonly room: string;
  readonly photos: readonly File[];
  readonly onProgress: (done: number) => void;
  readonly prepare?: PreparePhoto;
  readonly retryMs?: number;
}

/** Import the rows that the check did not refuse; a row or photo that fails stops no other. */
export async function importCandidates(api: Api, job: ImportJob): Promise<ImportResult> {
  const people: Record<Written, Set<string>> = {
    created: new Set(),
    updated: new Set(),
    unchanged: new Set(),
  };
  const refused: RefusedLine[] = [];
  const refusedPhotos: RefusedPhoto[] = [];
  let photos = 0;
  let done = 0;
  for (const batch of job.check.batches) {
    const rows = batch.flatMap((position) => job.check.rows[position]?.row ?? []);
    const results = await enrolBatch(api, job, rows);
    for (const [index, row] of rows.entries()) {
      const result = results[index];
      const { line, name } = row;
      if (!result || result.outcome === 'refused' || !result.candidate_id) {
        refused.push({ line, name, reasons: result?.reasons ?? [] });
        continue;
      }
      people[result.outcome].add(result.candidate_id);
      for (const photo of photosOf(job, batch[index])) {
        const failure = await sendPhoto(api, job, result, photo);
        if (failure) refusedPhotos.push({ line, name, failure });
        else photos += 1;
      }
    }
    done += batch.length;
    job.onProgress(done);
  }
  return {
    people: {
      created: people.created.size,
      updated: people.updated.size,
      unchanged: people.unchanged.size,
    },
    refused,
    photos,
    refusedPhotos,
  };
}

/** Send one batch. Enrolling again changes nothing, so what may pass later is tried again. */
async function enrolBatch(api: Api, job: ImportJob, rows: RosterRow[]): Promise<EnrolledRow[]> {
  const params = { path: { exam_id: job.examId } };
  const body = { candidates: rows, default_room_id: job.room || null };
  for (let left = TRIES; ; left -= 1) {
    try {
      return (await api.request((client) => client.POST(path, { params, body }))).candidates;
    } catch (error) {
      if (left <= 1 || !isRetryable(error)) throw error;
      await sleep(job.retryMs ?? RETRY_MS);
    }
  }
}

const photosOf = (job: ImportJob, position: number | undefined) =>
  job.photos.filter((_, index) => job.check.photos[index] === position);

async function sendPhoto(
  api: Api,
  job: ImportJob,
  enrolled: EnrolledRow,
  photo: File,
): Promise<PhotoFailure | null> {
  const { candidate_id: candidateId, photo: form } = enrolled;
  if (!candidateId || !form) return { file: photo.name, problem: 'not_sent' };
  return uploadPhoto(api, { examId: job.examId, candidateId, form }, photo, job.prepare);
}
