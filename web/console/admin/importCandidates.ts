/** Sending a list in the pieces that the API takes, with the photos beside it. */
import type { Api } from '../../shared/api/client';
import type { Upload } from '../../shared/api/types';
import type { Row } from './csv';
import type { Enrolled, NewCandidate } from './types';

export const AT_ONCE = 25;
const LARGEST_PHOTO = /\.jpe?g$/i;

/** Photos by the ID number that is their file's name. */
export function photosByNumber(files: readonly File[]): Map<string, File> {
  const pictures = files.filter((file) => LARGEST_PHOTO.test(file.name));
  return new Map(pictures.map((file) => [file.name.replace(LARGEST_PHOTO, '').trim(), file]));
}

/** Return rows as the API takes them, and which name a subject or room that there is not. */
export function resolved(
  rows: readonly Row[],
  subjects: ReadonlyMap<string, string>,
  rooms: ReadonlyMap<string, string>,
  room: string,
): { candidates: NewCandidate[]; faults: { line: number; column: string }[] } {
  const faults: { line: number; column: string }[] = [];
  const candidates = rows.map((row) => {
    const subject = subjects.get(row.subject);
    const placed = row.room ? rooms.get(row.room) : room;
    if (!subject) faults.push({ line: row.line, column: 'subject' });
    if (!placed) faults.push({ line: row.line, column: 'room' });
    const { name, id_number, admission_number, phone } = row;
    return {
      name,
      id_number,
      admission_number,
      phone,
      registration_unit: '',
      subject_id: subject ?? '',
      room_id: placed ?? '',
    };
  });
  return { candidates, faults };
}

export async function importAll(
  api: Api,
  examId: string,
  candidates: readonly NewCandidate[],
  photos: ReadonlyMap<string, File>,
  tell: (done: number) => void,
): Promise<void> {
  const params = { path: { exam_id: examId } };
  for (let from = 0; from < candidates.length; from += AT_ONCE) {
    const some = candidates.slice(from, from + AT_ONCE);
    const body = { candidates: some };
    const answer = await api.request((it) =>
      it.POST('/admin/exams/{exam_id}/candidates', { params, body }),
    );
    for (const [index, enrolled] of answer.candidates.entries()) {
      const photo = photos.get(some[index]?.id_number ?? '');
      if (photo) await sendPhoto(api, examId, enrolled, photo);
    }
    tell(from + some.length);
  }
}

/** Upload a registration photo, and say that it is there. */
export async function sendPhoto(
  api: Api,
  examId: string,
  to: Pick<Enrolled, 'candidate_id' | 'photo'>,
  file: Blob,
): Promise<void> {
  await upload(to.photo, file);
  const params = { path: { exam_id: examId, candidate_id: to.candidate_id } };
  await api.request((it) =>
    it.POST('/admin/exams/{exam_id}/candidates/{candidate_id}/photo', { params }),
  );
}

async function upload(form: Upload, file: Blob): Promise<void> {
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append('file', file);
  const answer = await fetch(form.url, { method: 'POST', body });
  if (!answer.ok) throw new Error(`upload: ${answer.status}`);
}
