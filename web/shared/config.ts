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
  const response = await fetch('../config.json', { cache: 'no-store' });
  if (!response.ok) throw new Error(`config.json: ${response.status}`);
  const config = (await response.json()) as Config;
  return { ...config, api_url: config.api_url.replace(/\/+$/, '') };
}
