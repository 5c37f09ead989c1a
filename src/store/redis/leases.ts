import { getLogger } from "@logtape/logtape";
import type { Buffer } from "node:buffer";
import type { Clock } from "../../core/time.ts";
import type { Steps } from "./steps.ts";

/** A claim that this node has. */
export interface Lease {
  readonly partition: number;
  /** Its occurrence's second and key. */
  readonly occurrence: Buffer;
  /** Tells it from other claims of the occurrence; see lua/occurrence.lua. */
  readonly entry: Buffer;
}

/** The claims that this node has, and keeps by extending their leases. */
export class Leases {
  readonly #steps: Steps;
  readonly #clock: Clock;
  readonly #leaseMs: number;
  /** By the claim's token, which this node alone knows; with the monotonic time up to which it is surely held. */
  readonly #held = new Map<number, { lease: Lease; untilMs: number }>();
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
    this.#extending ??= this.#extend();
    return token;
  }

  get(token: number): Lease | undefined {
    return this.#held.get(token)?.lease;
  }

  /** Whether it is sure that nobody else has taken the claim over. */
  holds(token: number): boolean {
    const untilMs = this.#held.get(token)?.untilMs ?? -Infinity;
    return this.#clock.monotonicMs() < untilMs;
  }

  drop(token: number): void {
    this.#held.delete(token);
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
    const askedMs = this.#clock.monotonicMs();
    const old = [...this.#held].filter(([, { untilMs }]) =>
      untilMs - askedMs < this.#leaseMs * 0.7
    );
    await Promise.all(old.map(async ([token, held]) => {
      const { lease } = held;
      const isHeld = await this.#steps.run("extend", lease.partition, [
        lease.occurrence,
        lease.entry,
        this.#leaseMs,
      ]);
      if (isHeld) held.untilMs = askedMs + this.#leaseMs;
      else this.drop(token);
    }));
  }
}

const logger = getLogger(["forsun", "redis"]);
