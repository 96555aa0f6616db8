/** What the scheduler answers where a slot runs several elements of a lane at once. */
import { Conversation } from '../support/conversation.js';

/** Two slots that idle, and lane A, of which each may run three elements. */
function withRooms(): Conversation {
  const scheduler = new Conversation(2);
  scheduler.laneOpened('A', 2, { perSlot: 3 });
  scheduler.arrived('A', 2);
  scheduler.slotOpened(0);
  scheduler.slotOpened(1);
  return scheduler;
}

describe('a lane of which a slot may run several elements at once', () => {
  it('goes to the slots that idle first, and then beside, to each in turn, until all are full', () => {
    const scheduler = withRooms();
    expect(scheduler.arrived('A', 3)).toEqual([
      'slot 0 runs A2',
      'slot 1 runs A3',
      'slot 0 runs A4',
    ]);
    expect(scheduler.arrived('A', 9)).toEqual(['slot 1 runs A5']);
  });

  it('is given the room that an element leaves, whichever ends first', () => {
    const scheduler = withRooms();
    scheduler.arrived('A', 9);
    expect(scheduler.settled(1)).toEqual(['slot 1 runs A6']);
    expect(scheduler.settled(0)).toEqual(['slot 0 runs A7']);
  });

  it('leaves to slots on their way what those could run at once', () => {
    const scheduler = new Conversation(3);
    scheduler.laneOpened('A', 3, { perSlot: 3 });
    expect(scheduler.arrived('A', 7)).toHaveLength(3);
    const threeOfSeven = ['slot 0 runs A0', 'slot 0 runs A1', 'slot 0 runs A2'];
    expect(scheduler.slotOpened(0)).toEqual(threeOfSeven);
    expect(scheduler.slotFailed(1)).toEqual(['open none for 100']);
    expect(scheduler.slotOpened(2)).toEqual(['slot 2 runs A3', 'slot 2 runs A4', 'slot 2 runs A5']);
  });

  it('goes to the slot that runs the fewest', () => {
    const scheduler = new Conversation(2);
    scheduler.laneOpened('A', 2, { perSlot: 9 });
    scheduler.arrived('A', 6);
    scheduler.slotOpened(0);
    expect(scheduler.slotOpened(1)).toEqual(['slot 1 runs A3', 'slot 1 runs A4', 'slot 1 runs A5']);
    scheduler.settled(1);
    scheduler.settled(1);
    expect(scheduler.arrived('A', 2)).toEqual(['slot 1 runs A6', 'slot 1 runs A7']);
  });

  it('is not filled up where something runs on a slot that has no time left', () => {
    const scheduler = withRooms();
    expect(scheduler.tell({ type: 'slotOverdue', slot: 0 })).toEqual([]);
    expect(scheduler.arrived('A', 3)).toEqual(['slot 1 runs A2', 'slot 1 runs A3', 'open slot 2']);
    expect(scheduler.settled(0)).toEqual(['close slot 0']);
  });

  it('runs apart what ran beside others when its slot was lost, and then beside others again', () => {
    const scheduler = new Conversation(1);
    scheduler.laneOpened('A', 1, { perSlot: 2 });
    scheduler.arrived('A', 4);
    scheduler.slotOpened(0);
    scheduler.slotLost(0);
    for (const index of [0, 1]) {
      scheduler.delayed(0, { start: index, end: index + 1 });
      scheduler.settled(0);
    }
    scheduler.due('A', { start: 0, end: 1 }, { start: 1, end: 2 });
    expect(scheduler.slotOpened(1)).toEqual(['slot 1 runs A0']);
    expect(scheduler.settled(1)).toEqual(['slot 1 runs A1']);
    expect(scheduler.settled(1)).toEqual(['slot 1 runs A2', 'slot 1 runs A3']);
  });

  it('is sent one by one, whatever is known of its pace, and waits behind nothing', () => {
    const scheduler = new Conversation(1, { overhead: 1 });
    scheduler.laneOpened('A', 1, { perSlot: 2, pace: 0.001 });
    scheduler.arrived('A', 5);
    expect(scheduler.slotOpened(0)).toEqual(['slot 0 runs A0', 'slot 0 runs A1']);
  });

  it('gets nothing more on a slot that is gone', () => {
    const scheduler = withRooms();
    scheduler.slotLost(0);
    expect(scheduler.arrived('A', 4)).toEqual(['slot 1 runs A2', 'slot 1 runs A3']);
  });

  it('is aborted on each when it is cancelled, and closes with the last that returns', () => {
    const scheduler = new Conversation(1);
    scheduler.laneOpened('A', 1, { perSlot: 2 });
    scheduler.arrived('A', 3);
    scheduler.slotOpened(0);
    expect(scheduler.laneCancelled('A')).toEqual(['abort slot 0', 'abort slot 0']);
    expect(scheduler.settled(0)).toEqual([]);
    expect(scheduler.settled(0)).toEqual(['close A']);
  });

  it('is not taken back for a slot that idles, since all of it runs', () => {
    const scheduler = new Conversation(2);
    scheduler.laneOpened('A', 2, { perSlot: 3 });
    scheduler.arrived('A', 3);
    scheduler.slotOpened(0);
    scheduler.slotFailed(1);
    expect(scheduler.pausePassed()).toEqual([]);
    scheduler.laneOpened('B', 2);
    scheduler.arrived('B', 1);
    expect(scheduler.slotOpened(2)).toEqual(['slot 2 runs B0']);
    expect(scheduler.settled(2)).toEqual([]);
  });

  it('replaces a slot that has had all elements that it may run, once the last has ended', () => {
    const scheduler = new Conversation(1, { elementsPerSlot: 2 });
    scheduler.laneOpened('A', 1, { perSlot: 3 });
    scheduler.arrived('A', 3);
    expect(scheduler.slotOpened(0)).toEqual(['slot 0 runs A0', 'slot 0 runs A1', 'open slot 1']);
    expect(scheduler.slotOpened(1)).toEqual([]);
    expect(scheduler.settled(0)).toEqual([]);
    expect(scheduler.settled(0)).toEqual(['close slot 0', 'slot 1 runs A2']);
  });
});

