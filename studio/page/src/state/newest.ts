/**
 * Requests that follow the document: at most one is under way, and of what waits only the newest of each kind is kept.
 * Kinds are asked in the order of their rank, and some only once the document has rested: maxima wait until the
 * curves are drawn, and nothing stands between two moves of a slider.
 */

export interface Asked<A> {
  rank: number;
  /** Milliseconds without a newer document before it is asked. */
  rest: number;
  ask: (signal: AbortSignal) => Promise<A>;
  answered: (answer: A) => void;
  failed: (reason: unknown) => void;
}

interface Waiting extends Asked<unknown> {
  since: number;
}

export class Newest {
  private readonly waiting = new Map<string, Waiting>();
  private underway: { kind: string; stop: AbortController } | null = null;
  private last = 0;
  private timer = 0;

  /** `changed` is told what waits or is under way. */
  constructor(private readonly changed: (pending: ReadonlySet<string>) => void) {}

  want<A>(kind: string, asked: Asked<A>): void {
    this.last = performance.now();
    this.waiting.set(kind, { ...(asked as Asked<unknown>), since: this.last });
    void this.go();
  }

  /** What waits under a kind is not wanted any more; what is under way is given up, and the next need not wait for its end. */
  drop(kind: string): void {
    this.waiting.delete(kind);
    if (this.underway?.kind === kind) {
      this.underway.stop.abort();
      this.underway = null;
    }
    this.tell();
  }

  private tell(): void {
    const pending = new Set(this.waiting.keys());
    if (this.underway) pending.add(this.underway.kind);
    this.changed(pending);
  }

  private async go(): Promise<void> {
    window.clearTimeout(this.timer);
    this.tell();
    if (this.underway) return;
    const first = [...this.waiting].sort(([, a], [, b]) => a.rank - b.rank || a.since - b.since)[0];
    if (first === undefined) return;
    const [kind, asked] = first;
    const early = this.last + asked.rest - performance.now();
    if (early > 0) {
      this.timer = window.setTimeout(() => void this.go(), early);
      return;
    }
    this.waiting.delete(kind);
    const stop = new AbortController();
    this.underway = { kind, stop };
    try {
      const answer = await asked.ask(stop.signal);
      if (!stop.signal.aborted) asked.answered(answer);
    } catch (reason) {
      if (!stop.signal.aborted) asked.failed(reason);
    }
    if (stop.signal.aborted) return;
    this.underway = null;
    void this.go();
  }
}
