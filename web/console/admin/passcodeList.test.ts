import { describe, expect, it } from 'vitest';
import { passcodeTable } from './passcodeList';

describe('passcodeTable', () => {
  it('quotes every cell and begins with the mark of UTF-8', () => {
    const rows = [{ name: '张"三"', admission_number: '20260001', passcode: 'AB23CD45' }];
    expect(passcodeTable(rows, ['姓名', '准考证号', '口令'])).toBe(
      '\ufeff"姓名","准考证号","口令"\r\n"张""三""","20260001","AB23CD45"',
    );
  });

  it('lets no name act as a formula', () => {
    const rows = [{ name: '=1+1', admission_number: '1', passcode: 'AB23CD45' }];
    expect(passcodeTable(rows, ['', '', ''])).toContain('"\'=1+1"');
  });
});
