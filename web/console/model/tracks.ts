import type { Track } from '../../shared/api/types';

/** All tracks of a recording, in the order in which they are shown. */
export const TRACKS = ['first', 'second', 'screen'] as const satisfies readonly Track[];
