import { getLogger } from "@logtape/logtape";
import type { Redis } from "ioredis";
import type { RedisLink } from "./link.ts";

export interface ReplicasOptions {
  /** So many must have what was written; 1 or more. */
  readonly count: number;
  /** How long they may take. */
  readonly timeoutMs: number;
}

/**
 * Whether enough replicas have what was written over a link. Its servers answer
 * nothing else on it while they wait for them, so it had better be a link of
 * its own.
 */
export class Replicas {
  readonly #link: RedisLink;
  readonly #options: ReplicasOptions;
  /** What primaries are being asked; an answer is good for all that was written before. */
  readonly #questions = new WeakMap<Redis, Promise<number>>();
  /** Primaries that lacked some when they were asked last. */
  readonly #lacking = new WeakSet<Redis>();

  constructor(link: RedisLink, options: ReplicasOptions) {
    this.#link = link;
    this.#options = options;
  }

  /**
   * Resolves when enough replicas have what was written where `key` is.
   * @throws {Error} when they don't in time, or nobody knows
   */
  async confirm(key: string): Promise<void> {
    const { count } = this.#options;
    const found = await this.find(key);
    if (found >= count) return;
    throw new Error(
      `${found} of ${count} replicas have confirmed it, it may get lost`,
    );
  }

  /** How many replicas have what was written where `key` is, once they are enough or their time is over. */
  async find(key: string): Promise<number> {
    const primary = await this.#link.primaryOf(key);
    // What is being asked now may leave out what was written last.
    await this.#questions.get(primary)?.catch(() => {});
    let question = this.#questions.get(primary);
    if (question === undefined) {
      question = this.#ask(primary);
      this.#questions.set(primary, question);
    }
    return await question;
  }

  async #ask(primary: Redis): Promise<number> {
    const { count, timeoutMs } = this.#options;
    try {
      const answer = await primary.callBuffer("wait", [count, timeoutMs]);
      const found = Number(answer);
      this.#report(primary, found);
      return found;
    } catch (error) {
      this.#link.notice(error);
      throw error;
    } finally {
      this.#questions.delete(primary);
    }
  }

  /** Says when replicas are missing and when they are back, once each. */
  #report(primary: Redis, found: number): void {
    const { count } = this.#options;
    if (found >= count) {
      if (!this.#lacking.delete(primary)) return;
      logger.info("Replicas of {primary} are there again", {
        primary: nameOf(primary),
      });
    } else if (!this.#lacking.has(primary)) {
      this.#lacking.add(primary);
      logger.warn(
        "Replicas of {primary} are missing, plans are refused: {found} of {count} confirm them",
        { primary: nameOf(primary), found, count },
      );
    }
  }
}

/** What the configuration, or the Cluster, calls a primary. */
function nameOf({ options: { name, path, host, port } }: Redis): string {
  return name ?? path ?? `${host}:${port}`;
}

const logger = getLogger(["forsun", "redis"]);
