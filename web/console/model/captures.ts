import type { Api } from '../../shared/api/client';
import type { Observation } from '../../shared/api/types';

/** Every capture of a session, newest first, a page at a time. */
export async function allCaptures(api: Api, session_id: string): Promise<Observation[]> {
  const observations: Observation[] = [];
  let before: string | null = 'newest';
  while (before !== null) {
    const path: { session_id: string; before: string } = { session_id, before };
    const page = await api.request((client) =>
      client.GET('/proctor/sessions/{session_id}/captures/{before}', { params: { path } }),
    );
    observations.push(...page.captures);
    before = page.before;
  }
  return observations;
}

/** A clip, or the sound of a recording's segment: to be listened to, and no picture. */
export const isSound = ({ medium }: Observation) => medium !== 'picture';
