/** Says in a few words why a file or folder could not be read. */
import { TaskError } from 'rxjs-parallel-map';

/** Of `ENOENT: no such file or directory, open '/a/b'`, what is not said elsewhere in the report. */
const SYSTEM_ERROR = /^E[A-Z0-9]+: (?<reason>.+?), [a-z]+(?: '.*)?$/s;

export function reasonOf(error: unknown): string {
  // A TaskError says which element failed; its cause is what the task threw.
  const thrown = error instanceof TaskError ? error.cause : error;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return SYSTEM_ERROR.exec(message)?.groups?.['reason'] ?? message;
}
