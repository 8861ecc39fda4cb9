/** What the browser reveals about the computer. Nothing here asks the user. */
import { deleteDB, openDB } from 'idb';
import { within } from '../../../shared/backoff';
import type { ServerClock } from '../../../shared/clock';
import { missingFeatures } from '../../../shared/requirements';
import { canGoFullscreen } from '../../page-lock/fullscreen';

export interface Measurement {
  /** Null where this browser does not report it. */
  value: number | null;
  /** For the proctor to read. */
  note?: string;
}

interface Brand {
  brand: string;
  version: string;
}

/** What newer browsers report of themselves; not yet in the standard library's types. */
interface AgentData {
  brands: Brand[];
  mobile: boolean;
  platform: string;
  getHighEntropyValues(hints: string[]): Promise<{ platformVersion?: string }>;
}

interface NavigatorExtras {
  userAgentData?: AgentData;
  getBattery?: () => Promise<{ charging: boolean; level: number }>;
  keyboard?: unknown;
}

interface ExtendedScreen {
  isExtended?: boolean;
}

interface ScreenDetailsWindow {
  getScreenDetails?: () => Promise<{ screens: unknown[] }>;
}

const extras = globalThis.navigator as unknown as NavigatorExtras;

export const SUPPORTED = 2;
export const PARTIAL = 1;
export const UNSUPPORTED = 0;

/** The operating system: one of the notice's, another computer's, or a phone's. */
export async function system(agent = navigator.userAgent): Promise<Measurement> {
  const version = await extras.userAgentData
    ?.getHighEntropyValues(['platformVersion'])
    .then((values) => values.platformVersion ?? '')
    .catch(() => '');
  return parseUserAgent(agent, version ?? '');
}

/** Read a user agent; `platform` is the platform version that newer browsers report separately. */
export function parseUserAgent(agent: string, platform: string): Measurement {
  if (/Android|iPhone|iPad|Mobile|HarmonyOS/i.test(agent))
    return { value: UNSUPPORTED, note: 'mobile' };
  if (agent.includes('Windows NT')) {
    // Windows 11 calls itself 10 in the user agent, and 13 or more in the platform's version.
    const isWindows11 = Number.parseInt(platform, 10) >= 13;
    return {
      value: SUPPORTED,
      note: isWindows11 ? 'Windows 11' : (WINDOWS[windows(agent)] ?? 'Windows'),
    };
  }
  const mac = /Mac OS X (\d+)[._](\d+)/.exec(agent);
  if (!mac) return { value: PARTIAL, note: /Linux|CrOS/.exec(agent)?.[0] ?? '' };
  const [major, minor] = [Number(mac[1]), Number(mac[2])];
  const isSupported = major > 10 || minor >= 15;
  return {
    value: isSupported ? SUPPORTED : PARTIAL,
    note: `macOS ${platform || `${major}.${minor}`}`,
  };
}

const WINDOWS: Record<string, string> = {
  '6.1': 'Windows 7',
  '6.2': 'Windows 8',
  '6.3': 'Windows 8.1',
  '10.0': 'Windows 10',
};

const windows = (agent: string) => /Windows NT ([\d.]+)/.exec(agent)?.[1] ?? '';

/** Without these the exam page cannot do its work. */
const REQUIRED = [
  'https',
  'camera',
  'requests',
  'pictures',
  'dialogs',
  'sockets',
  'sound',
] as const;
/** With these it does it better. */
const RECOMMENDED = ['calls', 'locks', 'channels'] as const;

/** The browser, judged by what it can do, not by its name. */
export function browser(): Promise<Measurement> {
  const required = missingFeatures(REQUIRED);
  const recommended: string[] = missingFeatures(RECOMMENDED);
  if (!canGoFullscreen()) recommended.push('fullscreen');
  const value = required.length ? UNSUPPORTED : recommended.length ? PARTIAL : SUPPORTED;
  const missing = [...required, ...recommended].map((feature) => `-${feature}`);
  return Promise.resolve({ value, note: [browserName(), ...missing].join(' ') });
}

function browserName(): string {
  const brand = extras.userAgentData?.brands.find((item) => !/Not.?A|^Chromium$/.test(item.brand));
  const chromium = extras.userAgentData?.brands.find((item) => item.brand === 'Chromium');
  const match = brand ?? chromium;
  if (match) return `${match.brand} ${match.version}`;
  return /(Firefox|Edg|Chrome|Version)\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? '';
}

/**
 * How many displays there are: counted, never judged by whether one is «external», as a desktop
 * computer's only one is. Asks for permission where there is more than one.
 */
export async function screens(): Promise<Measurement> {
  const { isExtended } = screen as unknown as ExtendedScreen;
  if (isExtended === undefined) return { value: null };
  if (!isExtended) return { value: 1 };
  const asking = (window as unknown as ScreenDetailsWindow).getScreenDetails?.().catch(() => null);
  const details = asking ? await within(asking, PERMISSION_MS) : null;
  return { value: Math.max(details?.screens.length ?? 2, 2) };
}

/** A browser's question that nobody answers by then is not waited for. */
const PERMISSION_MS = 20_000;

const TEST_DATABASE = 'invigil.check';

/** How many MB of answers the browser keeps; 0 where it keeps nothing, as some private windows. */
export async function storage(): Promise<Measurement> {
  try {
    const db = await openDB(TEST_DATABASE, 1, {
      upgrade: (database) => void database.createObjectStore('one'),
    });
    await db.put('one', 'written', 'key');
    const read = (await db.get('one', 'key')) as string | undefined;
    db.close();
    await deleteDB(TEST_DATABASE);
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
export function clock(server: ServerClock): Promise<Measurement> {
  return Promise.resolve({ value: Math.round(Math.abs(Date.now() - server.now()) / 100) / 10 });
}

/** Whether the computer is on the mains; null where the browser does not report it. */
export async function power(): Promise<Measurement> {
  try {
    const battery = await extras.getBattery?.();
    if (!battery) return { value: null };
    const note = `${Math.round(battery.level * 100)}%`;
    return { value: battery.charging ? 1 : 0, note };
  } catch {
    return { value: null };
  }
}
