/** Uploading one registration photo: made a JPEG, sent by its form, then confirmed. */
import type { Api } from '../../shared/api/client';
import { postForm } from '../../shared/media/upload';
import type { Upload } from '../../shared/api/types';
import { preparePhoto, type PhotoProblem, type PreparePhoto } from './photoFile';

/** Why a photo could not be used: a key of this page's texts, or what the server said. */
export interface PhotoFailure {
  readonly file: string;
  readonly problem: PhotoProblem | 'not_sent' | 'refused';
  readonly error?: unknown;
}

export interface PhotoTarget {
  readonly examId: string;
  readonly candidateId: string;
  readonly form: Upload;
}

/** Upload a photo and confirm it. Returns why it could not be used, or null. */
export async function uploadPhoto(
  api: Api,
  to: PhotoTarget,
  file: File,
  prepare: PreparePhoto = preparePhoto,
): Promise<PhotoFailure | null> {
  const picture = await prepare(file, to.form.largest);
  if (typeof picture === 'string') return { file: file.name, problem: picture };
  if (!(await postForm(to.form, picture))) return { file: file.name, problem: 'not_sent' };
  const params = { path: { exam_id: to.examId, candidate_id: to.candidateId } };
  const body = { upload_id: to.form.capture_id };
  const path = '/admin/exams/{exam_id}/candidates/{candidate_id}/photo';
  try {
    await api.request((client) => client.POST(path, { params, body }));
    return null;
  } catch (error) {
    return { file: file.name, problem: 'refused', error };
  }
}
