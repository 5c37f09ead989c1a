import type { Caller } from "../access/caller.ts";
import { cannotCreate } from "../core/cannot_create.ts";
import { invalidArgument } from "../core/errors.ts";
import { maskPlan } from "../core/mask_plan.ts";
import type { StoredPlan } from "../core/plan.ts";
import type { PlanRequest } from "../core/plan_request.ts";
import type { TimeFields } from "../core/time_fields.ts";
import { maxThriftSeconds } from "../core/time.ts";
import type { PlanService } from "../service/plan_service.ts";
import type { Counters } from "../telemetry/counters.ts";
import { createAnswer } from "./answer.ts";
import type { Done, ThriftHandler } from "./generated.ts";
import { guardHandler } from "./guarded_handler.ts";
import { toRestoreRequest } from "./restore_request.ts";
import { fromI16, toFullWirePlan, toWirePlan } from "./wire_plan.ts";

/**
 * The Thrift methods, for callers that may use them: their arguments become
 * requests, what comes back becomes replies.
 */
export function createHandler({ service, info, nodes, counters, caller }: {
  readonly service: PlanService;
  /** What the method info tells. */
  readonly info: () => Promise<Readonly<Record<string, string>>>;
  /** What the method getNodes tells. */
  readonly nodes: () => Promise<readonly Readonly<Record<string, string>>[]>;
  readonly counters: Counters;
  /** Whose message is being processed. */
  readonly caller: () => Caller;
}): ThriftHandler {
  const answer = createAnswer(counters);

  /** How a caller is shown plans; `asked` is undefined where it can't ask for secrets. */
  function shown(asked?: boolean): (stored: StoredPlan) => StoredPlan {
    return caller().mayReveal(asked) ? same : maskPlan;
  }

  function put(toRequest: () => PlanRequest, done: Done): void {
    const show = shown();
    answer(
      () => service.put(toRequest(), { notAfter: maxThriftSeconds }),
      (stored) => toWirePlan(show(stored)),
      done,
    );
  }

  // Generated code counts the parameters: none may have a default or be a rest.
  return guardHandler({
    ping(done) {
      answer(() => Promise.resolve(0), same, done);
    },
    create(key, second, minute, hour, day, month, week, action, params, done) {
      const fields = { second, minute, hour, day, month, week };
      const toRequest = (): PlanRequest => ({
        key: key ?? "",
        schedule: {
          kind: "calendar",
          fields: toTimeFields(fields, key),
          timeZone: undefined,
        },
        action,
        params,
      });
      put(toRequest, done);
    },
    createTimeout(
      key,
      second,
      minute,
      hour,
      day,
      month,
      week,
      count,
      action,
      params,
      done,
    ) {
      const fields = { second, minute, hour, day, month, week };
      const toRequest = (): PlanRequest => ({
        key: key ?? "",
        schedule: { kind: "timeout", fields: toTimeFields(fields, key), count },
        action,
        params,
      });
      put(toRequest, done);
    },
    createCron(key, cron, action, params, done) {
      const toRequest = (): PlanRequest => ({
        key: key ?? "",
        schedule: {
          kind: "cron",
          expression: givenFor(key, "cron", cron),
          timeZone: undefined,
        },
        action,
        params,
      });
      put(toRequest, done);
    },
    remove(key, done) {
      const show = shown();
      answer(
        () => service.remove(given("key", key)),
        (stored) => toWirePlan(show(stored)),
        done,
      );
    },
    get(key, done) {
      const show = shown();
      answer(
        () => service.get(given("key", key)),
        (stored) => toWirePlan(show(stored)),
        done,
      );
    },
    inspect(key, reveal, done) {
      const show = shown(reveal);
      answer(
        () => service.get(given("key", key)),
        (stored) => toFullWirePlan(show(stored)),
        done,
      );
    },
    getCurrent(done) {
      const show = shown();
      answer(
        () => service.current(),
        (all) => all.map(show).map(toWirePlan),
        done,
      );
    },
    getTime(timestamp, done) {
      const second = timestamp ?? 0;
      const show = shown();
      answer(
        () => service.dueAt(second),
        (all) => all.map(show).map(toWirePlan),
        done,
      );
    },
    getKeys(prefix, done) {
      answer(() => service.keys(prefix ?? ""), same, done);
    },
    getPlans(prefix, after, limit, reveal, done) {
      const show = shown(reveal);
      const request = {
        prefix: prefix ?? "",
        after: after || undefined,
        limit,
      };
      answer(
        () => service.page(request),
        (all) => all.map(show).map(toFullWirePlan),
        done,
      );
    },
    getDuePlans(prefix, after_second, after_key, limit, reveal, done) {
      const show = shown(reveal);
      const request = {
        prefix: prefix ?? "",
        after: { second: Math.max(after_second, 0), key: after_key },
        limit,
      };
      answer(
        () => service.pageDue(request),
        ({ plans }) =>
          plans.filter(({ state }) => (state.nextAt ?? 0) <= maxThriftSeconds)
            .map(show).map(toFullWirePlan),
        done,
      );
    },
    restore(plan, replace, dry_run, done) {
      const show = shown(false);
      answer(
        () => {
          const options = { replace, isDryRun: dry_run };
          return service.restore(toRestoreRequest(plan), options);
        },
        (stored) => toFullWirePlan(show(stored)),
        done,
      );
    },
    forsun_call(_key, _ts, _params, done) {
      done(new Error("forsun_call is for receivers of the thrift action"));
    },
    info(done) {
      answer(info, same, done);
    },
    getNodes(done) {
      answer(nodes, same, done);
    },
    auth(token, done) {
      const who = caller();
      const login = () => Promise.resolve(who.login(given("token", token)));
      answer(login, same, done);
    },
  }, { caller, answer });
}

/** The time fields as they come; the second has no default, so that it may be missing. */
interface WireFields {
  readonly second: number | null;
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly week: number;
}

function same<Value>(value: Value): Value {
  return value;
}

function given(name: string, value: string | null): string {
  if (value === null) throw invalidArgument(`${name} is missing`);
  return value;
}

/** An argument without a default, of the plan that is to be created. */
function givenFor<Value>(
  key: string | null,
  name: string,
  value: Value | null,
): Value {
  if (value !== null) return value;
  throw invalidArgument(cannotCreate(key ?? "", `${name} is missing`));
}

function toTimeFields(fields: WireFields, key: string | null): TimeFields {
  return {
    second: fromI16(givenFor(key, "second", fields.second)),
    minute: fromI16(fields.minute),
    hour: fromI16(fields.hour),
    day: fromI16(fields.day),
    month: fromI16(fields.month),
    week: fromI16(fields.week),
  };
}
