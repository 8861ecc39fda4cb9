import { describe, expect, it } from 'vitest';
import { parseCandidates } from './csv';

const HEAD = 'name,id_number,admission_number,phone,subject';

describe('a list of candidates', () => {
  it('is read with quotes, a byte order mark, and either line end', () => {
    const text = `\uFEFF${HEAD},room\r\n"李, ""小"" 四",1,2,3,hr-2,room-1\r\n\r\n王五,4,5,6,hr-2,`;
    expect(parseCandidates(text)).toEqual({
      faults: [],
      rows: [
        {
          name: '李, "小" 四',
          id_number: '1',
          admission_number: '2',
          phone: '3',
          subject: 'hr-2',
          room: 'room-1',
          line: 2,
        },
        {
          name: '王五',
          id_number: '4',
          admission_number: '5',
          phone: '6',
          subject: 'hr-2',
          room: '',
          line: 4,
        },
      ],
    });
  });

  it('says which columns are missing', () => {
    expect(parseCandidates('name,phone\na,b').faults.map((fault) => fault.column)).toEqual([
      'id_number',
      'admission_number',
      'subject',
    ]);
    expect(parseCandidates('').faults).toHaveLength(5);
  });

  it('says what is empty, and in which line', () => {
    expect(parseCandidates(`${HEAD}\na,1,2,,s\n,,,,\nb,1,2,3,`).faults).toEqual([
      { line: 2, column: 'phone' },
      { line: 4, column: 'subject' },
    ]);
  });
});
