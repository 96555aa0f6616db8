/** The events of a pool as an Observable. */
import { Observable } from 'rxjs';
import type { Dispatcher } from '../pool/Dispatcher.js';
import type { PoolEvent } from '../pool/telemetry/PoolEvent.js';

export function eventsOf({ telemetry }: Dispatcher): Observable<PoolEvent> {
  return new Observable((subscriber) =>
    telemetry.subscribe({
      next: (event) => {
        subscriber.next(event);
      },
      complete: () => {
        subscriber.complete();
      },
    }),
  );
}
