/** What the scheduler answers to each fact. What holds in every world is in properties.spec.ts. */
import type { Fact } from '../../lib/scheduler/facts.js';
import { Conversation } from '../support/conversation.js';

/** With a lane A of this limit, and as many slots, which have all run an element of it and are idle. */
function withIdleSlots(count: number): Conversation {
  const scheduler = new Conversation();
  scheduler.laneOpened('A', count);
  scheduler.arrived('A', count);
  for (let slot = 0; slot < count; slot++) scheduler.slotOpened(slot);
  for (let slot = 0; slot < count; slot++) scheduler.settled(slot);
  return scheduler;
}

describe('the scheduler', () => {
  describe('opens slots', () => {
    it('only when there are elements for them', () => {
      const scheduler = new Conversation();
      expect(scheduler.laneOpened('A', 2)).toEqual([]);
      expect(scheduler.arrived('A', 1)).toEqual(['open slot 0']);
      expect(scheduler.arrived('A', 1)).toEqual(['open slot 1']);
    });

    it("up to the lane's limit", () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 2);
      expect(scheduler.arrived('A', 9)).toEqual(['open slot 0', 'open slot 1']);
      scheduler.slotOpened(0);
      scheduler.slotOpened(1);
      expect(scheduler.arrived('A', 9)).toEqual([]);
    });

    it('up to the largest limit of all lanes, not to their sum', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 2);
      scheduler.laneOpened('B', 3);
      expect(scheduler.arrived('A', 9)).toEqual(['open slot 0', 'open slot 1']);
      expect(scheduler.arrived('B', 9)).toEqual(['open slot 2']);
    });

    it('up to the largest limit of the lanes that are still open', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      scheduler.laneOpened('B', 3);
      scheduler.laneCancelled('B');
      scheduler.laneOpened('C', 2);
      expect(scheduler.arrived('C', 9)).toEqual(['open slot 0', 'open slot 1']);
    });

    it('not past the size', () => {
      const scheduler = new Conversation(2);
      scheduler.laneOpened('A', 9);
      expect(scheduler.arrived('A', 9)).toEqual(['open slot 0', 'open slot 1']);
    });

    it('not when enough are on their way', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 4);
      scheduler.arrived('A', 2);
      scheduler.laneOpened('B', 4);
      scheduler.laneCancelled('A');
      expect(scheduler.arrived('B', 2)).toEqual([]);
    });

    it('not when one is idle', () => {
      const scheduler = withIdleSlots(1);
      scheduler.laneOpened('B', 2);
      expect(scheduler.arrived('B', 1)).toEqual(['slot 0 runs B0']);
      expect(scheduler.arrived('B', 1)).toEqual(['open slot 1']);
    });
  });

  describe('hands out elements', () => {
    it('one by one, as slots open and return', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 2);
      scheduler.arrived('A', 4);
      expect(scheduler.slotOpened(0)).toEqual(['slot 0 runs A0']);
      expect(scheduler.slotOpened(1)).toEqual(['slot 1 runs A1']);
      expect(scheduler.settled(1)).toEqual(['slot 1 runs A2']);
      expect(scheduler.settled(0)).toEqual(['slot 0 runs A3']);
      expect(scheduler.settled(0)).toEqual([]);
    });

    it('to an idle slot at once', () => {
      const scheduler = withIdleSlots(1);
      expect(scheduler.arrived('A', 1)).toEqual(['slot 0 runs A1']);
    });

    it('to the slot that was used last, so that the others may idle', () => {
      const scheduler = withIdleSlots(3);
      expect(scheduler.arrived('A', 1)).toEqual(['slot 2 runs A3']);
      scheduler.settled(2);
      expect(scheduler.arrived('A', 2)).toEqual(['slot 2 runs A4', 'slot 1 runs A5']);
      scheduler.settled(2);
      scheduler.settled(1);
      expect(scheduler.arrived('A', 3)).toEqual([
        'slot 1 runs A6',
        'slot 2 runs A7',
        'slot 0 runs A8',
      ]);
    });

    it("to no more slots than the lane's limit, though others are idle", () => {
      const scheduler = withIdleSlots(3);
      scheduler.laneOpened('B', 2);
      expect(scheduler.arrived('B', 3)).toEqual(['slot 2 runs B0', 'slot 1 runs B1']);
      expect(scheduler.settled(2)).toEqual(['slot 2 runs B2']);
    });

    it('of the lanes in turn', () => {
      const scheduler = new Conversation(1);
      scheduler.laneOpened('A', 1);
      scheduler.laneOpened('B', 1);
      scheduler.arrived('A', 3);
      scheduler.arrived('B', 3);
      expect(scheduler.slotOpened(0)).toEqual(['slot 0 runs A0']);
      expect(scheduler.settled(0)).toEqual(['slot 0 runs B0']);
      expect(scheduler.settled(0)).toEqual(['slot 0 runs A1']);
      expect(scheduler.settled(0)).toEqual(['slot 0 runs B1']);
    });

    it('of a lane that comes later next, and then in turn: it is not owed the time before', () => {
      const scheduler = new Conversation(1);
      scheduler.laneOpened('A', 2);
      scheduler.arrived('A', 9);
      scheduler.slotOpened(0);
      scheduler.laneOpened('B', 1);
      scheduler.arrived('B', 3);
      expect(scheduler.settled(0)).toEqual(['slot 0 runs B0']);
      expect(scheduler.settled(0)).toEqual(['slot 0 runs A1']);
      expect(scheduler.settled(0)).toEqual(['slot 0 runs B1']);
      expect(scheduler.settled(0)).toEqual(['slot 0 runs A2']);
    });

    it('again after they were given back, before any that are new', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 2);
      scheduler.arrived('A', 3);
      scheduler.slotOpened(0);
      scheduler.slotOpened(1);
      expect(scheduler.gaveBack(1)).toEqual(['slot 1 runs A1']);
      expect(scheduler.settled(1)).toEqual(['slot 1 runs A2']);
      scheduler.laneEnded('A');
      scheduler.settled(0);
      expect(scheduler.settled(1)).toEqual(['close A']);
    });
  });

  describe('when a slot is lost', () => {
    it('opens another for what waits', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      scheduler.arrived('A', 2);
      scheduler.slotOpened(0);
      // The lane is still served by the lost slot, until its batch returns.
      expect(scheduler.slotLost(0)).toEqual([]);
      expect(scheduler.settled(0)).toEqual(['open slot 1']);
      expect(scheduler.slotOpened(1)).toEqual(['slot 1 runs A1']);
    });

    it('hands what it had not started to a slot that is free', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 2);
      scheduler.arrived('A', 2);
      scheduler.slotOpened(0);
      scheduler.slotOpened(1);
      scheduler.settled(0);
      scheduler.slotLost(1);
      expect(scheduler.gaveBack(1)).toEqual(['slot 0 runs A1']);
    });

    it('uses it no more, neither when it was idle nor when its batch returns', () => {
      const scheduler = withIdleSlots(2);
      scheduler.slotLost(1);
      expect(scheduler.arrived('A', 1)).toEqual(['slot 0 runs A2']);
      scheduler.slotLost(0);
      scheduler.settled(0);
      expect(scheduler.arrived('A', 1)).toEqual(['open slot 2']);
    });

    it('opens none while nothing waits', () => {
      const scheduler = withIdleSlots(1);
      expect(scheduler.slotLost(0)).toEqual([]);
    });
  });

  describe('when elements are to run once more', () => {
    const third = { start: 2, end: 3 };

    it('keeps their lane until they have ended for good', () => {
      const scheduler = withIdleSlots(1);
      scheduler.arrived('A', 2);
      scheduler.laneEnded('A');
      scheduler.settled(0);
      scheduler.delayed(0, third);
      expect(scheduler.settled(0)).toEqual([]);
      expect(scheduler.due('A', third)).toEqual(['slot 0 runs A2']);
      expect(scheduler.settled(0)).toEqual(['close A']);
    });

    it('runs them before those that came later', () => {
      const scheduler = withIdleSlots(1);
      scheduler.arrived('A', 4);
      scheduler.delayed(0, { start: 1, end: 2 });
      expect(scheduler.settled(0)).toEqual(['slot 0 runs A2']);
      expect(scheduler.due('A', { start: 1, end: 2 })).toEqual([]);
      expect(scheduler.settled(0)).toEqual(['slot 0 runs A1']);
      expect(scheduler.settled(0)).toEqual(['slot 0 runs A3']);
    });

    it('opens a slot for them, if there is none by then', () => {
      const scheduler = withIdleSlots(1);
      scheduler.arrived('A', 1);
      scheduler.delayed(0, { start: 1, end: 2 });
      scheduler.settled(0);
      scheduler.slotLost(0);
      expect(scheduler.due('A', { start: 1, end: 2 })).toEqual(['open slot 1']);
    });

    it('forgets them when their lane is cancelled', () => {
      const scheduler = withIdleSlots(1);
      scheduler.arrived('A', 2);
      scheduler.delayed(0, { start: 1, end: 2 });
      scheduler.settled(0);
      expect(scheduler.laneCancelled('A')).toEqual(['abort slot 0']);
      expect(scheduler.due('A', { start: 1, end: 2 })).toEqual([]);
      expect(scheduler.settled(0)).toEqual(['close A']);
    });

    it('runs the dearest of them first, where elements have costs', () => {
      const scheduler = new Conversation(1);
      scheduler.laneOpened('A', 1, { byCost: true, batchSize: 3 });
      scheduler.arrived('A', 3, [1, 3, 2]);
      expect(scheduler.slotOpened(0)).toEqual(['slot 0 runs A1,2,0']);
      scheduler.delayed(0, { start: 0, end: 2 });
      scheduler.settled(0);
      expect(scheduler.due('A', { start: 0, end: 1 }, { start: 1, end: 2 })).toEqual([
        'slot 0 runs A1,0',
      ]);
    });
  });

  describe('when slots come to nothing', () => {
    const failAndTryAgain = (scheduler: Conversation, slot: number): string[] => {
      scheduler.slotFailed(slot);
      return scheduler.pausePassed();
    };

    it('tries again after 100 and 200 milliseconds, then fails what waits', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      expect(scheduler.arrived('A', 2)).toEqual(['open slot 0']);
      expect(scheduler.slotFailed(0)).toEqual(['open none for 100']);
      expect(scheduler.pausePassed()).toEqual(['open slot 1']);
      expect(scheduler.slotFailed(1)).toEqual(['open none for 200']);
      expect(scheduler.pausePassed()).toEqual(['open slot 2']);
      expect(scheduler.slotFailed(2)).toEqual(['fail A', 'close A']);
    });

    it('fails every lane in which something waits, and no other', () => {
      const scheduler = new Conversation(1);
      scheduler.laneOpened('A', 1);
      scheduler.laneOpened('B', 1);
      scheduler.laneOpened('C', 1);
      scheduler.arrived('A', 1);
      scheduler.arrived('C', 1);
      failAndTryAgain(scheduler, 0);
      failAndTryAgain(scheduler, 1);
      expect(scheduler.slotFailed(2)).toEqual(['fail A', 'close A', 'fail C', 'close C']);
      expect(scheduler.laneEnded('B')).toEqual(['close B']);
    });

    it('gives up an element with which three slots were lost before it started, and nothing else', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      scheduler.arrived('A', 2);
      for (const slot of [0, 1, 2]) {
        scheduler.slotOpened(slot);
        scheduler.slotLost(slot);
        const answer = slot < 2 ? [`open slot ${slot + 1}`] : ['fail A0', 'open slot 3'];
        expect(scheduler.gaveBack(slot)).toEqual(answer);
      }
      expect(scheduler.slotOpened(3)).toEqual(['slot 3 runs A1']);
    });

    it('goes on when slots are lost with an element that ended', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      scheduler.arrived('A', 9);
      for (const slot of [0, 1, 2, 3]) {
        scheduler.slotOpened(slot);
        scheduler.slotLost(slot);
        expect(scheduler.settled(slot)).toEqual([`open slot ${slot + 1}`]);
      }
    });

    it('counts anew after an element has ended', () => {
      const scheduler = new Conversation(1);
      scheduler.laneOpened('A', 1);
      scheduler.arrived('A', 3);
      failAndTryAgain(scheduler, 0);
      failAndTryAgain(scheduler, 1);
      scheduler.slotOpened(2);
      expect(scheduler.settled(2)).toEqual(['slot 2 runs A1']);
      scheduler.slotLost(2);
      expect(scheduler.gaveBack(2)).toEqual(['open slot 3']);
      expect(failAndTryAgain(scheduler, 3)).toEqual(['open slot 4']);
      expect(failAndTryAgain(scheduler, 4)).toEqual(['open slot 5']);
      expect(scheduler.slotFailed(5)).toEqual(['fail A', 'close A']);
    });

    it('does not count slots that served, however many are lost while they idle', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 3);
      scheduler.arrived('A', 3);
      for (const slot of [0, 1, 2]) scheduler.slotOpened(slot);
      for (const slot of [0, 1, 2]) scheduler.settled(slot);
      for (const slot of [0, 1, 2]) scheduler.slotLost(slot);
      expect(scheduler.arrived('A', 1)).toEqual(['open slot 3']);
    });

    it('counts on when another lane opens', () => {
      const scheduler = new Conversation(1);
      scheduler.laneOpened('A', 1);
      scheduler.arrived('A', 1);
      failAndTryAgain(scheduler, 0);
      failAndTryAgain(scheduler, 1);
      scheduler.laneOpened('B', 1);
      expect(scheduler.slotFailed(2)).toEqual(['fail A', 'close A']);
    });

    it('goes on with the slots it has', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 4);
      scheduler.arrived('A', 5);
      scheduler.slotOpened(0);
      scheduler.slotFailed(1);
      scheduler.slotFailed(2);
      expect(scheduler.slotFailed(3)).toEqual([]);
      expect(scheduler.settled(0)).toEqual([
        'slot 0 runs A1',
        'open slot 4',
        'open slot 5',
        'open slot 6',
      ]);
    });

    it('waits for those that are still opening', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 4);
      scheduler.arrived('A', 4);
      scheduler.slotFailed(0);
      scheduler.slotFailed(1);
      expect(scheduler.slotFailed(2)).toEqual([]);
      expect(scheduler.slotOpened(3)).toEqual(['slot 3 runs A0']);
    });

    it('tries again for a lane that opens later', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      scheduler.arrived('A', 1);
      for (const slot of [0, 1]) failAndTryAgain(scheduler, slot);
      scheduler.slotFailed(2);
      scheduler.laneOpened('B', 1);
      expect(scheduler.arrived('B', 1)).toEqual(['open slot 3']);
      expect(failAndTryAgain(scheduler, 3)).toEqual(['open slot 4']);
      expect(failAndTryAgain(scheduler, 4)).toEqual(['open slot 5']);
      expect(scheduler.slotFailed(5)).toEqual(['fail B', 'close B']);
    });

    it('tries again for a lane that was open all along but had nothing waiting', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      scheduler.laneOpened('B', 1);
      scheduler.arrived('A', 1);
      for (const slot of [0, 1]) failAndTryAgain(scheduler, slot);
      scheduler.slotFailed(2);
      expect(scheduler.arrived('B', 1)).toEqual(['open slot 3']);
    });

    it('holds nothing that befell earlier lanes against a new one', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      scheduler.arrived('A', 1);
      failAndTryAgain(scheduler, 0);
      failAndTryAgain(scheduler, 1);
      expect(scheduler.laneCancelled('A')).toEqual(['close A']);
      scheduler.laneOpened('B', 1);
      scheduler.slotFailed(2);
      expect(scheduler.arrived('B', 1)).toEqual([]);
      expect(scheduler.pausePassed()).toEqual(['open slot 3']);
      expect(failAndTryAgain(scheduler, 3)).toEqual(['open slot 4']);
      expect(scheduler.slotFailed(4)).toEqual(['fail B', 'close B']);
    });

    it('fails what waits at once where another try would only fail again', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      scheduler.arrived('A', 2);
      expect(scheduler.tell({ type: 'slotFailed', slot: 0, isLasting: true })).toEqual([
        'fail A',
        'close A',
      ]);
    });

    it('opens slots at once for what comes after it has given up', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      scheduler.arrived('A', 1);
      scheduler.tell({ type: 'slotFailed', slot: 0, isLasting: true });
      scheduler.laneOpened('B', 1);
      expect(scheduler.arrived('B', 1)).toEqual(['open slot 1']);
    });
  });

  describe('when a lane is cancelled', () => {
    it('closes it at once if nothing of it runs', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      scheduler.arrived('A', 3);
      expect(scheduler.laneCancelled('A')).toEqual(['close A']);
      expect(scheduler.slotOpened(0)).toEqual([]);
    });

    it('stops what runs, starts nothing more, and closes it when the last batch has returned', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 2);
      scheduler.arrived('A', 9);
      scheduler.slotOpened(0);
      scheduler.slotOpened(1);
      expect(scheduler.laneCancelled('A')).toEqual(['abort slot 0', 'abort slot 1']);
      expect(scheduler.settled(1)).toEqual([]);
      expect(scheduler.gaveBack(0)).toEqual(['close A']);
    });

    it('ignores what is still told of its input', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      scheduler.arrived('A', 1);
      scheduler.slotOpened(0);
      scheduler.laneCancelled('A');
      expect(scheduler.arrived('A', 1)).toEqual([]);
      expect(scheduler.laneEnded('A')).toEqual([]);
      expect(scheduler.gaveBack(0)).toEqual(['close A']);
    });

    it('keeps a slot busy until its batch returns, then gives it to another lane', () => {
      const scheduler = new Conversation(1);
      scheduler.laneOpened('A', 1);
      scheduler.laneOpened('B', 1);
      scheduler.arrived('A', 1);
      scheduler.slotOpened(0);
      scheduler.arrived('B', 1);
      expect(scheduler.laneCancelled('A')).toEqual(['abort slot 0']);
      expect(scheduler.settled(0)).toEqual(['close A', 'slot 0 runs B0']);
    });

    it('closes a slot whose batch does not return, and opens another for what waits', () => {
      const scheduler = new Conversation(1);
      scheduler.laneOpened('A', 1);
      scheduler.laneOpened('B', 1);
      scheduler.arrived('A', 1);
      scheduler.slotOpened(0);
      scheduler.arrived('B', 1);
      scheduler.laneCancelled('A');
      expect(scheduler.graceExpired(0)).toEqual(['close slot 0', 'open slot 1']);
      expect(scheduler.settled(0)).toEqual(['close A']);
      expect(scheduler.slotOpened(1)).toEqual(['slot 1 runs B0']);
    });

    it('need not close a slot that was lost meanwhile', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      scheduler.arrived('A', 1);
      scheduler.slotOpened(0);
      scheduler.laneCancelled('A');
      scheduler.slotLost(0);
      expect(scheduler.graceExpired(0)).toEqual([]);
      expect(scheduler.gaveBack(0)).toEqual(['close A']);
    });

    it('does not hold a slot that it closed against the lanes that wait', () => {
      const scheduler = new Conversation(1);
      scheduler.laneOpened('A', 1);
      scheduler.laneOpened('B', 1);
      scheduler.arrived('A', 1);
      scheduler.slotFailed(0);
      scheduler.pausePassed();
      scheduler.slotFailed(1);
      scheduler.pausePassed();
      scheduler.slotOpened(2);
      scheduler.arrived('B', 1);
      scheduler.laneCancelled('A');
      expect(scheduler.graceExpired(2)).toEqual(['close slot 2', 'open slot 3']);
    });

    it('leaves the other lanes alone', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      scheduler.laneOpened('B', 2);
      scheduler.arrived('A', 1);
      scheduler.arrived('B', 2);
      scheduler.slotOpened(0);
      scheduler.slotOpened(1);
      expect(scheduler.laneCancelled('A')).toEqual(['abort slot 0']);
      expect(scheduler.settled(1)).toEqual(['slot 1 runs B1']);
    });
  });

  describe('closes a lane', () => {
    it('that never had an element when its input ends', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      expect(scheduler.laneEnded('A')).toEqual(['close A']);
    });

    it('when its last element ends after its input', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      scheduler.arrived('A', 2);
      scheduler.slotOpened(0);
      expect(scheduler.laneEnded('A')).toEqual([]);
      expect(scheduler.settled(0)).toEqual(['slot 0 runs A1']);
      expect(scheduler.settled(0)).toEqual(['close A']);
    });

    it('when its input ends after its last element', () => {
      const scheduler = withIdleSlots(1);
      expect(scheduler.laneEnded('A')).toEqual(['close A']);
    });

    it('not while an element waits to run again', () => {
      const scheduler = new Conversation();
      scheduler.laneOpened('A', 1);
      scheduler.arrived('A', 1);
      scheduler.laneEnded('A');
      scheduler.slotOpened(0);
      scheduler.slotLost(0);
      expect(scheduler.gaveBack(0)).toEqual(['open slot 1']);
      scheduler.slotOpened(1);
      expect(scheduler.settled(1)).toEqual(['close A']);
    });
  });

  describe('when an idle period has passed', () => {
    it('closes the slots that were idle for all of it', () => {
      const scheduler = withIdleSlots(3);
      expect(scheduler.idlePeriodPassed()).toEqual([]);
      scheduler.arrived('A', 1);
      scheduler.settled(2);
      expect(scheduler.idlePeriodPassed()).toEqual(['close slot 0', 'close slot 1']);
      expect(scheduler.idlePeriodPassed()).toEqual(['close slot 2']);
      expect(scheduler.idlePeriodPassed()).toEqual([]);
    });

    it('leaves a slot alone that is busy or opening', () => {
      const scheduler = withIdleSlots(1);
      scheduler.laneOpened('B', 2);
      scheduler.arrived('B', 2);
      expect(scheduler.idlePeriodPassed()).toEqual([]);
      expect(scheduler.idlePeriodPassed()).toEqual([]);
      expect(scheduler.slotOpened(1)).toEqual(['slot 1 runs B1']);
    });

    it('opens new slots for what comes later', () => {
      const scheduler = withIdleSlots(1);
      scheduler.idlePeriodPassed();
      scheduler.idlePeriodPassed();
      expect(scheduler.arrived('A', 1)).toEqual(['open slot 1']);
    });
  });

  it.each<Fact>([
    { type: 'elementsArrived', lane: 7, count: 1 },
    { type: 'laneEnded', lane: 7 },
    { type: 'laneCancelled', lane: 7 },
    { type: 'slotOpened', slot: 7 },
    { type: 'slotFailed', slot: 7 },
    { type: 'slotLost', slot: 7 },
    { type: 'batchReturned', batch: 7, settled: 1, unstarted: [], busy: 1 },
    { type: 'batchReclaimed', batch: 7, unstarted: [] },
    { type: 'graceExpired', batch: 7 },
  ])('throws at $type of something unknown, and names it', (fact) => {
    const scheduler = withIdleSlots(1);
    expect(() => scheduler.tell(fact)).toThrow(`Unknown to the scheduler: ${JSON.stringify(fact)}`);
    expect(scheduler.arrived('A', 1)).toEqual(['slot 0 runs A1']);
  });

  it('knows nothing any more of a lane it closed, a slot it closed or lost, a batch that returned', () => {
    const scheduler = withIdleSlots(2);
    scheduler.laneEnded('A');
    scheduler.slotLost(0);
    scheduler.idlePeriodPassed();
    expect(scheduler.idlePeriodPassed()).toEqual(['close slot 1']);
    expect(() => scheduler.arrived('A', 1)).toThrow('Unknown');
    expect(() => scheduler.slotLost(0)).toThrow('Unknown');
    expect(() => scheduler.slotLost(1)).toThrow('Unknown');
    expect(() => scheduler.settled(1)).toThrow('Unknown');
  });
});
