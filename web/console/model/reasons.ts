/** The API rejects shorter reasons. */
export const MIN_REASON_LENGTH = 2;
