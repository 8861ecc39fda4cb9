import type { Receipt, Session } from '../../shared/api/types';
import { formatWithZone } from '../../shared/time';

export type Translate = (key: string, named?: Record<string, string | number>) => string;

export interface Language {
  id: string;
  translate: Translate;
  localize: (text: { zh: string; en: string }) => string;
}

const STYLE = `
  body { max-width: 720px; margin: 40px auto; padding: 0 24px; color: #1b2733;
    font: 16px/1.6 system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif; }
  section { padding: 24px; border: 1px dashed #84919e; border-radius: 10px; }
  section + section { margin-top: 24px; }
  h1 { margin: 0 0 16px; font-size: 22px; }
  h2 { margin: 16px 0 4px; font-size: 16px; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 24px; margin: 0; }
  dt { color: #51606f; }
  dd { margin: 0; overflow-wrap: anywhere; }
  .exact { font-family: ui-monospace, Consolas, monospace; }
  p { margin: 8px 0 0; color: #51606f; font-size: 14px; }
`;

/** A receipt as one page of its own, in every language: it needs nothing else to be read. */
export function receiptFile(session: Session, receipt: Receipt, languages: Language[]): string {
  const [first] = languages;
  const title = first ? first.translate('ended.receipt') : '';
  const sections = languages.map((language) => section(session, receipt, language)).join('\n');
  return `<!doctype html>
<html lang="${first?.id ?? ''}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(`${title} ${receipt.number}`)}</title>
<style>${STYLE}</style>
</head>
<body>
${sections}
</body>
</html>
`;
}

function section(
  session: Session,
  receipt: Receipt,
  { id, translate, localize }: Language,
): string {
  const kind = translate(`app.kind.${session.kind}`);
  const rows: [string, string, boolean?][] = [
    [translate('ended.number'), receipt.number, true],
    [translate('ended.at'), formatWithZone(receipt.at, id)],
    [translate('confirm.name'), session.person.name],
    [translate('confirm.admissionNumber'), session.person.admission_number],
    [translate('confirm.subject'), `${localize(session.subject.title)} (${kind})`],
    [translate('ended.answered'), `${receipt.answered} / ${receipt.questions}`],
    [translate('ended.hash'), receipt.answers_hash, true],
  ];
  const list = rows.map(
    ([name, value, exact]) =>
      `<dt>${escaped(name)}</dt><dd${exact ? ' class="exact"' : ''}>${escaped(value)}</dd>`,
  );
  return `<section lang="${id}">
<h1>${escaped(`${translate('ended.receipt')} · ${localize(session.exam_title)}`)}</h1>
<dl>
${list.join('\n')}
</dl>
<h2>${escaped(translate('receiptFile.how'))}</h2>
<p>${escaped(translate('receiptFile.formula'))}</p>
<p>${escaped(translate('receiptFile.issued'))}</p>
</section>`;
}

function escaped(text: string): string {
  const names: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => names[character] ?? character);
}
