/** Short names of the contract's shapes; schema.ts is generated from docs/openapi.json. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Text = Schemas['TextOut'];
export type Exam = Schemas['ExamOut'];
export type Subject = Schemas['SubjectOut'];
export type Session = Schemas['SessionOut'];
export type State = Schemas['State'];
export type Identity = Schemas['IdentityOut'];
export type Receipt = Schemas['ReceiptOut'];
export type Code = Schemas['CodeOut'];
export type Paper = Schemas['PaperOut'];
export type Question = Schemas['QuestionOut'];
export type SavedAnswer = Schemas['AnswerOut'];
export type TestShot = Schemas['ShotOut'];
export type Upload = Schemas['Upload'];
export type Plan = Schemas['PlanOut'];
export type PlannedCapture = Schemas['PlannedCapture'];
export type PhoneSession = Schemas['PhoneSession'];
export type Problem = Schemas['Problem'];
export type Push = Schemas['Push'];
export type Said = Schemas['Said'];
export type Warning = Schemas['WarningOut'];
export type Calls = Schemas['CallsOut'];
export type Call = Schemas['CallOut'];
export type CallKind = Schemas['CallKind'];
export type CallAnswer = Schemas['CallAnswerIn']['answer'];
export type Step = Schemas['SignalIn'];
export type Signal = Schemas['SignalOut'];
export type Ice = Schemas['IceOut'];
export type Chat = Schemas['ChatOut'];
export type ChatView = Schemas['ChatView'];
export type ChatMessage = Schemas['MessageOut'];
