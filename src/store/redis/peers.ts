import { getLogger } from "@logtape/logtape";
import type { NodeIdentity, NodeReport } from "../store.ts";

/** What this node knows of the others that share its store. */
export class Peers {
  readonly #node: NodeIdentity;
  readonly #onGone: () => void;
  /** By their ids. */
  #live: ReadonlyMap<string, NodeReport> = new Map();
  readonly #own: ReadonlySet<string>;
  /** Actions that others run and this node doesn't. */
  #foreign: ReadonlySet<string> = new Set();
  /** Time zones of others that were warned of. */
  readonly #zones = new Set<string>();

  /** @param onGone is called when a node is not there any more, however that came about */
  constructor(node: NodeIdentity, onGone: () => void) {
    this.#node = node;
    this.#own = new Set(node.actions);
    this.#onGone = onGone;
  }

  /** Whether others run any action that this node doesn't. */
  get areNeeded(): boolean {
    return this.#foreign.size > 0;
  }

  /** Whether another node runs `action` and this one doesn't. */
  areNeededFor(action: string): boolean {
    return this.#foreign.has(action);
  }

  /** @param live all nodes by their ids, this one among them or not */
  notice(live: ReadonlyMap<string, NodeReport>): void {
    const before = this.#live;
    this.#live = live;
    if ([...before.keys()].some((id) => !live.has(id))) this.#onGone();
    const actions = [...live.values()].flatMap((one) => one.actions);
    this.#foreign = new Set(actions.filter((one) => !this.#own.has(one)));
    for (const { name, timeZone } of live.values()) {
      this.#compareZone(name, timeZone);
    }
  }

  #compareZone(name: string, timeZone: string): void {
    const { timeZone: own } = this.#node;
    if (["", own].includes(timeZone) || this.#zones.has(timeZone)) return;
    this.#zones.add(timeZone);
    logger.warn(
      "Node {name} has the time zone {timeZone} and this one {own}: plans without a zone fire by that of the node that comes to them first",
      { name, timeZone, own },
    );
  }
}

const logger = getLogger(["forsun", "redis"]);
