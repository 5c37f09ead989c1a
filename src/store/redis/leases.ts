import { getLogger } from "@logtape/logtape";
import type { Buffer } from "node:buffer";
import type { Clock } from "../../core/time.ts";
import type { Steps } from "./steps.ts";

/** A claim that this node has. */
export interface Lease {
  readonly partition: number;
  readonly key: string;
  /** Its occurrence's second and key. */
  readonly occurrence: Buffer;
  /** Tells it from other claims of the occurrence; see lua/occurrence.lua. */
  readonly entry: Buffer;
}

interface Held {
  readonly lease: Lease;
  /** Monotonic time up to which it is surely held. */
  untilMs: number;
}

/** The claims that this node has, and keeps by extending their leases. */
export class Leases {
  readonly #steps: Steps;
  readonly #clock: Clock;
  readonly #leaseMs: number;
  /** By the claim's token, which this node alone knows. */
  readonly #held = new Map<number, Held>();
  /** The tokens of each plan's claims. */
  readonly #ofKey = new Map<string, readonly number[]>();
  #lastToken = 0;
  #extending: Promise<void> | undefined;
  readonly #stop = new AbortController();

  constructor(steps: Steps, clock: Clock, leaseMs: number) {
    this.#steps = steps;
    this.#clock = clock;
    this.#leaseMs = leaseMs;
  }

  get count(): number {
    return this.#held.size;
  }

  /**
   * Returns the claim's token.
   * @param askedMs monotonic time at which the lease was asked for
   */
  hold(lease: Lease, askedMs: number): number {
    const token = ++this.#lastToken;
    this.#held.set(token, { lease, untilMs: askedMs + this.#leaseMs });
    this.#ofKey.set(lease.key, [...this.of(lease.key), token]);
    this.#extending ??= this.#extend();
    return token;
  }

  get(token: number): Lease | undefined {
    return this.#held.get(token)?.lease;
  }

  /** The tokens of the claims that this node has of a plan. */
  of(key: string): readonly number[] {
    return this.#ofKey.get(key) ?? [];
  }

  /** Whether nobody else has taken the claim over, nor its plan gone; as of a second ago at the most, unless Redis is away. */
  holds(token: number): boolean | Promise<boolean> {
    const held = this.#held.get(token);
    const nowMs = this.#clock.monotonicMs();
    if (held === undefined || nowMs >= held.untilMs) return false;
    const knownMs = held.untilMs - this.#leaseMs;
    return nowMs - knownMs < certainMs || this.#ask(token, held);
  }

  drop(token: number): void {
    const lease = this.get(token);
    if (lease === undefined) return;
    this.#held.delete(token);
    const left = this.of(lease.key).filter((one) => one !== token);
    if (left.length > 0) this.#ofKey.set(lease.key, left);
    else this.#ofKey.delete(lease.key);
  }

  /**
   * Gives up all claims, so that others make them at once.
   * @throws {ForsunError} 1004 when some could not be given up
   */
  async abandon(): Promise<void> {
    this.#stop.abort();
    await this.#extending;
    const held = [...this.#held.values()];
    this.#held.clear();
    this.#ofKey.clear();
    const results = await Promise.allSettled(
      held.map(({ lease }) =>
        this.#steps.run("abandon", lease.partition, [
          lease.occurrence,
          lease.entry,
        ])
      ),
    );
    const failure = results.find((one) => one.status === "rejected");
    if (failure !== undefined) throw failure.reason;
  }

  async #extend(): Promise<void> {
    const { signal } = this.#stop;
    while (this.#held.size > 0 && !signal.aborted) {
      await this.#clock.sleep(this.#leaseMs / 3, signal);
      if (signal.aborted) break;
      try {
        await this.extendAll();
      } catch (error) {
        logger.warn("Cannot extend {count} leases: {error}", {
          count: this.#held.size,
          error,
        });
      }
    }
    this.#extending = undefined;
  }

  /** Extends the leases that are older than a third of their time. */
  async extendAll(): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    const old = [...this.#held].filter(([, { untilMs }]) =>
      untilMs - nowMs < this.#leaseMs * 0.7
    );
    await Promise.all(old.map(([token, held]) => this.#extendOne(token, held)));
  }

  async #ask(token: number, held: Held): Promise<boolean> {
    try {
      await this.#extendOne(token, held);
    } catch (error) {
      logger.debug("Cannot ask for a lease: {error}", { error });
    }
    return this.#held.has(token) && this.#clock.monotonicMs() < held.untilMs;
  }

  async #extendOne(token: number, held: Held): Promise<void> {
    const askedMs = this.#clock.monotonicMs();
    const { partition, occurrence, entry } = held.lease;
    const args = [occurrence, entry, this.#leaseMs];
    const isHeld = await this.#steps.run("extend", partition, args);
    if (isHeld) held.untilMs = askedMs + this.#leaseMs;
    else this.drop(token);
  }
}

const logger = getLogger(["forsun", "redis"]);
/** For so long a claim is begun without asking whether it still is held. */
const certainMs = 1000;
