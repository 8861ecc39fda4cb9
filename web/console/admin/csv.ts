/** Candidates out of a CSV file, in the columns of `python -m infra seed --candidates`. */
export const COLUMNS = ['name', 'id_number', 'admission_number', 'phone', 'subject'] as const;
type Column = (typeof COLUMNS)[number];

export type Row = Readonly<Record<Column, string>> & {
  readonly room: string;
  readonly line: number;
};

export interface CandidateCsv {
  readonly rows: readonly Row[];
  /** What is wrong: the column that is missing, or the line and the column that is empty. */
  readonly faults: readonly { line: number; column: string }[];
}

/** Read a file's text; a byte order mark, quotes and either line end are understood. */
export function parseCandidates(text: string): CandidateCsv {
  const [head, ...body] = parseCells(text.replace(/^\uFEFF/, ''));
  const names = (head ?? []).map((name) => name.trim());
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length) return { rows: [], faults: missing.map((column) => ({ line: 1, column })) };
  const lines = body
    .map((cells, index) => ({ cells, line: index + 2 }))
    .filter(({ cells }) => cells.some((cell) => cell.trim()));
  const rows = lines.map(({ cells, line }) => {
    const value = (column: string) => (cells[names.indexOf(column)] ?? '').trim();
    return {
      name: value('name'),
      id_number: value('id_number'),
      admission_number: value('admission_number'),
      phone: value('phone'),
      subject: value('subject'),
      room: names.includes('room') ? value('room') : '',
      line,
    };
  });
  const faults = rows.flatMap((row) =>
    COLUMNS.filter((column) => !row[column]).map((column) => ({ line: row.line, column })),
  );
  return { rows, faults };
}

function parseCells(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = () => {
    row.push(cell);
    cell = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(at + 1) === '"') cell += text.charAt(++at);
      else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',') endCell();
    else if (character === '\n') {
      endCell();
      rows.push(row);
      row = [];
    } else if (character !== '\r') cell += character;
  }
  endCell();
  return row.some(Boolean) ? [...rows, row] : rows;
}
