import { Turns, type Turn } from '../../lib/scheduler/Turns.js';

interface Lane extends Turn {
  readonly name: string;
}

const lane = (name: string): Lane => ({ name, served: 0, pending: 0, entry: undefined });

/** Serves whoever's turn it is, so many times, each lane for its own time. */
function serve(turns: Turns<Lane>, times: number, timeOf: (lane: Lane) => number): string {
  const served: string[] = [];
  for (let nth = 0; nth < times; nth++) {
    const next = turns.peek()!;
    served.push(next.name);
    const time = timeOf(next);
    turns.charge(next, time);
    turns.correct(next, time, time);
    turns.join(next);
  }
  return served.join('');
}

describe('turns', () => {
  it('go round among lanes that take equally long', () => {
    const turns = new Turns<Lane>();
    for (const name of ['A', 'B', 'C']) turns.join(lane(name));
    expect(serve(turns, 7, () => 1)).toBe('ABCABCA');
  });

  it('give equal shares of time, not of turns', () => {
    const turns = new Turns<Lane>();
    turns.join(lane('A'));
    turns.join(lane('b'));
    // A takes three times as long, so b has three turns for each of A's.
    const served = serve(turns, 400, ({ name }) => (name === 'A' ? 3 : 1));
    expect(served.replaceAll('b', '')).toHaveLength(100);
  });

  it('owe a lane nothing for the time before it came', () => {
    const turns = new Turns<Lane>();
    turns.join(lane('A'));
    serve(turns, 100, () => 1);
    const late = lane('B');
    turns.enter(late);
    turns.join(late);
    expect(serve(turns, 6, () => 1)).toMatch(/^(AB){3}$|^(BA){3}$|^B(AB)+A?$|^B?(BA)+B?$/);
  });

  it('pass over a lane that left, until it joins again', () => {
    const turns = new Turns<Lane>();
    const [a, b] = [lane('A'), lane('B')];
    turns.join(a);
    turns.join(b);
    turns.leave(a);
    expect(turns.peek()).toBe(b);
    turns.leave(b);
    expect(turns.peek()).toBeUndefined();
    turns.join(a);
    expect(turns.peek()).toBe(a);
  });

  it('go on owing a lane that left for a moment what it was charged too much', () => {
    const turns = new Turns<Lane>();
    const [a, b] = [lane('A'), lane('B')];
    turns.join(a);
    turns.join(b);
    turns.charge(a, 9);
    turns.charge(b, 1);
    turns.join(b);
    turns.correct(a, 9, 1);
    turns.join(a);
    expect(serve(turns, 4, () => 1)).toBe('BABA');
  });

  it('take into account that a lane took longer than it was charged for', () => {
    const turns = new Turns<Lane>();
    const [a, b] = [lane('A'), lane('B')];
    turns.join(a);
    turns.join(b);
    turns.correct(a, 0, 5);
    expect(serve(turns, 6, () => 1)).toBe('BBBBBA');
  });
});
