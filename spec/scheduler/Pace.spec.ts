import { MOST_ELEMENTS, Pace } from '../../lib/scheduler/Pace.js';

const OVERHEAD = 0.03;
const MANY = 1e9;

/** The batch that makes the overhead one percent of its time, and one in a thousand. */
const LONGEST = OVERHEAD * 100;
const LONGEST_ALONE = OVERHEAD * 1000;

/** What is too much can be taken back from a slot, and no other lane waits. */
const ALONE = { canMove: true, isAlone: true };
const BESIDE_OTHERS = { canMove: true, isAlone: false };
const FIXED = { canMove: false, isAlone: true };

describe('the size of a batch', () => {
  it('is one while nothing is known', () => {
    expect(new Pace(OVERHEAD, undefined).batchSize(MANY, 2, ALONE)).toBe(1);
  });

  it('is what lasts a thousand overheads while no other lane is there', () => {
    expect(new Pace(OVERHEAD, 0.01).batchSize(MANY, 2, ALONE)).toBe(LONGEST_ALONE / 0.01);
  });

  it('is what lasts a hundred overheads beside other lanes', () => {
    expect(new Pace(OVERHEAD, 0.01).batchSize(MANY, 2, BESIDE_OTHERS)).toBe(LONGEST / 0.01);
  });

  it('is what lasts a hundred overheads where nothing can be taken back', () => {
    expect(new Pace(OVERHEAD, 0.01).batchSize(MANY, 2, FIXED)).toBe(LONGEST / 0.01);
  });

  it('is one where an element alone lasts longer', () => {
    expect(new Pace(OVERHEAD, 40).batchSize(MANY, 2, ALONE)).toBe(1);
  });

  it('is long only for elements that take a hundredth of it', () => {
    const limit = LONGEST_ALONE / 100;
    expect(new Pace(OVERHEAD, 0.99 * limit).batchSize(MANY, 2, ALONE)).toBe(101);
    expect(new Pace(OVERHEAD, 1.01 * limit).batchSize(MANY, 2, ALONE)).toBe(9);
  });

  it('is long only while four of its length wait for each slot', () => {
    const pace = new Pace(OVERHEAD, 0.01);
    expect(pace.batchSize(2 * 4 * 1000, 2, ALONE)).toBe(1000);
    expect(pace.batchSize(2 * 4 * 200, 2, ALONE)).toBe(LONGEST / 0.01);
  });

  it('shrinks towards the end, to half of each slot’s share of what waits', () => {
    const pace = new Pace(OVERHEAD, 0.01);
    expect(pace.batchSize(400, 2, ALONE)).toBe(100);
    expect(pace.batchSize(100, 2, ALONE)).toBe(25);
  });

  it('shrinks no further than is worth a message', () => {
    const pace = new Pace(OVERHEAD, 0.01);
    expect(pace.batchSize(40, 2, ALONE)).toBe(Math.floor((4 * OVERHEAD) / 0.01));
  });

  it('is no more than three quarters of each slot’s share where that would last less than a message', () => {
    expect(new Pace(OVERHEAD, 0.01).batchSize(8, 2, ALONE)).toBe(3);
  });

  it('is all that waits where that would last less than a message and can be taken back', () => {
    expect(new Pace(OVERHEAD, 0.001).batchSize(8, 2, ALONE)).toBe(8);
    expect(new Pace(OVERHEAD, 0.001).batchSize(8, 2, FIXED)).toBe(3);
  });

  it('is bounded, however quick the elements are', () => {
    expect(new Pace(OVERHEAD, 0).batchSize(MANY, 2, ALONE)).toBe(MOST_ELEMENTS);
  });

  it('is one where a batch costs nothing', () => {
    expect(new Pace(0, 0).batchSize(MANY, 2, ALONE)).toBe(1);
  });
});

describe('the pace', () => {
  it('is what the first batch took for an element', () => {
    const pace = new Pace(OVERHEAD, undefined);
    pace.measure(6, 3);
    expect(pace.current).toBe(2);
  });

  it('falls at once', () => {
    const pace = new Pace(OVERHEAD, 10);
    pace.measure(1, 10);
    expect(pace.current).toBe(0.1);
  });

  it('doubles at most, so that one long element does not break up what follows', () => {
    const pace = new Pace(OVERHEAD, 0.02);
    pace.measure(200, 150);
    expect(pace.current).toBe(0.04);
    pace.measure(3, 150);
    expect(pace.current).toBe(0.02);
  });

  it('rises again from a time that the clock could not see', () => {
    const pace = new Pace(OVERHEAD, undefined);
    pace.measure(0, 1);
    for (let nth = 0; nth < 30; nth++) pace.measure(1, 1);
    expect(pace.current).toBe(1);
  });

  it('does not change when nothing ended', () => {
    const pace = new Pace(OVERHEAD, 1);
    pace.measure(50, 0);
    expect(pace.current).toBe(1);
  });
});
