import { getLogger } from "@logtape/logtape";
import type { RedisKeys } from "./keys.ts";
import type { Argument, RedisLink } from "./link.ts";
import { hintScript, tickScript } from "./scripts.ts";

/** A partition that may have something due, and what is known of it. */
export interface Reservation {
  readonly partition: number;
  /** When it had to be looked at; undefined when that is unknown. */
  readonly wake: number | undefined;
  /** To which time it is this node's; "" when it isn't. */
  readonly until: string;
}

export interface Tick {
  readonly redisMs: number;
  /** Occurrences before this second were missed by all nodes. */
  readonly missedBefore: number;
  readonly reservations: readonly Reservation[];
}

/**
 * What nodes tell each other about when a partition must be looked at, so that
 * an idle node asks one question a second and not one a partition. A hint that
 * is lost with its node only costs time: each node goes through all partitions
 * in turn as well, one every other second, and looks at once where it is in doubt.
 */
export class Hints {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;
  /** What is to be told: partition -> second. */
  #pending = new Map<number, number>();
  #sending: Promise<void> | undefined;
  /** Partitions of which it is not known what became of a call. */
  readonly #doubtful = new Set<number>();
  /** When a partition must be looked at next, as far as this node knows. */
  #nextAt = 0;
  #lastSecond = 0;
  /** Partitions that are left to other nodes, with the last second in which they are. */
  readonly #left = new Map<number, number>();
  /** So that nodes go through the partitions at different places. */
  readonly #sweepOffset: number;

  constructor(link: RedisLink, keys: RedisKeys) {
    this.#link = link;
    this.#keys = keys;
    this.#sweepOffset = Math.floor(Math.random() * keys.partitions);
    this.doubtAll();
  }

  doubt(partition: number): void {
    this.#doubtful.add(partition);
  }

  doubtAll(): void {
    for (let index = 0; index < this.#keys.partitions; index++) {
      this.#doubtful.add(index);
    }
  }

  /** Lets other nodes come first in a partition, in this second and the next. */
  leave(partition: number): void {
    this.#left.set(partition, this.#lastSecond + 1);
  }

  /** Whether a partition may have to be looked at by `second`: other nodes may know better. */
  mayBeDue(second: number): boolean {
    return this.#nextAt <= second;
  }

  /** Reserves up to `limit` partitions that have something due. */
  async tick(limit: number): Promise<Tick> {
    const { soon, clock } = this.#keys;
    for (const [partition, last] of this.#left) {
      if (last < this.#lastSecond) this.#left.delete(partition);
    }
    const [redisMs, missedBefore, next, ...found] = await this.#link.run(
      tickScript,
      [soon, clock],
      [limit, ...this.#left.keys()],
    ) as (number | Uint8Array)[];
    this.#nextAt = Number(next) < 0 ? Infinity : Number(next);
    const reservations: Reservation[] = [];
    for (let at = 0; at < found.length; at += 3) {
      reservations.push({
        partition: Number(found[at]),
        wake: Number(String(found[at + 1])),
        until: String(found[at + 2]),
      });
    }
    for (const partition of this.#unsure(Number(redisMs))) {
      if (reservations.some((one) => one.partition === partition)) continue;
      reservations.push({ partition, wake: undefined, until: "" });
    }
    return {
      redisMs: Number(redisMs),
      missedBefore: Number(missedBefore),
      reservations,
    };
  }

  /**
   * Has nodes look at the partition at `second`, or sooner if they must.
   * Resolves once they know, or it turned out that they can't be told.
   */
  async lower(partition: number, second: number): Promise<void> {
    const known = this.#pending.get(partition) ?? Infinity;
    this.#pending.set(partition, Math.min(known, second));
    this.#nextAt = Math.min(this.#nextAt, second);
    // What is on its way now left without it.
    await this.#sending;
    await (this.#sending ??= this.#send());
  }

  /** Ends reservations: says when each partition must be looked at next. */
  async release(
    wakes: ReadonlyMap<Reservation, number | undefined>,
  ): Promise<void> {
    const args: Argument[] = [];
    for (const [{ partition, until }, wake] of wakes) {
      args.push(partition, wake ?? -1, until);
      this.#nextAt = Math.min(this.#nextAt, wake ?? Infinity);
    }
    // What came in meanwhile is not to be overwritten by it.
    for (const [partition, second] of this.#pending) {
      args.push(partition, second, "");
    }
    this.#pending = new Map();
    try {
      if (args.length > 0) await this.#tell(args);
    } catch (error) {
      this.doubtAll();
      throw error;
    }
  }

  async #send(): Promise<void> {
    const told = this.#pending;
    this.#pending = new Map();
    try {
      const args = [...told].flatMap((
        [partition, second],
      ) => [partition, second, ""]);
      if (args.length > 0) await this.#tell(args);
    } catch (error) {
      for (const partition of told.keys()) this.doubt(partition);
      logger.debug("Cannot say what is due soon: {error}", { error });
    }
    this.#sending = undefined;
  }

  async #tell(args: readonly Argument[]): Promise<void> {
    await this.#link.run(
      hintScript,
      [this.#keys.soon, this.#keys.lowered],
      args,
    );
  }

  /** The partitions to look at without having been told to. */
  #unsure(redisMs: number): number[] {
    const second = Math.floor(redisMs / 1000);
    const unsure = [...this.#doubtful].slice(0, maxDoubtful);
    for (const partition of unsure) this.#doubtful.delete(partition);
    if (second !== this.#lastSecond && second % sweepSeconds === 0) {
      const turn = second / sweepSeconds + this.#sweepOffset;
      unsure.push(turn % this.#keys.partitions);
    }
    this.#lastSecond = second;
    return unsure;
  }
}

const logger = getLogger(["forsun", "redis"]);
const maxDoubtful = 16;
const sweepSeconds = 2;
