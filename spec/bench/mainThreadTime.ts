/**
 * How much processor time the main thread has used, so that workers do not count.
 *
 * Node 23.9 and later tell. Before, Linux does, for the thread whose id is the process's own. Elsewhere
 * it is the time in which the event loop was not waiting: more, if something else held the core.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

type Milliseconds = number;

export const mainThreadTime: () => Milliseconds = choose();

function choose(): () => Milliseconds {
  const { threadCpuUsage } = process as {
    threadCpuUsage?: () => { user: number; system: number };
  };
  if (threadCpuUsage) {
    return () => {
      const { user, system } = threadCpuUsage.call(process);
      return (user + system) / 1000;
    };
  }
  try {
    return (fromLinux(), fromLinux);
  } catch {
    return () => performance.eventLoopUtilization().active;
  }
}

const never = new Int32Array(new SharedArrayBuffer(4));

function fromLinux(): Milliseconds {
  // Linux brings the figure up to date when the thread sleeps; otherwise it is up to 4 ms old.
  Atomics.wait(never, 0, 0, 0.01);
  const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
  return Number(nanoseconds) / 1e6;
}
