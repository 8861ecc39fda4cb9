/** Sending a list in the pieces that the API takes, with the photos beside it. */
import type { Api } from '../../shared/api/client';
import { postForm } from '../../shared/media/upload';
import type { EnrolledCandidate, NewCandidate } from '../../shared/api/types';
import type { Row } from './csv';

export const BATCH_SIZE = 25;
const PHOTO_FILE = /\.jpe?g$/i;

/** Photos by the ID number that is their file's name. */
export function photosByNumber(files: readonly File[]): Map<string, File> {
  const pictures = files.filter((file) => PHOTO_FILE.test(file.name));
  return new Map(pictures.map((file) => [file.name.replace(PHOTO_FILE, '').trim(), file]));
}

/** Return rows as the API takes them, and which name a subject or room that there is not. */
export function resolveRows(
  rows: readonly Row[],
  subjects: ReadonlyMap<string, string>,
  rooms: ReadonlyMap<string, string>,
  room: string,
): { candidates: NewCandidate[]; faults: { line: number; column: string }[] } {
  const faults: { line: number; column: string }[] = [];
  const candidates = rows.map((row) => {
    const subject = subjects.get(row.subject);
    const roomId = row.room ? rooms.get(row.room) : room;
    if (!subject) faults.push({ line: row.line, column: 'subject' });
    if (!roomId) faults.push({ line: row.line, column: 'room' });
    const { name, id_number, admission_number, phone } = row;
    return {
      name,
      id_number,
      admission_number,
      phone,
      registration_unit: '',
      subject_id: subject ?? '',
      room_id: roomId ?? '',
    };
  });
  return { candidates, faults };
}

export async function importCandidates(
  api: Api,
  examId: string,
  candidates: readonly NewCandidate[],
  photos: ReadonlyMap<string, File>,
  onProgress: (done: number) => void,
): Promise<void> {
  const params = { path: { exam_id: examId } };
  for (let from = 0; from < candidates.length; from += BATCH_SIZE) {
    const batch = candidates.slice(from, from + BATCH_SIZE);
    const body = { candidates: batch };
    const response = await api.request((client) =>
      client.POST('/admin/exams/{exam_id}/candidates', { params, body }),
    );
    for (const [index, enrolled] of response.candidates.entries()) {
      const photo = photos.get(batch[index]?.id_number ?? '');
      if (photo) await uploadPhoto(api, examId, enrolled, photo);
    }
    onProgress(from + batch.length);
  }
}

/** Upload a registration photo, then confirm the upload. Throws where it did not arrive. */
export async function uploadPhoto(
  api: Api,
  examId: string,
  to: Pick<EnrolledCandidate, 'candidate_id' | 'photo'>,
  file: Blob,
): Promise<void> {
  if (!(await postForm(to.photo, file))) throw new Error('the photo did not arrive');
  const params = { path: { exam_id: examId, candidate_id: to.candidate_id } };
  await api.request((client) =>
    client.POST('/admin/exams/{exam_id}/candidates/{candidate_id}/photo', { params }),
  );
}
