/** A list of passcodes to print: read page by page, saved as a table that spreadsheets open. */
import type { PasscodePage } from '../../shared/api/types';
import { saveFile } from '../model/saveFile';

type Row = PasscodePage['passcodes'][number];

/** Without this mark, spreadsheets take Chinese text for another encoding. */
const BYTE_ORDER_MARK = '\ufeff';

/** Return one cell: quoted, and text even where it looks like a formula. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** Return the table, with a line of headings. */
export function passcodeTable(rows: readonly Row[], headings: readonly string[]): string {
  const lines = rows.map((row) => [row.name, row.admission_number, row.passcode]);
  return (
    BYTE_ORDER_MARK + [headings, ...lines].map((line) => line.map(cell).join(',')).join('\r\n')
  );
}

/** Read every page, and let the browser save the table. */
export async function downloadPasscodes(
  readPage: (after: string) => Promise<PasscodePage>,
  fileName: string,
  headings: readonly string[],
): Promise<void> {
  const rows: Row[] = [];
  let after = '';
  do {
    const page = await readPage(after);
    rows.push(...page.passcodes);
    after = page.after;
  } while (after);
  saveFile(new Blob([passcodeTable(rows, headings)], { type: 'text/csv' }), fileName);
}
