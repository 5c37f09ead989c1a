import { getLogger } from "@logtape/logtape";
import type { Clock } from "../../core/time.ts";
import type { NodeIdentity, NodeReport } from "../store.ts";
import type { RedisLink } from "./link.ts";

export interface HeartbeatParts {
  readonly link: RedisLink;
  /** The HASH of all nodes. */
  readonly key: string;
  /** Shows Redis' time. */
  readonly clock: Clock;
  readonly node: NodeIdentity;
  /** Is told at each beat which nodes live, by their ids. */
  readonly onBeat: (nodes: ReadonlyMap<string, NodeReport>) => Promise<void>;
}

/** Tells the other nodes every few seconds that this one lives, and knows of them. */
export class Heartbeat implements AsyncDisposable {
  readonly #parts: HeartbeatParts;
  readonly #id = crypto.randomUUID().slice(0, 8);
  readonly #stop = new AbortController();
  #beating: Promise<void> | undefined;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  /** @param state is asked at each beat */
  start(state: () => Pick<NodeReport, "lagMs" | "leases">): void {
    this.#beating = this.#beat(state);
  }

  /** The nodes that have told of themselves of late, by their names. */
  async list(): Promise<readonly NodeReport[]> {
    const nodes = await this.#read();
    return [...nodes.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#beating;
    const { link, key } = this.#parts;
    await link.call("hdel", key, this.#id).catch(() => {});
  }

  /** Those that live, by their ids; the others are forgotten. */
  async #read(): Promise<ReadonlyMap<string, NodeReport>> {
    const { link, key, clock } = this.#parts;
    const all = await link.call("hgetall", key) as Record<string, unknown>;
    const oldest = clock.wallMs() / 1000 - deadSeconds;
    const nodes = new Map<string, NodeReport>();
    for (const [id, text] of Object.entries(all)) {
      const node = readReport(String(text));
      if (node !== undefined && node.seenAt >= oldest) nodes.set(id, node);
      else await link.call("hdel", key, id);
    }
    return nodes;
  }

  async #beat(
    state: () => Pick<NodeReport, "lagMs" | "leases">,
  ): Promise<void> {
    const { link, key, clock, node, onBeat } = this.#parts;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const seenAt = Math.floor(clock.wallMs() / 1000);
      const report: NodeReport = { ...node, seenAt, ...state() };
      try {
        await link.call("hset", key, this.#id, JSON.stringify(report));
        await onBeat(await this.#read());
      } catch (error) {
        logger.debug("Cannot tell that this node lives: {error}", { error });
      }
      await clock.sleep(beatMs, signal);
    }
  }
}

/** Undefined when it is none. */
function readReport(text: string): NodeReport | undefined {
  try {
    const told: NodeReport | null = JSON.parse(text);
    return told === null ? undefined : { ...untold, ...told };
  } catch (error) {
    logger.debug("Cannot read what a node tells: {error}", { error });
    return undefined;
  }
}

/** What an older version does not tell. */
const untold: Partial<NodeReport> = { timeZone: "", actions: [] };
const logger = getLogger(["forsun", "redis"]);
const beatMs = 3000;
const deadSeconds = 10;
