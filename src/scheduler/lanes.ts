/**
 * Queues that take turns. Each lane has a limit of its own for what may run at
 * a time, and all lanes together have one too, so that a slow lane fills up by
 * itself while the others go on.
 */
export class Lanes<Job> {
  readonly #run: (job: Job) => Promise<void>;
  readonly #onEnd: () => void;
  readonly #limits: { readonly mostRunning: number };
  readonly #lanes = new Map<string, Lane<Job>>();
  /** Lanes that could start a job, in the order of their turns. */
  #ready: Lane<Job>[] = [];
  #runningCount = 0;
  #queuedCount = 0;

  /** @param run must not reject */
  constructor(
    run: (job: Job) => Promise<void>,
    options: {
      /** For all lanes together; may change. */
      readonly mostRunning: number;
      /** Is called behind each job. */
      readonly onEnd: () => void;
    },
  ) {
    this.#run = run;
    this.#onEnd = options.onEnd;
    this.#limits = options;
  }

  get runningCount(): number {
    return this.#runningCount;
  }

  get queuedCount(): number {
    return this.#queuedCount;
  }

  /** Starts `job` as soon as its lane and the whole have room. */
  add(job: Job, { name, limit }: LaneOptions): void {
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = { name, limit, queue: [], next: 0, running: 0, isReady: false };
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
    const jobs = [...this.#lanes.values()].flatMap((lane) =>
      lane.queue.slice(lane.next)
    );
    for (const lane of this.#lanes.values()) {
      lane.queue = [];
      lane.next = 0;
    }
    this.#queuedCount = 0;
    this.#ready = [];
    return jobs;
  }

  #makeReady(lane: Lane<Job>): void {
    if (lane.isReady || lane.running >= lane.limit) return;
    if (lane.next === lane.queue.length) return;
    lane.isReady = true;
    this.#ready.push(lane);
  }

  #startReady(): void {
    while (this.#runningCount < this.#limits.mostRunning) {
      const lane = this.#ready.shift();
      if (lane === undefined) return;
      lane.isReady = false;
      this.#start(lane);
      this.#makeReady(lane);
    }
  }

  #start(lane: Lane<Job>): void {
    const job = lane.queue[lane.next++];
    if (lane.next === lane.queue.length) {
      lane.queue = [];
      lane.next = 0;
    }
    this.#queuedCount--;
    this.#runningCount++;
    lane.running++;
    this.#run(job).finally(() => this.#end(lane));
  }

  #end(lane: Lane<Job>): void {
    lane.running--;
    this.#runningCount--;
    if (lane.running === 0 && lane.queue.length === 0) {
      this.#lanes.delete(lane.name);
    }
    this.#makeReady(lane);
    this.#startReady();
    this.#onEnd();
  }
}

export interface LaneOptions {
  readonly name: string;
  /** How many jobs of the lane may run at a time, 1 or more. */
  readonly limit: number;
}

interface Lane<Job> {
  readonly name: string;
  limit: number;
  queue: Job[];
  /** The place in `queue` of the job that is next. */
  next: number;
  running: number;
  isReady: boolean;
}
