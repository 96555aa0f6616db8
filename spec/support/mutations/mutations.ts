/** Bugs that are seeded on purpose, one at a time, to see which specs notice. */

export interface Mutation {
  /** The bug, in a few words. */
  readonly bug: string;
  /** Below `lib/`. */
  readonly file: string;
  /** Occurs once in the file; ... */
  readonly from: string;
  /** ... and is replaced by this. */
  readonly to: string;
  /** Why it may survive, where it may. */
  readonly survivesBecause?: string;
}

const inFile =
  (file: string) =>
  (bug: string, from: string, to: string, survivesBecause?: string): Mutation => ({
    bug,
    file,
    from,
    to,
    ...(survivesBecause !== undefined && { survivesBecause }),
  });

const scheduler = inFile('scheduler/Scheduler.ts');
const slots = inFile('scheduler/Slots.ts');
const rooms = inFile('scheduler/Rooms.ts');
const roomsByFill = inFile('scheduler/RoomsByFill.ts');
const futile = inFile('scheduler/FutileSlots.ts');
const batches = inFile('scheduler/Batches.ts');
const claims = inFile('scheduler/Claims.ts');
const losses = inFile('scheduler/Losses.ts');
const movables = inFile('scheduler/Movables.ts');
const keys = inFile('pool/Keys.ts');
const arrivals = inFile('pool/Arrivals.ts');
const inputOrder = inFile('scheduler/InInputOrder.ts');
const byCost = inFile('scheduler/DearestFirst.ts');
const byKey = inFile('scheduler/InOrderOfKeys.ts');
const keyQueue = inFile('scheduler/KeyQueue.ts');
const locks = inFile('scheduler/Locks.ts');
const window = inFile('scheduler/WithinWindow.ts');
const inOrder = inFile('pool/InOrder.ts');
const dispatcher = inFile('pool/Dispatcher.ts');
const opening = inFile('pool/openingOf.ts');
const account = inFile('pool/telemetry/CallAccount.ts');
const batchAccount = inFile('pool/telemetry/BatchAccount.ts');
const workerTimes = inFile('pool/telemetry/WorkerTimes.ts');
const events = inFile('pool/telemetry/EventFeed.ts');
const recording = inFile('pool/telemetry/TraceRecording.ts');
const recordings = inFile('pool/telemetry/Recordings.ts');
const tries = inFile('pool/telemetry/TriesOfBatch.ts');
const inbox = inFile('pool/Inbox.ts');
const openSlots = inFile('pool/OpenSlots.ts');
const inFlight = inFile('pool/BatchesInFlight.ts');
const lane = inFile('pool/Lane.ts');
const settledElement = inFile('pool/SettledElement.ts');
const retries = inFile('pool/Retries.ts');
const watch = inFile('executors/TimeoutWatch.ts');
const progress = inFile('pool/BatchProgress.ts');
const store = inFile('pool/ElementStore.ts');
const ranges = inFile('task/ranges.ts');

