import { describe, expect, it } from 'vitest';
import { toCsv } from './csv.js';
import { historyCsv } from './history-csv.js';

describe('tables', () => {
  it('have a line for the header and one for each row', () => {
    expect(toCsv(['file', 'class'], [])).toBe('file,class\n');
    expect(toCsv(['file', 'class'], [['a, "b".png', 'normal']])).toBe('file,class\n"a, ""b"".png",normal\n');
  });

  it('count epochs from 1, and leave empty what a log lacks', () => {
    const logs = { loss: 0.5, accuracy: 0.5, val_loss: 1, val_accuracy: 0.5, learning_rate: 0.1 };
    const rest = { seconds: 2, stall_share: 0 };
    expect(
      historyCsv([
        { epoch: 0, ...logs, ...rest },
        { epoch: 1, ...logs, val_auroc: 0.75, ...rest },
      ]),
    ).toBe(
      'epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds,stall_share,val_auroc\n' +
        '1,0.5,0.5,1,0.5,0.1,2,0,\n' +
        '2,0.5,0.5,1,0.5,0.1,2,0,0.75\n',
    );
  });
});
