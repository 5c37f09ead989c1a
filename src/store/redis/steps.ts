import { ErrorCode, ForsunError } from "../../core/errors.ts";
import { Lane, type LaneOptions } from "./lane.ts";
import type { LayoutAgreement } from "./layout.ts";
import type { Argument } from "./link.ts";
import type { StepName } from "./step.ts";

export interface StepsOptions extends LaneOptions {
  readonly layout: LayoutAgreement;
  /** The lanes of puts and removals; those of all others when not given. */
  readonly confirmed?: LaneOptions;
}

/**
 * Runs steps in partitions. Where one server has all of them they share their
 * calls; in Cluster each partition has its own, so that a shard that is away
 * holds up nobody else. What clients are told to be stored, or removed, may
 * have lanes of its own, so that firing does not wait for its confirmation.
 */
export class Steps {
  readonly #lanes: readonly Lane[];
  readonly #confirmed: readonly Lane[];
  readonly #layout: LayoutAgreement;

  constructor({ layout, confirmed, ...options }: StepsOptions) {
    this.#layout = layout;
    this.#lanes = createLanes(options);
    this.#confirmed = confirmed ? createLanes(confirmed) : this.#lanes;
  }

  /** @throws {ForsunError} 1004 when it was not done, or nobody knows */
  async run(
    name: StepName,
    partition: number,
    args: readonly Argument[],
  ): Promise<unknown> {
    const checking = this.#layout.check();
    if (checking !== undefined) await checking;
    const lanes = name === "put" || name === "remove"
      ? this.#confirmed
      : this.#lanes;
    const lane = lanes[partition % lanes.length];
    if (lane.waitingCount >= maxWaiting) {
      throw new ForsunError(
        ErrorCode.saveFailed,
        `Redis does not keep up: ${maxWaiting} requests wait for it`,
      );
    }
    try {
      return await lane.run({ name, partition, args });
    } catch (error) {
      throw redisAway(error);
    }
  }
}

function createLanes(options: LaneOptions): readonly Lane[] {
  const count = options.isCluster ? options.keys.partitions : 1;
  return Array.from({ length: count }, () => new Lane(options));
}

/** What a client is told when Redis did not do its work. */
function redisAway(error: unknown): ForsunError {
  if (error instanceof ForsunError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ForsunError(ErrorCode.saveFailed, `Redis: ${reason}`, {
    cause: error,
  });
}

const maxWaiting = 20_000;
