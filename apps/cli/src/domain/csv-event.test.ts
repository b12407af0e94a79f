import { describe, expect, it } from '@jest/globals';
import { toEventRequest } from './csv-event.ts';

const plain = { columns: {} };
const row = (header: string, line: string) => {
  const cells = line.split(',');
  return Object.fromEntries(header.split(',').map((name, index) => [name, cells[index] ?? '']));
};

describe('a row of CSV as an event', () => {
  it('takes online_retail_2011 as it is: guests have an anonymous id, the price is of one unit', () => {
    const header =
      'event_id,ts,event_type,user_id,anonymous_id,session_id,product_id,quantity,price,currency,country';
    const line = 'r1443,2010-12-01T14:32:00Z,purchase,,a536544,536544,21773,1,2.51,GBP,United Kingdom';
    expect(toEventRequest(row(header, line), 1, plain)).toEqual({
      event_id: 'r1443',
      timestamp: '2010-12-01T14:32:00Z',
      event_type: 'purchase',
      anonymous_id: 'a536544',
      session_id: '536544',
      product_id: '21773',
      quantity: 1,
      unit_price: '2.51',
      currency: 'GBP',
      country: 'United Kingdom',
    });
  });

  it('takes eshop_clothing_2008 as it is: date and position give the time, other columns are metadata', () => {
    const header =
      'event_id,date,seq,event_type,session_id,product_id,price,country_code,photo_location,page';
    expect(toEventRequest(row(header, 'e1,2008-04-01,2,view,s1,A16,33,29,6,1'), 2, plain)).toEqual({
      event_id: 'e1',
      timestamp: '2008-04-01T00:00:02.000Z',
      event_type: 'view',
      session_id: 's1',
      product_id: 'A16',
      unit_price: '33',
      country: '29',
      metadata: { photo_location: '6', page: '1' },
    });
  });

  it('takes rees46_2019_10_01 as it is', () => {
    const header = 'event_id,ts,event_type,user_id,session_id,product_id,price,currency';
    const event = toEventRequest(
      row(header, 'k0,2019-10-01T00:00:00Z,view,541312140,72d7,44600062,35.79,USD'),
      1,
      plain,
    );
    expect(event).toMatchObject({ user_id: '541312140', unit_price: '35.79', currency: 'USD' });
  });

  it('takes the raw rows of UCI with the type given, and the same file gives the same ids', () => {
    const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
    const line = row(
      header,
      '536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom',
    );
    const mapping = { columns: {}, eventType: 'purchase' };
    const event = toEventRequest(line, 1, mapping);
    expect(event).toMatchObject({
      event_type: 'purchase',
      session_id: '536365',
      timestamp: '2010-12-01T08:26:00Z',
      user_id: '17850',
      metadata: { Description: 'WHITE HANGING HEART' },
    });
    expect(toEventRequest(line, 1, mapping)).toEqual(event);
    expect(toEventRequest(line, 2, mapping)['event_id']).not.toBe(event['event_id']);
  });

  it('follows a mapping of columns, and sends wrong values on for the collector to judge', () => {
    const event = toEventRequest({ basket: 'b1', quantity: 'many', ts: 'yesterday' }, 1, {
      columns: { basket: 'session_id' },
      eventType: 'purchase',
    });
    expect(event).toMatchObject({ session_id: 'b1', quantity: 'many', timestamp: 'yesterday' });
  });
});
