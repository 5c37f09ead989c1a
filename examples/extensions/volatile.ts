/**
 * An extension of forsun: the store `volatile` keeps plans in a Map and forgets
 * them when the daemon ends, which suits a test environment and shows what a
 * store has to do. It looks at every plan for each question, so that it is for
 * some thousands of them.
 *
 *     forsun serve --extension-path examples/extensions --extension volatile --driver volatile
 *
 * @module
 */
import type {
  Claim,
  ClaimBatch,
  ClaimRequest,
  DuePage,
  DuePageRequest,
  DueRequest,
  Extension,
  ExtensionHost,
  ExtensionStoreOptions,
  Outcome,
  PageRequest,
  Plan,
  PlanProgress,
  Settlement,
  Store,
  StoredPlan,
  StoreStats,
  UnixSeconds,
} from "../../mod.ts";

const fresh: PlanProgress = {
  runs: 0,
  lastAt: undefined,
  lastOutcome: undefined,
};

interface Entry {
  readonly plan: Plan;
  nextAt: UnixSeconds | undefined;
  runs: number;
  lastAt: UnixSeconds | undefined;
  lastOutcome: Outcome | undefined;
  /** Set when the plan is over. */
  keptUntil: UnixSeconds | undefined;
}

/** An occurrence between its first claim and its end. */
interface Occurrence {
  readonly entry: Entry;
  readonly second: UnixSeconds;
  attempt: number;
  /** When it may be claimed again; undefined while it is claimed. */
  claimableAt: UnixSeconds | undefined;
}

export class VolatileStore implements Store {
  readonly #entries = new Map<string, Entry>();
  /** By the token of their latest claim. */
  readonly #occurrences = new Map<number, Occurrence>();
  readonly #advance: ExtensionHost["advance"];
  readonly #options: ExtensionStoreOptions;
  #lastToken = 0;
  #now: UnixSeconds = 0;
  #onOverdue: () => void = () => {};

  constructor(
    advance: ExtensionHost["advance"],
    options: ExtensionStoreOptions,
  ) {
    this.#advance = advance;
    this.#options = options;
  }

