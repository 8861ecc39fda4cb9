/** Where the API is; published beside the pages when they are deployed. */
export interface Config {
  /** Without trailing slash. */
  api_url: string;
  ws_url: string;
  exam_id: string;
  stage: string;
}

/** Read the deployment's configuration. Throws where there is none. */
export async function loadConfig(): Promise<Config> {
  const answer = await fetch('../config.json', { cache: 'no-store' });
  if (!answer.ok) throw new Error(`config.json: ${answer.status}`);
  const config = (await answer.json()) as Config;
  return { ...config, api_url: config.api_url.replace(/\/+$/, '') };
}
