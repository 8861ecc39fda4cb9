/** A session's whole record as a zip, put together in the browser from the API and the kept files. */
import { zipSync, strToU8, type Zippable } from 'fflate';
import type { Api } from '../../shared/api/client';
import { NetworkError } from '../../shared/api/errors';
import { download } from '../../shared/media/upload';
import { allCaptures } from '../model/captures';
import { saveFile } from '../model/saveFile';

/**
 * Put a session's record and its kept files into a zip and have the browser save it. What
 * `python -m infra verify-audit FILE` checks is in it: both chains and every file's hash.
 */
export async function exportRecord(api: Api, session_id: string): Promise<void> {
  const path = { session_id };
  const { record, files } = await api.request((client) =>
    client.GET('/proctor/sessions/{session_id}/record', { params: { path } }),
  );
  const observations = await allCaptures(api, session_id);
  const content: Zippable = {
    // The API's own text: parsing and serializing a number again might change the hash.
    'record.json': strToU8(record),
    'captures.json': strToU8(JSON.stringify(observations, null, 1)),
  };
  for (const [key, url] of Object.entries(files)) content[`evidence/${key}`] = await bytes(url);
  const zip = zipSync(content, { level: 6 });
  saveFile(new Blob([zip], { type: 'application/zip' }), `${session_id}.zip`);
}

async function bytes(url: string): Promise<Uint8Array> {
  const response = await download(url).catch((cause: unknown) => {
    throw new NetworkError(cause);
  });
  return new Uint8Array(await response.arrayBuffer());
}
