import { parseCrontab } from "../command/crontab.ts";
import type { PlanRequest } from "../core/plan_request.ts";
import { quote } from "../core/quote.ts";
import { HttpRefusal } from "./envelope.ts";
import { manyPlansItem, planBody } from "../command/plan_body.ts";
import {
  type BodyPlace,
  type FieldsKind,
  toPlanRequest,
} from "../command/plan_request_body.ts";
import { checkObject, parseJson } from "../command/read_json.ts";
import { type BodyLimits, mediaTypeOf, readText } from "./read_body.ts";

/**
 * The plans that a body asks for: a JSON object, whose time fields are of the
 * given kind, an array of objects that say it themselves, or crontab lines.
 * @throws {HttpRefusal} 400 when it can't be read, 415 when it is something else
 * @throws {ForsunError} 1007 when fields contradict each other
 */
export async function readPlans(
  request: Request,
  { kind, place, limits }: {
    readonly kind: FieldsKind;
    readonly place: BodyPlace;
    readonly limits: BodyLimits;
  },
): Promise<readonly PlanRequest[]> {
  const type = mediaTypeOf(request) ?? "application/json";
  switch (type) {
    case "application/json":
      return readJson(await readText(request, limits), kind, place);
    case "application/crontab":
      return readCrontab(await readText(request, limits));
    default:
      throw new HttpRefusal(
        415,
        `Content-Type must be application/json or application/crontab, got ${
          quote(type)
        }`,
      );
  }
}

/** What is sent in one go is answered in one go: more is for streams. */
const maxPlansAtOnce = 10_000;

function readJson(
  text: string,
  kind: FieldsKind,
  place: BodyPlace,
): readonly PlanRequest[] {
  const json = parseJson(text, "The body");
  if (!Array.isArray(json)) {
    return [
      toPlanRequest(checkObject(planBody, json, "The body"), kind, place),
    ];
  }
  checkNumberOf(json.length);
  return json.map((item, at) => toItem(item, `Plan ${at + 1}`, place));
}

function toItem(
  item: unknown,
  name: string,
  place: BodyPlace,
): PlanRequest {
  const body = checkObject(manyPlansItem, item, name);
  const kind = body.method === "create" ? "calendar" : "timeout";
  return toPlanRequest(body, kind, place);
}

function readCrontab(text: string): readonly PlanRequest[] {
  const plans: PlanRequest[] = [];
  for (const line of parseCrontab(text)) {
    if (line.kind === "error") throw new HttpRefusal(400, line.error.message);
    plans.push(line.plan);
  }
  checkNumberOf(plans.length);
  return plans;
}

function checkNumberOf(plans: number): void {
  if (plans === 0) throw new HttpRefusal(400, "The body must have a plan");
  if (plans <= maxPlansAtOnce) return;
  throw new HttpRefusal(
    413,
    `The body must have at most ${maxPlansAtOnce} plans, got ${plans}; POST /v1/plans takes more`,
  );
}
