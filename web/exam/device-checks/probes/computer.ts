/** What the browser tells of the computer itself. Nothing here asks the person anything. */
import { deleteDB, openDB } from 'idb';
import type { ServerClock } from '../../../shared/clock';

export interface Measured {
  /** Null where this browser cannot tell. */
  value: number | null;
  /** For the proctor to read. */
  note?: string;
}

interface Brand {
  brand: string;
  version: string;
}

/** What newer browsers tell of themselves; not yet in the standard library's types. */
interface AgentData {
  brands: Brand[];
  mobile: boolean;
  platform: string;
  getHighEntropyValues(hints: string[]): Promise<{ platformVersion?: string }>;
}

interface Told {
  userAgentData?: AgentData;
  getBattery?: () => Promise<{ charging: boolean; level: number }>;
  keyboard?: unknown;
}

interface Screens {
  isExtended?: boolean;
}

interface Displays {
  getScreenDetails?: () => Promise<{ screens: unknown[] }>;
}

const told = globalThis.navigator as unknown as Told;

export const ASKED = 2;
export const OTHER = 1;
export const NONE = 0;

/** The operating system: one of the notice's, another computer's, or a phone's. */
export async function system(agent = navigator.userAgent): Promise<Measured> {
  const version = await told.userAgentData
    ?.getHighEntropyValues(['platformVersion'])
    .then((values) => values.platformVersion ?? '')
    .catch(() => '');
  return named(agent, version ?? '');
}

/** Read a user agent; `platform` is the version that newer browsers tell apart from it. */
export function named(agent: string, platform: string): Measured {
  if (/Android|iPhone|iPad|Mobile|HarmonyOS/i.test(agent)) return { value: NONE, note: 'mobile' };
  if (agent.includes('Windows NT')) {
    // Windows 11 calls itself 10 in the user agent, and 13 or more in the platform's version.
    const eleven = Number.parseInt(platform, 10) >= 13;
    return { value: ASKED, note: eleven ? 'Windows 11' : (WINDOWS[windows(agent)] ?? 'Windows') };
  }
  const mac = /Mac OS X (\d+)[._](\d+)/.exec(agent);
  if (!mac) return { value: OTHER, note: /Linux|CrOS/.exec(agent)?.[0] ?? '' };
  const [major, minor] = [Number(mac[1]), Number(mac[2])];
  const enough = major > 10 || minor >= 15;
  return { value: enough ? ASKED : OTHER, note: `macOS ${platform || `${major}.${minor}`}` };
}

const WINDOWS: Record<string, string> = {
  '6.1': 'Windows 7',
  '6.2': 'Windows 8',
  '6.3': 'Windows 8.1',
  '10.0': 'Windows 10',
};

const windows = (agent: string) => /Windows NT ([\d.]+)/.exec(agent)?.[1] ?? '';

/** Without these the exam page cannot do its work. */
const NEEDED: Record<string, () => unknown> = {
  https: () => isSecureContext,
  camera: () => 'mediaDevices' in navigator,
  storage: () => globalThis.indexedDB,
  locks: () => 'locks' in navigator,
  sound: () => 'AudioWorkletNode' in window,
  calls: () => 'RTCPeerConnection' in window,
  sockets: () => 'WebSocket' in window,
};
/** With these it does it better. */
const BETTER: Record<string, () => unknown> = {
  fullscreen: () => document.fullscreenEnabled,
  recorder: () => 'MediaRecorder' in window,
};

/** The browser, judged by what it can do, not by its name. */
export function browser(): Promise<Measured> {
  const lacks = (wanted: Record<string, () => unknown>) =>
    Object.keys(wanted).filter((name) => !wanted[name]?.());
  const [needed, better] = [lacks(NEEDED), lacks(BETTER)];
  const value = needed.length ? NONE : better.length ? OTHER : ASKED;
  const missing = [...needed, ...better].map((feature) => `-${feature}`);
  return Promise.resolve({ value, note: [browserName(), ...missing].join(' ') });
}

function browserName(): string {
  const brand = told.userAgentData?.brands.find((item) => !/Not.?A|^Chromium$/.test(item.brand));
  const plain = told.userAgentData?.brands.find((item) => item.brand === 'Chromium');
  const found = brand ?? plain;
  if (found) return `${found.brand} ${found.version}`;
  return /(Firefox|Edg|Chrome|Version)\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? '';
}

/**
 * How many displays there are: counted, never judged by whether one is «external», as a desktop
 * computer's only one is. Asks for permission where there is more than one.
 */
export async function screens(): Promise<Measured> {
  const { isExtended } = screen as unknown as Screens;
  if (isExtended === undefined) return { value: null };
  if (!isExtended) return { value: 1 };
  const details = await (window as unknown as Displays).getScreenDetails?.().catch(() => null);
  return { value: Math.max(details?.screens.length ?? 2, 2) };
}

const TRIAL = 'invigil.check';

/** How many MB of answers the browser keeps; 0 where it keeps nothing, as some private windows. */
export async function storage(): Promise<Measured> {
  try {
    const db = await openDB(TRIAL, 1, { upgrade: (made) => void made.createObjectStore('one') });
    await db.put('one', 'written', 'key');
    const read = (await db.get('one', 'key')) as string | undefined;
    db.close();
    await deleteDB(TRIAL);
    if (read !== 'written') return { value: 0 };
  } catch {
    return { value: 0 };
  }
  const { quota, usage } = await estimate();
  if (quota === undefined) return { value: null };
  return { value: Math.round((quota - (usage ?? 0)) / 1e6) };
}

async function estimate(): Promise<StorageEstimate> {
  try {
    return await navigator.storage.estimate();
  } catch {
    return {};
  }
}

/** How many seconds the computer's clock is apart from the server's. */
export function clock(server: ServerClock): Promise<Measured> {
  return Promise.resolve({ value: Math.round(Math.abs(Date.now() - server.now()) / 100) / 10 });
}

/** Whether the computer is on the mains; a browser that does not tell keeps it to itself. */
export async function power(): Promise<Measured> {
  try {
    const battery = await told.getBattery?.();
    if (!battery) return { value: null };
    const note = `${Math.round(battery.level * 100)}%`;
    return { value: battery.charging ? 1 : 0, note };
  } catch {
    return { value: null };
  }
}
