import { fetchFailure, NetworkError } from './api/errors';

/** Where the API is; published beside the pages when they are deployed. */
export interface Config {
  /** Without trailing slash. */
  api_url: string;
  ws_url: string;
  exam_id: string;
  stage: string;
  /** Where the exam's times were announced, such as `Asia/Shanghai`. */
  time_zone?: string;
}

/** Read the deployment's configuration. Throws where there is none. */
export async function loadConfig(): Promise<Config> {
  const response = await fetch('../config.json', { cache: 'no-store' }).catch((cause: unknown) => {
    throw fetchFailure(cause);
  });
  const config: unknown = await response.json().catch(() => null);
  // A login page that answers in the server's place has none of it.
  if (!response.ok || !isConfig(config)) throw new NetworkError('config.json', response.status);
  return { ...config, api_url: config.api_url.replace(/\/+$/, '') };
}

function isConfig(body: unknown): body is Config {
  const { api_url, ws_url } = (body ?? {}) as Partial<Record<keyof Config, unknown>>;
  return typeof api_url === 'string' && typeof ws_url === 'string';
}