describe('another lane that waits', () => {
  it('has one slot run out for it, and takes it when it idles', () => {
    const scheduler = withRooms();
    scheduler.arrived('A', 9);
    scheduler.laneOpened('B', 2);
    expect(scheduler.arrived('B', 5)).toEqual([]);
    expect(scheduler.settled(0)).toEqual([]);
    expect(scheduler.settled(1)).toEqual(['slot 1 runs A6']);
    expect(scheduler.settled(0)).toEqual([]);
    expect(scheduler.settled(0)).toEqual(['slot 0 runs B0']);
  });

  it('has none run out that was not full since it last idled', () => {
    const scheduler = new Conversation(1);
    scheduler.laneOpened('A', 1, { perSlot: 3, pace: 5 });
    scheduler.laneOpened('B', 1);
    scheduler.arrived('B', 9);
    scheduler.slotOpened(0);
    scheduler.arrived('A', 9);
    // Its turn is over with the first, by what that is going to take.
    expect(scheduler.settled(0, 1)).toEqual(['slot 0 runs A0', 'slot 0 runs A1', 'slot 0 runs A2']);
    expect(scheduler.settled(0, 5)).toEqual([]);
  });

  it('has its turn by what each of those took of the time of their slot', () => {
    const scheduler = new Conversation(1);
    scheduler.laneOpened('A', 1, { perSlot: 2 });
    scheduler.laneOpened('B', 1, { batchSize: 1 });
    scheduler.arrived('A', 2);
    scheduler.slotOpened(0);
    scheduler.arrived('B', 9);
    scheduler.settled(0, 10);
    // Of the 10 that both took at once, 5 each: it is B's turn until B has had 10, too.
    expect(scheduler.settled(0, 10)).toEqual(['slot 0 runs B0']);
    scheduler.arrived('A', 9);
    expect(scheduler.settled(0, 9)).toEqual(['slot 0 runs B1']);
    expect(scheduler.settled(0, 2)).toEqual(['slot 0 runs A2', 'slot 0 runs A3']);
  });

  it('has none run out once it waits for none any more', () => {
    const scheduler = withRooms();
    scheduler.arrived('A', 9);
    scheduler.laneOpened('B', 2);
    scheduler.arrived('B', 5);
    scheduler.settled(0);
    expect(scheduler.laneCancelled('B')).toEqual(['close B', 'slot 0 runs A6']);
  });

  it('has none run out while a slot is on its way', () => {
    const scheduler = new Conversation(2);
    scheduler.laneOpened('A', 1, { perSlot: 2 });
    scheduler.arrived('A', 5);
    scheduler.slotOpened(0);
    scheduler.laneOpened('B', 2);
    expect(scheduler.arrived('B', 1)).toEqual(['open slot 1']);
    expect(scheduler.settled(0)).toEqual(['slot 0 runs A2']);
  });

  it('waits behind none of them, nor do they behind it', () => {
    const scheduler = new Conversation(1, { overhead: 1 });
    scheduler.laneOpened('A', 1, { perSlot: 2, pace: 1 });
    scheduler.laneOpened('B', 1, { pace: 1, batchSize: 1 });
    scheduler.arrived('A', 1);
    scheduler.slotOpened(0);
    expect(scheduler.arrived('B', 1)).toEqual([]);
    expect(scheduler.settled(0)).toEqual(['slot 0 runs B0']);
    expect(scheduler.arrived('A', 1)).toEqual([]);
    expect(scheduler.settled(0)).toEqual(['slot 0 runs A1']);
  });
});
