/** A reason in words must say something: the API refuses shorter ones. */
export const MIN_REASON_LENGTH = 2;
