import { getLogger } from "@logtape/logtape";
import { ErrorCode, ForsunError } from "../../core/errors.ts";
import type { RedisLink } from "./link.ts";

/** How plans are laid out in Redis; the first node decides. */
export interface Layout {
  readonly version: number;
  readonly partitions: number;
}

/**
 * The layout that all nodes of a store must share: with another one a node
 * would look for plans where they are not. Redis may lose it while nodes run
 * (FLUSHALL, a restart without persistence), so it is confirmed ever again.
 */
export class LayoutAgreement {
  readonly #link: RedisLink;
  readonly #key: string;
  #own: Layout;
  #refusal: ForsunError | undefined;
  #confirming: Promise<void> | undefined;

  /** @param partitions count where there is no layout yet */
  constructor(link: RedisLink, key: string, partitions: number) {
    this.#link = link;
    this.#key = key;
    this.#own = { version: layoutVersion, partitions };
  }

  /**
   * Takes on the layout that is there, or writes this node's.
   * @throws {Error} when a later version has laid it out
   */
  async agree(): Promise<Layout> {
    const text = await this.#writeOrRead();
    const found = parse(text);
    if (
      found?.version !== layoutVersion || !Number.isInteger(found.partitions)
    ) {
      throw new Error(
        `Cannot use the plans in Redis: ${this.#key} is ${text}, and this version knows version ${layoutVersion} only`,
      );
    }
    return this.#own = found;
  }

  /**
   * Resolves when nothing is being confirmed.
   * @throws {ForsunError} 1004 while the layout is another than agreed on
   */
  check(): Promise<void> | undefined {
    if (this.#refusal !== undefined) throw this.#refusal;
    return this.#confirming?.then(() => this.check());
  }

  /** Writes the layout that was agreed on where it is gone, and sees whether it still is the same. */
  confirm(): Promise<void> {
    return this.#confirming ??= this.#confirm();
  }

  async #confirm(): Promise<void> {
    try {
      const text = await this.#writeOrRead();
      const found = parse(text);
      const { version, partitions } = this.#own;
      const isSame = found?.version === version &&
        found.partitions === partitions;
      if (isSame && this.#refusal !== undefined) {
        logger.info("Redis has the layout of plans again that was agreed on");
      }
      if (isSame) this.#refusal = undefined;
      else this.#refuse(text);
    } catch (error) {
      logger.debug("Cannot confirm the layout: {error}", { error });
    } finally {
      this.#confirming = undefined;
    }
  }

  #refuse(text: string): void {
    const { partitions } = this.#own;
    const reason =
      `${this.#key} in Redis is ${text}, but this node has joined with ${partitions} partitions: it must be restarted`;
    if (this.#refusal === undefined) logger.error(reason);
    this.#refusal = new ForsunError(ErrorCode.saveFailed, reason);
  }

  async #writeOrRead(): Promise<string> {
    await this.#link.call("set", this.#key, JSON.stringify(this.#own), "NX");
    return String(await this.#link.call("get", this.#key));
  }
}

function parse(text: string): Layout | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

const logger = getLogger(["forsun", "redis"]);
const layoutVersion = 1;
