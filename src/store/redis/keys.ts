import { Buffer } from "node:buffer";
import { crc32 } from "../crc32.ts";

export interface RedisKeysOptions {
  /** Begins all keys, so that several daemons can share a Redis. */
  readonly prefix: string;
  readonly serverId: number;
  readonly partitions: number;
}

/**
 * The names of all keys in Redis. Each partition has a hash tag of its own, so
 * that in Cluster all of it is on one shard; what a script needs besides the
 * keys named here it derives from its partition's meta key.
 */
export class RedisKeys {
  /** How many partitions there are. */
  readonly partitions: number;
  /** STRING, a {@link Layout} as JSON. */
  readonly layout: string;
  /** ZSET partition -> when it must be looked at. */
  readonly soon: string;
  /** ZSET partition -> the same, once its reservation has ended. */
  readonly lowered: string;
  /** HASH of the clock that all nodes share. */
  readonly clock: string;
  /** HASH node -> what it tells of itself, as JSON. */
  readonly nodes: string;
  readonly #tags: readonly string[];

  constructor({ prefix, serverId, partitions }: RedisKeysOptions) {
    const name = `${prefix}:${serverId}`;
    this.partitions = partitions;
    this.layout = `{${name}}:layout`;
    this.soon = `{${name}}:soon`;
    this.lowered = `{${name}}:lowered`;
    this.clock = `{${name}}:clock`;
    this.nodes = `{${name}}:nodes`;
    this.#tags = Array.from(
      { length: partitions },
      (_, partition) => `{${name}:${partition}}`,
    );
  }

  /** HASH: how many plans, the next token, when to look next. */
  meta(partition: number): string {
    return `${this.#tags[partition]}:m`;
  }

  /** Never exists; see call.lua. */
  void(partition: number): string {
    return `${this.#tags[partition]}:v`;
  }

  /** The partition that a plan of that key is in. */
  partitionOf(key: string): number {
    const bytes = Buffer.from(key);
    return crc32(bytes, 0, bytes.length) % this.partitions;
  }
}
