/** What a lane is opened with by a call that gives no options, for one worker. */
import { CallSite } from '../../lib/pool/CallSite.js';
import type { LaneOptions } from '../../lib/pool/LaneOptions.js';
import { prepareTask } from '../../lib/task/prepareTask.js';

export const LANE_OPTIONS: LaneOptions = {
  task: prepareTask((value: unknown) => value, 'spec'),
  concurrency: 1,
  perWorker: 1,
  batchSize: undefined,
  cost: undefined,
  key: undefined,
  settled: false,
  retry: undefined,
  transfer: undefined,
  timeout: undefined,
  shared: undefined,
  ordered: false,
  atMost: undefined,
  buffer: undefined,
  signal: undefined,
  progress: undefined,
  trace: undefined,
  calledFrom: new CallSite('spec', () => undefined),
};
