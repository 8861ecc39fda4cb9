/** The contract's shapes under the names that the admin pages use. */
import type { components } from '../../shared/api/schema';

type Schemas = components['schemas'];

export type Accommodation = Schemas['AccommodationShape'];
export type Bounds = Schemas['Bounds'];
export type Candidate = Schemas['CandidateOut'];
export type CandidateLine = Schemas['CandidateLine'];
export type Enrolled = Schemas['Enrolled'];
export type ExamLine = Schemas['ExamLine'];
export type Kind = Schemas['Kind'];
export type Mailing = Schemas['MailingOut'];
export type NewCandidate = Schemas['NewCandidate'];
export type Profiles = Schemas['ProfilesOut'];
export type RoomChoice = Schemas['RoomChoice'];
export type Rule = Schemas['RuleShape'];
export type Setup = Schemas['ExamSetup'];
export type SittingKind = Schemas['SittingKind'];
export type Subject = Schemas['SubjectSetup'];
export type Text = Schemas['TextOut'];
export type Window = Schemas['WindowOut'];

export const SITTINGS: readonly SittingKind[] = ['trial', 'official'];
export const MINUTE = 60_000;
export type Decided = Schemas['DecidedOut'];
