/** Asks V8 about this very thread, through an inspector session of our own. */
import { createRequire } from 'node:module';
import type { Session } from 'node:inspector';

/** Disconnecting it also disables what was enabled in it. */
export function openSession(): Session {
  // Not imported: Node can be built without it, and other runtimes have only parts.
  const inspector = createRequire(process.execPath)(
    'node:inspector',
  ) as typeof import('node:inspector');
  const session = new inspector.Session();
  session.connect();
  return session;
}

/** Commands of a session in its own thread are answered before `post` returns. */
export function post(session: Session, method: string, params?: object): unknown {
  let answer: unknown;
  session.post(method, params, (error, result) => {
    if (error) throw new Error(error.message);
    answer = result;
  });
  return answer;
}
