/** What the scheduler answers where elements may not all run, wait or be kept. */
import { Conversation } from '../support/conversation.js';

describe('a lane with a window', () => {
  let scheduler: Conversation;
  beforeEach(() => {
    scheduler = new Conversation();
    scheduler.laneOpened('A', 2, { windowEnd: 2 });
    scheduler.arrived('A', 4);
    scheduler.slotOpened(0);
    scheduler.slotOpened(1);
  });

  it('runs nothing beyond it, though slots idle', () => {
    expect(scheduler.settled(0)).toEqual([]);
    expect(scheduler.settled(1)).toEqual([]);
  });

  it('runs on when it moves', () => {
    scheduler.settled(0);
    expect(scheduler.windowMoved('A', 3)).toEqual(['slot 0 runs A2']);
    expect(scheduler.settled(1)).toEqual([]);
    expect(scheduler.windowMoved('A', 9)).toEqual(['slot 1 runs A3']);
  });

  it('does not close while something is beyond it', () => {
    scheduler.settled(0);
    scheduler.settled(1);
    expect(scheduler.laneEnded('A')).toEqual([]);
    scheduler.windowMoved('A', 9);
    scheduler.settled(0);
    expect(scheduler.settled(1)).toEqual(['close A']);
  });

  it('takes nothing from it once it is cancelled', () => {
    scheduler.laneCancelled('A');
    expect(scheduler.windowMoved('A', 9)).toEqual([]);
    scheduler.settled(0);
    expect(scheduler.settled(1)).toEqual(['close A']);
  });

  it('opens no slots for what is beyond it', () => {
    const other = new Conversation();
    other.laneOpened('A', 5, { windowEnd: 1 });
    expect(other.arrived('A', 5)).toEqual(['open slot 0']);
  });
});

describe('a lane with a buffer', () => {
  const withOneSlot = (overflow: 'error' | 'drop-oldest' | 'drop-newest'): Conversation => {
    const scheduler = new Conversation();
    scheduler.laneOpened('A', 1, { buffer: { size: 2, overflow } });
    scheduler.arrived('A', 1);
    scheduler.slotOpened(0);
    return scheduler;
  };

  it.each([
    ['drop-oldest', 'drop A1', 'drop A2-4'],
    ['drop-newest', 'drop A3', 'drop A4-6'],
    ['error', 'fail A for overflow', 'fail A for overflow'],
  ] as const)('deals with what is too much: %s', (overflow, first, more) => {
    const scheduler = withOneSlot(overflow);
    expect(scheduler.arrived('A', 2)).toEqual([]);
    expect(scheduler.arrived('A', 1)).toEqual([first]);
    expect(scheduler.arrived('A', 3)).toEqual([more]);
  });

  it('gives slots what they can run before', () => {
    const scheduler = withOneSlot('drop-newest');
    scheduler.settled(0);
    expect(scheduler.arrived('A', 4)).toEqual(['slot 0 runs A1', 'drop A4']);
  });

  it('runs those that are left', () => {
    const scheduler = withOneSlot('drop-oldest');
    scheduler.arrived('A', 5);
    expect(scheduler.settled(0)).toEqual(['slot 0 runs A4']);
    expect(scheduler.settled(0)).toEqual(['slot 0 runs A5']);
    scheduler.laneEnded('A');
    expect(scheduler.settled(0)).toEqual(['close A']);
  });

  it('drops nothing that is given back', () => {
    const scheduler = withOneSlot('drop-oldest');
    scheduler.arrived('A', 2);
    scheduler.slotLost(0);
    expect(scheduler.gaveBack(0).some((command) => command.startsWith('drop'))).toBe(false);
  });

  it('counts what is beyond a window, too', () => {
    const scheduler = new Conversation();
    const buffer = { size: 2, overflow: 'drop-oldest' } as const;
    scheduler.laneOpened('A', 1, { windowEnd: 1, buffer });
    scheduler.arrived('A', 1);
    scheduler.slotOpened(0);
    expect(scheduler.arrived('A', 3)).toEqual(['drop A1']);
    expect(scheduler.windowMoved('A', 4)).toEqual([]);
    expect(scheduler.settled(0)).toEqual(['slot 0 runs A2']);
  });
});

it('tells the pace to a lane that wants to know, whenever that was measured', () => {
  const scheduler = new Conversation();
  scheduler.laneOpened('A', 1, { wantsPace: true });
  scheduler.arrived('A', 2);
  scheduler.slotOpened(0);
  expect(scheduler.settled(0, 4)).toEqual(['pace of A: 4', 'slot 0 runs A1']);
  expect(scheduler.gaveBack(0)).toEqual(['slot 0 runs A1']);
});
