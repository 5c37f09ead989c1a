import { setImmediate } from "node:timers";
import type { Clock } from "../../core/time.ts";
import type { Argument, RedisLink } from "./link.ts";
import type { RedisKeys } from "./keys.ts";
import { runScript } from "./scripts.ts";
import type { Step } from "./step.ts";
import { StepQueue } from "./step_queue.ts";

export interface LaneOptions {
  readonly link: RedisLink;
  readonly keys: RedisKeys;
  readonly clock: Clock;
  /** Whether each partition is to be checked for being here as a whole. */
  readonly isCluster: boolean;
  /** Is told what came of the calls besides the replies. */
  readonly listener: LaneListener;
  /** Resolves when what calls have written in the partition is safe, rejects when that isn't sure. */
  readonly confirm?: (partition: number) => Promise<void>;
}

export interface LaneListener {
  /** What Redis' clock showed while a call ran, and when that was sent and answered. */
  onTime(redisMs: number, sample: TimeSample): void;
  /** The partition must be looked at at `second`, sooner than was known before; resolves when other nodes know. */
  onWake(partition: number, second: number): Promise<void>;
  /** It is not known what became of calls to the partition. */
  onDoubt(partition: number): void;
}

export interface TimeSample {
  readonly sentMs: number;
  readonly answeredMs: number;
}

/**
 * Sends steps, in their order, by natural batching: a few calls are under way
 * at a time, so that Redis and this node work side by side, and what comes in
 * meanwhile goes with the next ones, evenly.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #waiting = new StepQueue<Waiting>();
  #callsUnderWay = 0;
  #isCollecting = false;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  run(step: Step): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ step, resolve, reject });
      this.#collect();
    });
  }

  /** What the same turn asks for goes together. */
  #collect(): void {
    if (this.#isCollecting || this.#callsUnderWay >= maxCalls) return;
    this.#isCollecting = true;
    setImmediate(() => {
      this.#isCollecting = false;
      const size = Math.max(
        minSteps,
        Math.min(Math.ceil(this.#waiting.length / maxCalls), maxSteps),
      );
      while (this.#waiting.length > 0 && this.#callsUnderWay < maxCalls) {
        this.#send(this.#waiting.take(size));
      }
    });
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    this.#callsUnderWay++;
    await this.#call(batch);
    this.#callsUnderWay--;
    if (this.#waiting.length > 0) this.#collect();
  }

  async #call(batch: readonly Waiting[]): Promise<void> {
    const { link, listener, clock } = this.#options;
    const groups = Map.groupBy(batch, ({ step }) => step.partition);
    const sentMs = clock.monotonicMs();
    try {
      const replies = await link.run(
        runScript,
        this.#keysOf(groups.keys()),
        this.#argumentsOf(groups),
      ) as readonly unknown[];
      const sample = { sentMs, answeredMs: clock.monotonicMs() };
      listener.onTime(Number(replies[0]), sample);
      const waking: Promise<void>[] = [];
      let at = 1;
      for (const [partition, group] of groups) {
        const wake = Number(replies[at++]);
        if (wake > 0) waking.push(listener.onWake(partition, wake));
        at += group.length;
      }
      const [doubt] = await Promise.all([
        // At once: on a connection that was made anew it would mean nothing.
        this.#confirm(batch),
        // Else, should this node die now, others would look too late.
        ...waking,
      ]);
      this.#answer(groups, replies, doubt);
    } catch (error) {
      for (const partition of groups.keys()) listener.onDoubt(partition);
      for (const { reject } of batch) reject(error);
    }
  }

  /** What keeps it from being sure that this batch is safe, if anything; then what waits won't be, either. */
  async #confirm([{ step }]: readonly Waiting[]): Promise<unknown> {
    try {
      await this.#options.confirm?.(step.partition);
      return undefined;
    } catch (error) {
      for (const { reject } of this.#waiting.clear()) reject(error);
      return error;
    }
  }

  #answer(groups: Groups, replies: readonly unknown[], doubt: unknown): void {
    let at = 1;
    for (const group of groups.values()) {
      at++;
      for (const { resolve, reject } of group) {
        const reply = replies[at++];
        if (reply instanceof Error) {
          this.#options.link.notice(reply);
          reject(reply);
        } else if (doubt !== undefined) {
          reject(doubt);
        } else {
          resolve(reply);
        }
      }
    }
  }

  #keysOf(partitions: Iterable<number>): string[] {
    const { keys, isCluster } = this.#options;
    const names: string[] = [];
    for (const partition of partitions) {
      names.push(keys.meta(partition));
      if (isCluster) names.push(keys.void(partition));
    }
    return names;
  }

  #argumentsOf(groups: Groups): Argument[] {
    const args: Argument[] = [this.#options.isCluster ? 2 : 1];
    for (const group of groups.values()) {
      args.push(group.length);
      for (const { step } of group) {
        args.push(step.name, step.args.length, ...step.args);
      }
    }
    return args;
  }
}

interface Waiting {
  readonly step: Step;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Groups = ReadonlyMap<number, readonly Waiting[]>;

/** Together they keep Redis busy while this node sees to the others. */
const maxCalls = 4;

/** A call is worth its own cost with so many steps. */
const minSteps = 16;

/** So many steps take Redis well under 5 ms. */
const maxSteps = 32;
