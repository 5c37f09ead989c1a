import { ErrorCode, ForsunError } from "../../core/errors.ts";
import { Lane, type LaneOptions } from "./lane.ts";
import type { LayoutAgreement } from "./layout.ts";
import type { Argument } from "./link.ts";
import type { StepName } from "./step.ts";

export interface StepsOptions extends LaneOptions {
  readonly layout: LayoutAgreement;
}

/**
 * Runs steps in partitions. Where one server has all of them they share their
 * calls; in Cluster each partition has its own, so that a shard that is away
 * holds up nobody else.
 */
export class Steps {
  readonly #lanes: readonly Lane[];
  readonly #layout: LayoutAgreement;

  constructor(options: StepsOptions) {
    this.#layout = options.layout;
    const count = options.isCluster ? options.keys.partitions : 1;
    this.#lanes = Array.from({ length: count }, () => new Lane(options));
  }

  /** @throws {ForsunError} 1004 when it was not done, or nobody knows */
  async run(
    name: StepName,
    partition: number,
    args: readonly Argument[],
  ): Promise<unknown> {
    const checking = this.#layout.check();
    if (checking !== undefined) await checking;
    const lane = this.#lanes[partition % this.#lanes.length];
    if (lane.waitingCount >= mostWaiting) {
      throw new ForsunError(
        ErrorCode.saveFailed,
        `Redis does not keep up: ${mostWaiting} requests wait for it`,
      );
    }
    try {
      return await lane.run({ name, partition, args });
    } catch (error) {
      throw redisAway(error);
    }
  }
}

/** What a client is told when Redis did not do its work. */
export function redisAway(error: unknown): ForsunError {
  if (error instanceof ForsunError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ForsunError(ErrorCode.saveFailed, `Redis: ${reason}`, {
    cause: error,
  });
}

const mostWaiting = 20_000;
