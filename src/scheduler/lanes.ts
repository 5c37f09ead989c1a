import { DrainRate } from "./drain_rate.ts";
import { Fifo } from "./fifo.ts";

/**
 * Queues that take turns. Each lane has a limit of its own for what may run at
 * a time, and all lanes together have one too, so that a slow lane fills up by
 * itself while the others go on. A quarter of what may run is kept for lanes
 * that run hardly anything, so that many slow lanes can't use up all of it.
 */
export class Lanes<Job> {
  readonly #run: (job: Job) => Promise<void>;
  readonly #onEnd: () => void;
  readonly #limits: { readonly maxRunning: number };
  readonly #nowMs: () => number;
  readonly #lanes = new Map<string, Lane<Job>>();
  /** Lanes that could start a job and run hardly any, in the order of their turns. */
  readonly #hungry = new Fifo<Lane<Job>>();
  /** Lanes that could start more. A lane may be in both while its jobs end. */
  readonly #ready = new Fifo<Lane<Job>>();
  #runningCount = 0;
  #queuedCount = 0;

  /** @param run must not reject */
  constructor(
    run: (job: Job) => Promise<void>,
    options: {
      /** For all lanes together; may change. */
      readonly maxRunning: number;
      /** Is called behind each job. */
      readonly onEnd: () => void;
      /** Monotonic milliseconds. */
      readonly nowMs: () => number;
    },
  ) {
    this.#run = run;
    this.#onEnd = options.onEnd;
    this.#limits = options;
    this.#nowMs = options.nowMs;
  }

  get runningCount(): number {
    return this.#runningCount;
  }

  get queuedCount(): number {
    return this.#queuedCount;
  }

  /**
   * Takes out the younger half of what waits in each lane that needs
   * `slowSeconds` or more to get through it.
   */
  shed(slowSeconds: number): Shed<Job>[] {
    const shed: Shed<Job>[] = [];
    for (const { queue, rate } of this.#lanes.values()) {
      const count = Math.floor(queue.length / 2);
      const perSecond = rate.perSecond(this.#nowMs()) ?? Infinity;
      if (count === 0 || queue.length / perSecond < slowSeconds) continue;
      const jobs = queue.takeLast(count);
      this.#queuedCount -= count;
      shed.push({ jobs, drainSeconds: queue.length / perSecond });
    }
    return shed;
  }

  /** Starts `job` as soon as its lane and the whole have room. */
  add(job: Job, { name, limit }: LaneOptions): void {
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = {
        name,
        limit,
        queue: new Fifo(),
        rate: new DrainRate(this.#nowMs()),
        running: 0,
        isHungry: false,
        isReady: false,
      };
      this.#lanes.set(name, lane);
    }
    lane.limit = limit;
    lane.queue.push(job);
    this.#queuedCount++;
    this.#makeReady(lane);
    this.#startReady();
  }

  /** Takes out all jobs that have not started. */
  clear(): Job[] {
    const jobs = [...this.#lanes.values()].flatMap(({ queue }) =>
      queue.clear()
    );
    this.#queuedCount = 0;
    for (const lane of this.#hungry.clear()) lane.isHungry = false;
    for (const lane of this.#ready.clear()) lane.isReady = false;
    return jobs;
  }

  #makeReady(lane: Lane<Job>): void {
    if (!canStart(lane)) return;
    if (lane.running < few) {
      if (!lane.isHungry) this.#hungry.push(lane);
      lane.isHungry = true;
    } else {
      if (!lane.isReady) this.#ready.push(lane);
      lane.isReady = true;
    }
  }

  #startReady(): void {
    for (;;) {
      const lane = this.#next();
      if (lane === undefined) return;
      if (canStart(lane)) this.#start(lane);
      this.#makeReady(lane);
    }
  }

  #next(): Lane<Job> | undefined {
    const { maxRunning } = this.#limits;
    if (this.#runningCount >= maxRunning) return undefined;
    const hungry = this.#hungry.shift();
    if (hungry !== undefined) {
      hungry.isHungry = false;
      return hungry;
    }
    if (this.#runningCount >= maxRunning * unreserved) return undefined;
    const lane = this.#ready.shift();
    if (lane !== undefined) lane.isReady = false;
    return lane;
  }

  #start(lane: Lane<Job>): void {
    const job = lane.queue.shift();
    if (job === undefined) return;
    this.#queuedCount--;
    this.#runningCount++;
    lane.running++;
    this.#run(job).finally(() => this.#end(lane));
  }

  #end(lane: Lane<Job>): void {
    lane.running--;
    lane.rate.note(this.#nowMs());
    this.#runningCount--;
    if (lane.running === 0 && lane.queue.length === 0) {
      this.#lanes.delete(lane.name);
    }
    this.#makeReady(lane);
    this.#startReady();
    this.#onEnd();
  }
}

/** So many jobs of every lane may use what is kept for those. */
const few = 4;
const unreserved = 0.75;

export interface LaneOptions {
  readonly name: string;
  /** How many jobs of the lane may run at a time, 1 or more. */
  readonly limit: number;
}

/** What was taken out of one lane. */
export interface Shed<Job> {
  readonly jobs: readonly Job[];
  /** In how many seconds the rest of the lane is gone at the pace of late; Infinity when nothing moves. */
  readonly drainSeconds: number;
}

interface Lane<Job> {
  readonly name: string;
  limit: number;
  readonly queue: Fifo<Job>;
  readonly rate: DrainRate;
  running: number;
  isHungry: boolean;
  isReady: boolean;
}

function canStart({ queue, running, limit }: Lane<unknown>): boolean {
  return queue.length > 0 && running < limit;
}
