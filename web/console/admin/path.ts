/** Where one is in the admin pages: `#/admin/<exam>/subjects/<subject>/rules` and the like. */
import { formatPage } from '../route';

export function adminPath(...parts: string[]): string {
  return formatPage('admin', ...parts);
}