  put(
    plan: Plan,
    nextAt: UnixSeconds,
    progress: PlanProgress = fresh,
  ): Promise<void> {
    this.#drop(plan.key);
    this.#entries.set(plan.key, {
      plan,
      nextAt,
      ...progress,
      keptUntil: undefined,
    });
    if (nextAt <= this.#now) this.#onOverdue();
    return Promise.resolve();
  }

  remove(key: string): Promise<StoredPlan | undefined> {
    const entry = this.#entries.get(key);
    this.#drop(key);
    return Promise.resolve(entry && toStored(entry));
  }

  get(key: string): Promise<StoredPlan | undefined> {
    const entry = this.#entries.get(key);
    return Promise.resolve(entry && toStored(entry));
  }

  page({ prefix, after, limit }: PageRequest): Promise<readonly StoredPlan[]> {
    const found = [...this.#entries.values()]
      .filter(({ plan: { key } }) => key.startsWith(prefix))
      .filter(({ plan: { key } }) =>
        after === undefined || compareKeys(key, after) > 0
      )
      .sort((a, b) => compareKeys(a.plan.key, b.plan.key));
    return Promise.resolve(found.slice(0, limit).map(toStored));
  }

  async pageKeys(request: PageRequest): Promise<readonly string[]> {
    return (await this.page(request)).map(({ plan }) => plan.key);
  }

  pageDue({ prefix, after, limit }: DuePageRequest): Promise<DuePage> {
    const places = [...this.#entries.values()].flatMap((entry) => {
      const { plan: { key }, nextAt: second } = entry;
      return second !== undefined && key.startsWith(prefix)
        ? [{ second, key, entry }]
        : [];
    }).filter((place) => after === undefined || comparePlaces(place, after) > 0)
      .sort(comparePlaces);
    const page = places.slice(0, limit);
    const last = page.at(-1);
    return Promise.resolve({
      plans: page.map(({ entry }) => toStored(entry)),
      next: last && places.length > page.length
        ? { second: last.second, key: last.key }
        : undefined,
    });
  }

  dueAt(
    { second, claimed, limit }: DueRequest,
  ): Promise<readonly StoredPlan[]> {
    const found = new Set<Entry>();
    for (const occurrence of this.#occurrences.values()) {
      const isRunning = occurrence.claimableAt === undefined;
      if (claimed && isRunning && occurrence.second === second) {
        found.add(occurrence.entry);
      }
    }
    for (const entry of this.#entries.values()) {
      if (entry.nextAt === second) found.add(entry);
    }
    return Promise.resolve([...found].slice(0, limit).map(toStored));
  }

  claimDue(
    { now, missedBefore, limit }: ClaimRequest,
  ): Promise<ClaimBatch> {
    this.#now = now;
    const claims: Claim[] = [];
    for (const [token, occurrence] of this.#occurrences) {
      if (claims.length === limit) break;
      if ((occurrence.claimableAt ?? Infinity) > now) continue;
      this.#occurrences.delete(token);
      claims.push(this.#claim({
        ...occurrence,
        attempt: occurrence.attempt + 1,
        claimableAt: undefined,
      }));
    }
    while (claims.length < limit) {
      const entry = this.#earliest();
      const second = entry?.nextAt ?? Infinity;
      if (entry === undefined || second > now) break;
      const { schedule, misfire } = entry.plan;
      const { runs } = entry;
      const { timeZone } = this.#options;
      const { fires, nextAt } = this.#advance(schedule, {
        due: second,
        missedBefore,
        misfire,
        runs,
        timeZone,
      });
      entry.nextAt = nextAt;
      if (fires) {
        entry.runs++;
        entry.lastAt = second;
        const occurrence = { entry, second, attempt: 1 };
        claims.push(this.#claim({ ...occurrence, claimableAt: undefined }));
      } else if (nextAt === undefined && !this.#isOpen(entry)) {
        this.#drop(entry.plan.key);
      }
    }
    this.#forgetWhatIsOver(now);
    return Promise.resolve({ claims, hasMore: claims.length === limit });
  }

  settle(settlements: readonly Settlement[]): Promise<void> {
    for (const settlement of settlements) {
      const occurrence = this.#occurrences.get(settlement.claim.token);
      if (occurrence === undefined || !this.holds(settlement.claim)) continue;
      const { entry, second } = occurrence;
      switch (settlement.kind) {
        case "released":
          occurrence.attempt--;
          occurrence.claimableAt = settlement.notBefore ?? second;
          break;
        case "retry":
          entry.lastOutcome = settlement.outcome;
          occurrence.claimableAt = settlement.retryAt;
          break;
        case "ended":
          entry.lastOutcome = settlement.outcome;
          this.#occurrences.delete(settlement.claim.token);
          this.#endIfOver(entry, settlement.outcome);
          break;
        default:
          settlement satisfies never;
      }
    }
    return Promise.resolve();
  }

  holds({ token }: Claim): boolean {
    const occurrence = this.#occurrences.get(token);
    return occurrence !== undefined && occurrence.claimableAt === undefined;
  }

  onOverdue(listener: () => void): void {
    this.#onOverdue = listener;
  }

  stats(): Promise<StoreStats> {
    const running = [...this.#occurrences.values()]
      .filter(({ claimableAt }) => claimableAt === undefined).length;
    return Promise.resolve({
      planCount: this.#entries.size,
      claimedCount: running,
      retryCount: this.#occurrences.size - running,
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#entries.clear();
    this.#occurrences.clear();
    return Promise.resolve();
  }

  #claim(occurrence: Occurrence): Claim {
    const token = ++this.#lastToken;
    this.#occurrences.set(token, occurrence);
    const { entry: { plan }, second, attempt } = occurrence;
    return { plan, second, attempt, token };
  }

  #earliest(): Entry | undefined {
    let earliest: Entry | undefined;
    for (const entry of this.#entries.values()) {
      const second = entry.nextAt ?? Infinity;
      if (second < (earliest?.nextAt ?? Infinity)) earliest = entry;
    }
    return earliest;
  }

  #endIfOver(entry: Entry, { endedAt }: Outcome): void {
    if (entry.nextAt !== undefined || this.#isOpen(entry)) return;
    const { keepSeconds } = this.#options;
    if (keepSeconds > 0) entry.keptUntil = endedAt + keepSeconds;
    else this.#drop(entry.plan.key);
  }

  #isOpen(entry: Entry): boolean {
    return [...this.#occurrences.values()]
      .some((occurrence) => occurrence.entry === entry);
  }

  #forgetWhatIsOver(now: UnixSeconds): void {
    for (const [key, { keptUntil }] of this.#entries) {
      if (keptUntil !== undefined && keptUntil <= now) this.#drop(key);
    }
  }

  /** Removes a plan and its occurrences, so that their claims are settled in vain. */
  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    for (const [token, occurrence] of this.#occurrences) {
      if (occurrence.entry === entry) this.#occurrences.delete(token);
    }
  }
}

function toStored(
  { plan, nextAt, runs, lastAt, lastOutcome }: Entry,
): StoredPlan {
  return { plan, state: { nextAt, runs, lastAt, lastOutcome } };
}

function comparePlaces(
  a: { readonly second: UnixSeconds; readonly key: string },
  b: { readonly second: UnixSeconds; readonly key: string },
): number {
  return a.second - b.second || compareKeys(a.key, b.key);
}

/** UTF-8 byte order, which is that of code points. */
function compareKeys(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const by = (left[at].codePointAt(0) ?? 0) - (right[at].codePointAt(0) ?? 0);
    if (by !== 0) return by;
  }
  return left.length - right.length;
}

export default {
  init(host) {
    host.registerStore(
      "volatile",
      (options) => Promise.resolve(new VolatileStore(host.advance, options)),
    );
  },
} satisfies Extension;
