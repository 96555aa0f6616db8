/** A report as lines of text. */
import { count, cut, formatMillis, formatPercent } from '../formats.js';
import { placeOf, type Facts } from './advice.js';

export function textOf(report: Facts & { readonly advice: string }): string {
  const { runs, elements, workers, omitted } = report;
  if (runs === 0) return report.advice;
  const names = cut(report.names.join(', '), 40);
  const runsOf = runs > elements ? `, ${count(runs, 'run')}` : '';
  const others = [
    [report.failedRuns, 'failed'],
    [report.dropped, 'dropped'],
    [report.cancelled, 'cancelled'],
    [report.stillRunning, 'still running'],
  ] as const;
  const told = others.map(([many, what]) => (many > 0 ? `, ${many} ${what}` : '')).join('');
  return [
    `${names}: ${count(elements, 'element')}${runsOf}${told}, ${count(workers, 'worker')}`,
    ...rowsOf(report).map(([name, figure, note]) => {
      return `  ${name.padEnd(21)}${figure.padStart(11)}${note ? `  ${note}` : ''}`;
    }),
    ...(omitted > 0 ? [`  The ${omitted} oldest records were not kept, and are not in this.`] : []),
    report.advice,
  ].join('\n');
}

type Line = readonly [name: string, figure: string, note?: string];

function rowsOf(report: Facts): Line[] {
  const { serial, wall, speedUp, efficiency, places, workers, bound, longest } = report;
  const of = places > workers ? `${places} places` : count(workers, 'worker');
  return [
    ['one after the other', formatMillis(serial), 'the sum of all runs'],
    ['in parallel', formatMillis(wall)],
    ['speed-up', `${speedUp.toFixed(2)} x`, `${formatPercent(efficiency)} of ${of}`],
    ['bound', formatMillis(bound), 'what it takes at most, if nothing but elements takes time'],
    ['longest element', formatMillis(longest?.duration ?? 0), placeOf(longest)],
    ...timesOf(report),
  ];
}

/** Only what took any time. */
function timesOf({ running, transfer, abandoned, idle }: Facts): Line[] {
  const times: [string, number][] = [
    ['running elements', running],
    ['transfer', transfer],
    ['calls that had ended', abandoned],
    ...Object.entries(idle).map(([cause, time]): [string, number] => {
      return [cause === 'starting' ? 'starting' : `idle: ${cause}`, time];
    }),
  ];
  const all = times.reduce((sum, [, time]) => sum + time, 0);
  return times
    .filter(([, time]) => time > 0)
    .map(([name, time], nth): Line => {
      const share = formatPercent(time / all);
      return [name, formatMillis(time), nth === 0 ? `${share} of the workers' time` : share];
    });
}
