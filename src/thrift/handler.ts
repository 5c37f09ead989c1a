import { cannotCreate } from "../core/cannot_create.ts";
import { invalidArgument } from "../core/errors.ts";
import type { PlanRequest } from "../core/plan_request.ts";
import type { TimeFields } from "../core/time_fields.ts";
import { maxThriftSeconds } from "../core/time.ts";
import type { PlanService } from "../service/plan_service.ts";
import type { Counters } from "../telemetry/counters.ts";
import { createAnswer } from "./answer.ts";
import type { Done, ThriftHandler } from "./generated.ts";
import { toRestoreRequest } from "./restore_request.ts";
import { fromI16, toFullWirePlan, toWirePlan } from "./wire_plan.ts";

/** The Thrift methods: their arguments become requests, what comes back becomes replies. */
export function createHandler({ service, info, counters }: {
  readonly service: PlanService;
  /** What the method info tells. */
  readonly info: () => Promise<Readonly<Record<string, string>>>;
  readonly counters: Counters;
}): ThriftHandler {
  const answer = createAnswer(counters);

  function put(
    counter: "created_count" | "create_timeouted_count",
    toRequest: () => PlanRequest,
    done: Done,
  ): void {
    answer(
      () => service.put(toRequest(), { notAfter: maxThriftSeconds }),
      (stored) => {
        counters[counter]++;
        return toWirePlan(stored);
      },
      done,
    );
  }

  // Generated code counts the parameters: none may have a default or be a rest.
  return {
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
      put("created_count", toRequest, done);
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
      put("create_timeouted_count", toRequest, done);
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
      put("created_count", toRequest, done);
    },
    remove(key, done) {
      answer(
        () => service.remove(given("key", key)),
        (stored) => {
          counters.removed_count++;
          return toWirePlan(stored);
        },
        done,
      );
    },
    get(key, done) {
      answer(() => service.get(given("key", key)), toWirePlan, done);
    },
    inspect(key, done) {
      answer(() => service.get(given("key", key)), toFullWirePlan, done);
    },
    getCurrent(done) {
      answer(() => service.current(), (all) => all.map(toWirePlan), done);
    },
    getTime(timestamp, done) {
      const second = timestamp ?? 0;
      answer(() => service.dueAt(second), (all) => all.map(toWirePlan), done);
    },
    getKeys(prefix, done) {
      answer(() => service.keys(prefix ?? ""), same, done);
    },
    getPlans(prefix, after, limit, done) {
      const request = {
        prefix: prefix ?? "",
        after: after || undefined,
        limit,
      };
      answer(
        () => service.page(request),
        (all) => all.map(toFullWirePlan),
        done,
      );
    },
    restore(plan, replace, dry_run, done) {
      answer(
        () => {
          const options = { replace, isDryRun: dry_run };
          return service.restore(toRestoreRequest(plan), options);
        },
        (stored) => {
          if (!dry_run) counters.created_count++;
          return toFullWirePlan(stored);
        },
        done,
      );
    },
    forsun_call(_key, _ts, _params, done) {
      done(new Error("forsun_call is for receivers of the thrift action"));
    },
    info(done) {
      answer(info, same, done);
    },
  };
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
