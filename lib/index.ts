/** The public door: re-exports only. */
export { parallelMap, type ParallelMapOptions } from './operators/parallelMap.js';
export { mapArray } from './operators/mapArray.js';
export { mapStream, type MapStreamOptions } from './operators/mapStream.js';
export { progress, type ProgressOptions } from './operators/progress.js';
export type { Progress } from './pool/progress/ProgressMeter.js';
export type { StreamSource, WebReadableStream } from './operators/streaming/openSource.js';
export type { ParallelStream } from './operators/streaming/StreamRun.js';
export { createPool, type Pool } from './operators/Pool.js';
export { defaultPool, type DefaultPool } from './operators/defaultPool.js';
export {
  task,
  type InitializerContext,
  type ModuleTask,
  type TaskContext,
  type TaskFunction,
} from './task/task.js';
export type { Cloned, NotCloneable } from './task/cloneable.js';
export { threads } from './executors/threads/threads.js';
export type { ThreadsOptions } from './executors/threads/ThreadsOptions.js';
export { inline } from './executors/inline/inline.js';
export { timelineText, type Span, type TimelineTextOptions } from './trace/timelineText.js';
export { timelineSvg, type TimelineSvgOptions } from './trace/timelineSvg.js';
export { chromeTrace, type ChromeTrace, type ChromeTraceEvent } from './trace/chromeTrace.js';
export { report } from './trace/report.js';
export type { Bottleneck, Report } from './trace/report/Report.js';
export type { CallOptions, ResultOf } from './pool/callOptions.js';
export { backoff, type BackoffOptions } from './pool/backoff.js';
export type { RetryOptions } from './pool/retryOptions.js';
export type { PoolOptions } from './pool/createDispatcher.js';
export type { CallMessage, ElementMessage } from './pool/telemetry/diagnostics.js';
export { trace, type TraceOptions } from './pool/telemetry/trace.js';
export type { Recording } from './pool/telemetry/TraceRecording.js';
export type {
  IdleSpan,
  Trace,
  TracedBatch,
  TracedCall,
  TracedElement,
  TracedReclaim,
  TracedWorker,
} from './trace/Trace.js';
export type { CallEnd } from './pool/telemetry/CallAccount.js';
export type { PoolEvent } from './pool/telemetry/PoolEvent.js';
export type {
  ElementStats,
  PoolStats,
  TimeStats,
  WorkerStats,
} from './pool/telemetry/PoolStats.js';
export type { SettledElement } from './pool/SettledElement.js';
export {
  BufferOverflowError,
  ParallelError,
  PoolClosedError,
  TaskCaptureError,
  TaskError,
  TaskLoadError,
  TaskTimeoutError,
  UncloneableError,
  WorkerCrashedError,
  type Capture,
} from './errors.js';