export const MUTATIONS: readonly Mutation[] = [
  // Slots
  slots(
    'a slot is not released when its batch returns',
    'else this.#idle.push(slot);\n    return false;',
    'return false;',
  ),
  slots(
    'a lost slot stays idle',
    'else if (slot.batches.length === 0) this.#idle.splice(this.#idle.indexOf(slot), 1);',
    '',
  ),
  slots('an opened slot counts as opening', 'this.#opening--;\n    slot.phase', 'slot.phase'),
  slots(
    'a slot that did not open counts as opening',
    "if (slot.phase === 'opening') this.#opening--;\n    else if",
    "if (slot.phase === 'opening') void 0;\n    else if",
  ),
  slots('one slot too many', 'this.#slots.size < most', 'this.#slots.size <= most'),
  batches(
    'three batches on a slot',
    'for (const slot of this.#roomy) this.#fillAhead(slot);',
    'for (const slot of this.#roomy) {\n      this.#fillAhead(slot);\n      const { next } = this.#claims;\n      if (next) this.#startBatch(slot, next);\n    }',
  ),
  slots(
    'an aborted slot is forgotten, but not closed',
    "if (this.#slots.delete(slot.id)) this.#command({ type: 'closeSlot', slot: slot.id, why });",
    'this.#slots.delete(slot.id);',
  ),
  slots('a slot that is used counts as unused', '    slot.used = true;\n', ''),
  slots(
    'an idle slot counts as used for ever',
    'for (const slot of this.#idle) slot.used = false;',
    '',
  ),
  slots(
    'a closed slot stays idle',
    'this.#idle.splice(this.#idle.indexOf(slot), 1);\n      this.#slots',
    'this.#slots',
  ),
  slots(
    'a slot runs more than its elements',
    'if (slot.handed === this.#elementsPerSlot) this.#spent.add(slot);',
    '',
  ),
  slots(
    'successors of slots are used at once',
    'return idle > 0 && this.#slots.size - this.#opening - idle < this.#size;',
    'return idle > 0;',
  ),
  futile('a pause has no end', 'this.#pauseIsOn = false;\n  }', '}'),
  // Tries
  losses('an element is tried once more', 'return losses >= TRIES;', 'return losses > TRIES;'),
  futile(
    'slots are tried once more',
    'return this.#count >= TRIES;',
    'return this.#count > TRIES;',
  ),
  futile('slots are tried for ever', 'this.#count += isLasting ? TRIES : 1;', ''),
  scheduler(
    'slots in vain are counted across successes',
    'this.#slots.futile.forget();\n      this.#movables',
    'this.#movables',
  ),
  scheduler(
    'a new call is not tried where others found no slot',
    'if (this.#lanes.size === 0) this.#slots.futile.forget();',
    '',
  ),
  scheduler('a slot that has served counts as in vain', 'slot.hasServed = true;', ''),
  // Elements
  scheduler(
    'what a lost slot had not started is dropped',
    'isSuspect ? this.#withoutDoomed(lane, unstarted) : unstarted',
    "slot.phase === 'lost' ? [] : unstarted",
  ),
  scheduler(
    'the neighbours of an element that is given up are dropped',
    'index + 1 < end ? [{ start: index + 1, end }, ...others] : others',
    'others',
  ),
  scheduler(
    'an element that is given up runs again',
    '? [{ start: index + 1, end }, ...others]',
    '? [{ start: index, end }, ...others]',
  ),
  inputOrder(
    'what is given back is not counted',
    'this.#size += range.end - range.start;\n    }\n    this.#givenBack',
    '}\n    this.#givenBack',
  ),
  inputOrder(
    'the rest of a range that is given back is lost',
    'if (cut < end) this.#givenBack.push(rest);',
    '',
  ),
  byCost(
    'by cost, what is given back is lost',
    'this.#waiting.push({ index, cost: costs.get(index)! });',
    'void costs.get(index);',
  ),
  ranges(
    'a slice is off by one',
    'const last = Math.min(end, start + to - before);',
    'const last = Math.min(end, start + to - before + 1);',
  ),
  progress(
    'one element fewer is taken back',
    'sliceOf(this.#ranges, position, this.#count)',
    'sliceOf(this.#ranges, position + 1, this.#count)',
  ),
  progress(
    'what was taken back is given back again',
    'this.#count = Math.min(this.#count, position);',
    '',
  ),
  progress('after a gap, what has ended runs again', 'from = ended + 1;', 'from = ended;'),
  progress(
    'a gap before what has ended is taken for ended',
    'if (from === this.#endedInOrder) this.#endedInOrder',
    'if (from >= 0) this.#endedInOrder',
  ),
  // Lanes
  claims('one slot over the limit', 'lane.limit - lane.slots', 'lane.limit + 1 - lane.slots'),
  batches('a slot counts for its lane for ever', 'if (!holds(slot, lane)) lane.slots--;', ''),
  scheduler(
    'a cancelled lane keeps its place',
    "lane.phase = 'cancelled';\n    lane.waiting.clear();",
    "lane.phase = 'cancelled';",
  ),
  scheduler(
    'what runs of a cancelled lane is not aborted',
    "this.#commands.push({ type: 'abortBatch', batch: id, slot: slot.id });",
    'void [id, slot];',
  ),
  scheduler('what a cancelled lane gets back waits again', "if (phase !== 'cancelled') {", '{'),
  scheduler(
    'a lane that failed is not cancelled',
    'this.#cancelLane(lane);\n    }\n    this.#slots',
    '}\n    this.#slots',
  ),
  scheduler('a closed lane counts among the limits', 'this.#limits.remove(lane.limit);', ''),
  scheduler(
    'a lane does not close with its last batch',
    "this.#takeUnstarted(batch, again, 'is over');\n    this.#closeLaneIfDone(lane);",
    "this.#takeUnstarted(batch, again, 'is over');",
  ),
  batches('a batch that has returned is kept', 'this.#batches.delete(id);', ''),
  // Taking back
  scheduler(
    'nothing is taken back for an idle slot',
    'if (this.#slots.mayUseIdle) return this.#movables.takeBackOne();',
    'if (this.#slots.mayUseIdle) return;',
  ),
  batches(
    'what is moved to its slot is taken back',
    '!lane.pinned && lane.perSlot',
    'lane.perSlot',
  ),
  batches(
    'a batch that has returned is taken back',
    'this.#movables.forget(batch);\n    lane.inFlight',
    'lane.inFlight',
  ),
  movables(
    'short batches are never looked at again',
    "this.#command({ type: 'wakeMe', after: STUCK_AFTER * 2 ** doublings });",
    '',
  ),
  movables('elements go to and fro for ever', 'this.#wokenInVain++;', ''),
  movables(
    'a batch is taken back again and again',
    '#takeBack(batch: Batch): void {\n    this.#remove(batch);',
    '#takeBack(batch: Batch): void {',
  ),
  dispatcher(
    'a reclaim is skipped, and nothing told',
    'return void this.#reclaimed.push(this.#batches.reclaim(command.batch, command.slot));',
    'return void this.#batches.reclaim(command.batch, command.slot);',
  ),
  dispatcher(
    'a reclaim is told late, behind the results',
    'return void this.#reclaimed.push(this.#batches.reclaim(command.batch, command.slot));',
    'return this.#inbox.add({ fact: this.#batches.reclaim(command.batch, command.slot) });',
  ),
  // Order and buffers
  window(
    'the window ends one element too late',
    'first.start < this.#end;)',
    'first.start <= this.#end;)',
  ),
  window(
    'what the window lets in late is lost',
    'this.#letIn(start, cut);',
    'this.#letIn(cut, cut);',
  ),
  window(
    'a lane closes with elements beyond its window',
    'return this.#inner.delayed + this.#heldCount;',
    'return this.#inner.delayed;',
  ),
  window(
    'elements beyond a window do not count as too many',
    'this.#inner.backlog + this.#heldCount',
    'this.#inner.backlog',
  ),
  scheduler('a window that moves lets nobody run', 'lane.waiting.moveTo?.(end);', ''),
  scheduler(
    'one element too many is dropped',
    'waiting.backlog - buffer.size, which',
    'waiting.backlog - buffer.size + 1, which',
  ),
  inOrder(
    'results do not wait for those before them',
    'if (index !== this.#next) return;',
    'if (index !== this.#next) return this.#giveOut(ended, index);',
  ),
  inOrder('what waited is not given out', 'this.#held.delete(this.#next);', 'break;'),
  inOrder('results are given out after the end', 'this.#held.clear();', ''),
  lane('the window does not move', 'this.#moveWindow(next);', ''),
  lane('what is dropped is not told of', 'this.#observer?.dropped?.(start, end - start);', ''),
  // The pool
  inbox(
    'results are delivered twice',
    'next.deliver?.();',
    'next.deliver?.();\n        next.deliver?.();',
  ),
  inbox(
    'results are delivered before the refill',
    'if (next.fact) this.#react(next.fact);\n        next.deliver?.();',
    'next.deliver?.();\n        if (next.fact) this.#react(next.fact);',
  ),
  inFlight(
    'a failure is delivered after the refill',
    'if (lane.survives(ended)) {',
    'if (lane.survives(ended) || !lane.settled) {',
  ),
  inFlight('the grace is not timed', 'inFlight.grace = setTimeout', 'void'),
  inFlight('the grace goes on after the return', '        clearTimeout(inFlight.grace);\n', ''),
  inFlight('an abort does not reach the slot', 'this.#executor.abort(slot, batch);', ''),
  inFlight(
    'what is about to be cancelled starts',
    'if (!lane.isOpen || !this.#slots.canRun(slot))',
    'if (!this.#slots.canRun(slot))',
  ),
  dispatcher(
    'facts of lanes that are over are told',
    "if ('lane' in fact) return !this.#lanes.has(fact.lane);",
    '',
  ),
  dispatcher(
    'facts of slots that are over are told',
    "if ('slot' in fact) return !this.#slots.has(fact.slot);",
    '',
    'only a timer has a slot closed, and none goes off while facts wait',
  ),
  inbox('re-entrant facts are dealt with at once', 'if (this.#isDraining) return;', ''),
  openSlots('close() does not wait for its slots', 'this.#closing.add(closing);', ''),
  dispatcher(
    'close() of an idle pool does not end',
    "if (this.#phase === 'open') this.#phase = 'draining';\n    this.#shutDownIfDrained();",
    "if (this.#phase === 'open') this.#phase = 'draining';",
  ),
  openSlots(
    'destroy() leaves its slots',
    'for (const slot of this.#slots.keys()) this.close(slot);',
    '',
  ),
  inFlight(
    'destroy() leaves the timers of graces',
    'for (const { grace } of this.#inFlight) clearTimeout(grace);',
    '',
    'slots that are closed return their batches, and with each its timer goes',
  ),
  dispatcher(
    'the watch over idle slots goes on',
    'if (this.#slots.count === 0) this.#idleWatch.stop();',
    '',
  ),
  dispatcher(
    'a destroyed pool goes on with its commands',
    "if (this.#phase === 'closed') return;\n      if (command",
    'if (command',
  ),
  dispatcher('a destroyed pool holds its lanes', '    this.#lanes.clear();\n', ''),
  dispatcher('a shared value is not forgotten', 'if (lane?.shared) this.#executor.forget(id);', ''),
  inFlight(
    'a batch that has returned is kept by the pool',
    '        this.#inFlight.delete(batch);\n',
    '',
  ),
  lane('a lane has several ends', 'this.#observer = undefined;\n    this.account', 'this.account'),
  lane('a lane holds its elements after its end', 'this.#elements.clear();', ''),
  lane('a lane holds elements that have ended', 'this.#elements.drop(ended);', ''),
  lane('a signal holds the lanes that follow it', 'this.#unfollow?.();', ''),
  lane(
    'the last elements are not told of',
    'end(): void {\n    this.#arrivals.tellOfAll();',
    'end(): void {',
  ),
  lane(
    'results get the place of their range',
    'this.#observer?.next(results, nth, to, range.start);',
    'this.#observer?.next(results, nth, to, ended[0]!.start);',
  ),
  settledElement(
    'failures get the reason of their neighbour',
    'const reason = reasons.get(from + nth);',
    'const reason = reasons.get(from + nth + 1);',
  ),
  store(
    'elements are of the next place',
    'pack(this.#chunks.get((index - first) / CHUNK)!.values, first, to)',
    'pack(this.#chunks.get((index - first) / CHUNK)!.values, first + 1, to + 1)',
  ),
  // Tries and time-outs
  retries(
    'attempts are off by one',
    'return 1 + (this.#pasts.get(index)?.failures ?? 0);',
    'return this.#pasts.get(index)?.failures ?? 1;',
  ),
  retries(
    'an element that fails is tried once too often',
    'attempt > count',
    'attempt > count + 1',
  ),
  retries('a delayed element is forgotten', 'this.#resume(ranges);\n    }, after);', '}, after);'),
  retries(
    'a delay is not waited for',
    'if (after === 0) this.#resume',
    'if (after >= 0) this.#resume',
  ),
  retries(
    'what is tried again is delivered as well',
    'return without({ ...some, failures: final }, cut);',
    'return some;',
  ),
  retries(
    'beside what is tried again, outcomes are of the next place',
    'from: start,\n',
    'from: start + 1,\n',
  ),
  retries('an element ends workers for ever', 'kills >= MOST_KILLS', 'kills > MOST_KILLS'),
  retries(
    'the timers of delays go on after the end of the call',
    'for (const timer of this.#timers) clearTimeout(timer);',
    '',
  ),
  scheduler(
    'a lane closes while elements are delayed',
    'waiting.size + waiting.delayed + inFlight.size',
    'waiting.size + inFlight.size',
  ),
  inputOrder('what is tried again keeps its lane open', 'this.#delayed -= countOf(ranges);', ''),
  byCost('by cost, what is delayed is lost', 'this.#takeIn(ranges, this.#delayed);', ''),
  inFlight('what is tried again is not set aside', 'if (delayed.length > 0) {', 'if (!delayed) {'),
  // Keys
  byKey('a key is not locked', 'if (queue.isLocked) continue;', ''),
  byKey(
    'a key is unlocked while a batch has others of it',
    'if (--queue.held === 0) this.#unlock(queue);',
    'queue.held--;\n    this.#unlock(queue);',
  ),
  byKey(
    'a key is unlocked while an element of it is delayed',
    'if (queue.delayed !== undefined) return;',
    '',
  ),
  byKey(
    'a key is locked for ever',
    'queue.held = 0;\n      this.#unlock(queue);',
    'queue.held = 0;',
  ),
  byKey(
    'a key is locked until the batch returns that others of it were taken back from',
    'this.#putBack(index, queue);\n      this.#leave(queue);',
    'this.#putBack(index, queue);',
  ),
  byKey(
    'a key is locked until the batch returns in which all of it have ended',
    'for (const [, queue] of locks!.of(ranges)) this.#leave(queue);',
    'void [ranges, locks];',
  ),
  byKey(
    'a batch that returns unlocks the keys of another',
    'if (queue.holder !== locks) continue;',
    '',
  ),
  byKey(
    'what is given back comes in the wrong order',
    '[...locks!.of(ranges)].reverse()',
    'locks!.of(ranges)',
  ),
  byKey(
    'a batch has several of a key where they may be tried again',
    'if (queue.length > 0 && !this.#onePerKey)',
    'if (queue.length > 0)',
  ),
  byKey(
    'a batch locks all keys',
    'this.#popOldest(chosen, locks.queues.length < mostKeys)',
    'this.#popOldest(chosen, mostKeys > 0)',
  ),
  byKey(
    'what a batch takes of a key is not counted',
    'if (queue.holder !== locks) this.#size -= queue.length;',
    '',
  ),
  byKey(
    'by key, what is delayed is lost',
    'this.#putBack(index, queue);\n      if (queue.held',
    'if (queue.held',
  ),
  byKey('keys that nothing is left of are kept', 'else this.#queues.delete(queue.key);', ''),
  byKey('the youngest first', 'return a.first! < b.first!;', 'return a.first! > b.first!;'),
  keyQueue(
    'what is given back comes last',
    'this.#givenBack?.pop() ?? this.#others[this.#head++]!',
    'this.#others[this.#head++] ?? this.#givenBack!.pop()!',
  ),
  locks('what is asked for is the next one', 'low = middle + 1;', 'low = middle + 2;'),
  claims(
    'slots are opened for what waits for others of its key',
    'lane.waiting.width, lane.limit',
    'lane.waiting.size, lane.limit',
  ),
  scheduler(
    'a key is locked after its batch',
    "if (itsBatch === 'is over') waiting.release(taken);",
    '',
  ),
  keys(
    'keys that nothing is left of are kept by the pool',
    'this.#keys.delete(key.value);',
    'void 0;',
  ),
  keys(
    'a key is forgotten with its first element',
    'if (--key.left === 0)',
    '--key.left;\n    if (key.left >= 0)',
  ),
  inFlight(
    'what ends of a key while its batch goes on is not told',
    'const isOfUse = lane.isByKey && lane.survives(ended);',
    'const isOfUse = false;',
  ),
  arrivals(
    'keys are told in another order than that of the input',
    'this.#note(to - from, costs ?? (given && keys!.add(given)));',
    'this.#figures.unshift(...(costs ?? (given && keys!.add(given)) ?? []));\n      this.#note(to - from, undefined);',
  ),
  byKey(
    'what is dropped of a key is still counted',
    'if (dropped.length > 0) this.#lookAtAll();',
    '',
  ),
  window(
    'behind those that were dropped, elements have the keys of others',
    'this.#inner.arrive(dropped, this.#figures.splice(0, dropped));',
    'this.#inner.arrive(dropped, this.#figures.slice(0, dropped));',
  ),
  lane('the keys of what is dropped are kept', 'this.#keys?.drop([range]);', ''),
  opening(
    'a key goes on while an element of it may be tried again',
    'onePerKey: options.retry !== undefined,',
    '',
  ),
  // Several at once
  rooms(
    'a slot runs one more than it may',
    'length < lane.perSlot &&',
    'length <= lane.perSlot &&',
  ),
  rooms(
    'a slot that is gone is given more',
    'if (!this.#slots.canTakeMore(slot)) lane.rooms.delete(slot);\n        else if',
    'if',
  ),
  batches(
    'the room that an element leaves stays empty',
    'const goesOn = this.#slots.release(slot);\n    this.#rooms.note(slot, lane);',
    'const goesOn = this.#slots.release(slot);',
  ),
  batches(
    'elements wait behind several that run at once',
    ' || running.lane.perSlot > 1) return;',
    ') return;',
  ),
  batches(
    'what may run beside others waits behind another lane',
    'if (alone || perSlot > 1 ||',
    'if (alone ||',
  ),
  batches(
    'several elements go into one place',
    'if (alone || perSlot > 1) return 1;',
    'if (alone) return 1;',
  ),
  rooms(
    'what slots on their way could run goes beside others',
    'if (opening === 0) return Infinity;',
    'return Infinity;',
  ),
  rooms(
    'no slot is emptied for another lane',
    'this.#draining = slot;\n    return true;',
    'return false;',
  ),
  rooms(
    'all slots are emptied for another lane',
    'if (this.#draining) return this.#draining === slot;',
    '',
  ),
  rooms(
    'a slot is emptied though nobody waits for it any more',
    'if (this.#draining && !this.#isOfUse(this.#draining)) this.#draining = undefined;',
    '',
  ),
  rooms('a slot is emptied before it was full', ' || slot.given < lane.perSlot;', ';'),
  rooms(
    'a slot is emptied while another is on its way',
    ' || this.#slots.opening > 0) return false;',
    ') return false;',
  ),
  scheduler(
    'a lane is charged as if each of its elements had had the slot for itself',
    'busy / beside',
    'busy',
  ),
  opening('a lane runs one element at once', 'perSlot: options.perWorker,', ''),
  openSlots(
    'a slot that was lost with a batch is given the next',
    'return !this.#lost.has(slot);',
    'return true;',
  ),
  slots(
    'a slot that is overdue is given more',
    'slot.isOverdue = true;\n    this.#spent.add(slot);',
    'slot.isOverdue = true;',
  ),
  scheduler(
    'what was lost beside others runs beside others again',
    "if (slot.phase === 'lost' && lane.perSlot > 1) lane.suspects.add(ranges);",
    '',
  ),
  rooms(
    'elements are started beside one that is to run alone',
    'if (lane.suspects.areWaiting) continue;',
    '',
  ),
  rooms('a slot has room beside one that is to run alone', ' && !slot.isApart;', ';'),
  roomsByFill(
    'a slot that runs many goes before one that runs few',
    'const fill = slot.batches.length;',
    'const fill = 1024 - slot.batches.length;',
  ),
  watch(
    'a time-out is counted from when the batch was handed over',
    'const { position, elapsed } = running;',
    'const { position } = running;\n    const elapsed = performance.now();',
  ),
  watch(
    'an element that goes on over its time keeps its slot',
    'if (expiredAfter !== undefined) return this.#watched.end(position);',
    'return;',
  ),
  watch(
    'what an element over time gives is delivered',
    'if (late.length === 0) return settled;',
    'if (late.length >= 0) return settled;',
  ),
  watch(
    'the watch ends with the first look',
    'if (!running) return this.#lookIn(this.#timeout);',
    'if (!running) return;',
  ),
  inFlight(
    'what a slot says of its time is taken as a number, whatever it is',
    'return Number.isFinite(measured) && measured > 0 ? measured : 0;',
    'return measured;',
  ),
  // Records
  lane(
    'of the records: what is given out counts once it was given out',
    'this.account.end(to - nth - failedHere, failedHere);\n',
    '',
  ),
  lane(
    'of the records: the failure that ends a call is not counted',
    'this.account.end(0, 1);',
    '',
  ),
  account(
    'of the records: what comes of a call that has ended is counted',
    'if (this.#isOver || count === 0) return;',
    '',
  ),
  account(
    'of the records: what runs when its call ends is not cancelled',
    'waitingOf(counts) + counts.inFlight',
    'waitingOf(counts)',
  ),
  batchAccount(
    'of the records: what is given back stays in flight',
    'this.#call.giveBack(unstarted);',
    '',
  ),
  batchAccount(
    'of the records: what is taken back stays in flight',
    'this.#call.giveBack(count);',
    '',
  ),
  dispatcher(
    'of the records: an element that is given up was not in flight',
    'lane?.account.handOut(1);',
    '',
  ),
  workerTimes(
    'of the records: a worker that dies at work stays busy',
    'if (worker.batches > 0) this.#rest(worker, now);',
    '',
  ),
  events(
    'of the records: an event is another part of any other of its call',
    'if (last.type !== happening.type || last.call',
    'if (last.call',
  ),
  tries(
    'of the records: an element that crashed ran since its batch was sent',
    'if (end > this.#free) this.#free = end;',
    '',
  ),
  tries('of the records: each try is the first', 'if (attempt > 1) this', 'if (attempt > 9) this'),
  recording(
    'of the records: a worker idles on while it runs something',
    'this.#idle.end(id, this.#since(now));\n  }\n\n  /** These',
    '}\n\n  /** These',
  ),
  recording(
    'of the records: a recording that goes on does not know of workers that have ended',
    "if (!known.has(id)) this.workerEnded(id, 'idle', now);",
    ';',
  ),
  tries(
    'of the records: what ends after its call is as it would have been before',
    "isOver ? 'cancelled' : outcomeOf(failure)",
    'outcomeOf(failure)',
  ),
  recording(
    'of the records: a recording is over with its last call, though workers are still at it',
    'this.#openCalls.size > 0 || this.#inFlight.size > 0',
    'this.#openCalls.size > 0',
  ),
  recordings(
    'of the records: a recording goes on when nothing is left of its calls',
    'if (recording !== this.#own && !recording.isAwaiting) this.#turnOff(recording);',
    '',
  ),
];
