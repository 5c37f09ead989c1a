import { Buffer } from "node:buffer";
import type { StoredPlan } from "../../core/plan.ts";
import type { DuePage, DuePageRequest, PageRequest } from "../store.ts";
import type { RedisKeys } from "./keys.ts";
import { listEntries, type Listing, type ListingRequest } from "./listing.ts";
import { decodeOccurrence, encodeOccurrence } from "./plan_value.ts";
import type { Steps } from "./steps.ts";

export interface PagesParts {
  readonly steps: Steps;
  readonly keys: RedisKeys;
}

/**
 * Pages of plans. First their entries are gone through in all partitions, and
 * then those plans alone are read that the page shows.
 */
export class Pages {
  readonly #parts: PagesParts;
  readonly #get: (key: string) => Promise<StoredPlan | undefined>;

  constructor(
    parts: PagesParts,
    get: (key: string) => Promise<StoredPlan | undefined>,
  ) {
    this.#parts = parts;
    this.#get = get;
  }

  async page(request: PageRequest): Promise<readonly StoredPlan[]> {
    const { plans } = await this.#readAll(
      keyListing(request),
      (entry) => this.#get(entry.toString()),
    );
    return plans;
  }

  async pageKeys(request: PageRequest): Promise<readonly string[]> {
    const { entries } = await this.#list(keyListing(request));
    return entries.map(String);
  }

  async pageDue({ prefix, after, limit }: DuePageRequest): Promise<DuePage> {
    const first = Buffer.from(prefix);
    const { plans, next } = await this.#readAll({
      tree: "due",
      after: after && encodeOccurrence(after.second, after.key),
      from: Buffer.alloc(0),
      limit,
      accepts: (entry) => startsWith(entry.subarray(4), first),
      isBehind: () => false,
    }, async (entry) => {
      const { second, key } = decodeOccurrence(entry);
      const found = await this.#get(key);
      // One that has moved on comes where it is now, and one that is over nowhere.
      return found?.state.nextAt === second ? found : undefined;
    });
    return { plans, next: next && decodeOccurrence(next) };
  }

  /** The plans of the entries; of those that are none any more, the next ones. */
  async #readAll(
    request: ListingRequest,
    read: (entry: Buffer) => Promise<StoredPlan | undefined>,
  ): Promise<
    { readonly plans: readonly StoredPlan[]; readonly next?: Buffer }
  > {
    const plans: StoredPlan[] = [];
    let { after } = request;
    for (let lookedAt = 0;;) {
      const limit = request.limit - plans.length;
      const { entries, next } = await this.#list({ ...request, after, limit });
      const found = await Promise.all(entries.map(read));
      plans.push(...found.filter((plan) => plan !== undefined));
      lookedAt += entries.length;
      const isWhole = entries.length < limit || plans.length === request.limit;
      if (next === undefined || isWhole || lookedAt > maxLookedAt) {
        return { plans, next };
      }
      after = next;
    }
  }

  #list(request: ListingRequest): Promise<Listing> {
    const { steps, keys } = this.#parts;
    return listEntries(steps, keys.partitions, request);
  }
}

function keyListing({ prefix, after, limit }: PageRequest): ListingRequest {
  const first = Buffer.from(prefix);
  return {
    tree: "plans",
    after: after === undefined ? undefined : Buffer.from(after),
    from: first,
    limit,
    accepts: (entry) => startsWith(entry, first),
    isBehind: (entry) =>
      Buffer.compare(entry.subarray(0, first.length), first) > 0,
  };
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.subarray(0, prefix.length).equals(prefix);
}

/** So that a page of what is mostly over has its bounds. */
const maxLookedAt = 20_000;
