/** The contract's shapes under the names that this page uses. */
import type { components } from '../shared/api/schema';

type Schemas = components['schemas'];

export type Audit = Schemas['AuditOut'];
export type Box = Schemas['BoxOut'];
export type CheckResult = Schemas['CheckOut'];
export type Checked = Schemas['CheckedOut'];
export type Flag = Schemas['FlagOut'];
export type IdentityReason = Schemas['Reason'];
export type Kind = Schemas['Kind'];
export type Latest = Schemas['LatestOut'];
export type Observation = Schemas['ObservationOut'];
export type Push = Schemas['Push'];
export type Room = Schemas['RoomOut'];
export type RoomView = Schemas['RoomView'];
export type Seat = Schemas['Seat'];
export type SeatDetail = Schemas['SeatDetail'];
export type SeatIdentity = Schemas['SeatIdentity'];
export type SeatWatch = Schemas['SeatWatch'];
export type Staff = Schemas['StaffOut'];
export type State = Schemas['State'];
export type View = Schemas['View'];
export type Decision = Schemas['DecisionOut'];
export type Evidence = Schemas['EvidenceOut'];
export type Queue = Schemas['QueueOut'];
export type ReasonCode = Schemas['ReasonCode'];
export type Review = Schemas['ReviewOut'];
export type Verdict = Schemas['Verdict'];
export type Violation = Schemas['ViolationOut'];
