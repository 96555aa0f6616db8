/** Has the progress of a call told to its user. */
import type { CallAccount } from '../telemetry/CallAccount.js';
import type { Progress } from './ProgressMeter.js';
import { ProgressReporter } from './ProgressReporter.js';

/** What a call says of its progress. */
export interface ProgressPlan {
  readonly report: (progress: Progress) => unknown;
  /** Elements there will be; undefined where that is known only with the end of the input. */
  readonly total: number | undefined;
}

/** Of a call's lane, what is needed here. */
interface FollowedLane {
  readonly account: CallAccount;
  fail(error: unknown): void;
}

/**
 * What the user's function throws, or rejects with, fails the call, as what other functions of its options throw.
 *
 * @param count elements that will come, where the call knows it and its plan does not
 */
export function followCall(lane: FollowedLane, plan: ProgressPlan, count?: number): void {
  const { account } = lane;
  const { report, total = count } = plan;
  const fail = (error: unknown): void => {
    account.follower = undefined;
    reporter.stop();
    lane.fail(error);
  };
  const tell = (progress: Progress): void => {
    try {
      // Users may well make it async, whatever the types say.
      void Promise.resolve(report(progress)).catch(fail);
    } catch (error) {
      fail(error);
    }
  };
  const reporter = new ProgressReporter(tell, total);
  account.follower = {
    changed: ({ arrived, done, failed, dropped }, isComplete) => {
      const ended = done + failed + dropped;
      // What came is all there is, or there is more than was said.
      const said = total === undefined ? undefined : Math.max(total, ended);
      const known = isComplete ? arrived : said;
      reporter.note({ done, failed: failed + dropped, total: known });
    },
    ended: (how) => {
      if (how === 'cancelled') reporter.stop();
      else reporter.end();
    },
  };
}
