/** Has the progress of a call told to its user. */
import type { CallAccount } from '../telemetry/CallAccount.js';
import type { Progress } from './ProgressMeter.js';
import { ProgressReporter } from './ProgressReporter.js';

/** What a call says of its progress. */
export interface ProgressPlan {
  readonly report: (progress: Progress) => void;
  /** Elements there will be; undefined where that is known only with the end of the input. */
  readonly total: number | undefined;
}

/** Of a call's lane, what is needed here. */
interface FollowedLane {
  readonly account: CallAccount;
  fail(error: unknown): void;
}

/**
 * What the user's function throws fails the call, as what other functions of its options throw.
 *
 * @param count elements that will come, where the call knows it and its plan does not
 */
export function followCall(lane: FollowedLane, plan: ProgressPlan, count?: number): void {
  const { account } = lane;
  const { report, total = count } = plan;
  const reporter = new ProgressReporter((progress) => {
    try {
      report(progress);
    } catch (error) {
      account.follower = undefined;
      reporter.stop();
      lane.fail(error);
    }
  });
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
