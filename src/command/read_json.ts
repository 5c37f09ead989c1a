import * as v from "valibot";
import { ErrorCode, ForsunError } from "../core/errors.ts";
import { quote } from "../core/quote.ts";
import { issueMessage } from "./issue_message.ts";

/** Code 1007: what a client sent is not even of the form that it should have. */
export class UnreadableText extends ForsunError {
  constructor(message: string) {
    super(ErrorCode.invalidArgument, message);
  }
}

/** @throws {UnreadableText} naming `what` */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const shown = quote(reason, 160).slice(1, -1);
    throw new UnreadableText(`${what} must be JSON: ${shown}`);
  }
}

/**
 * What a schema of plans makes of an object; `name` is what it is called.
 * @throws {UnreadableText} when it is not what the schema says
 */
export function checkObject<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  name: string,
): v.InferOutput<Schema> {
  refuseArray(value, name);
  refuseArray(
    (value as { readonly params?: unknown } | null)?.params,
    "params",
  );
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const isWhole = v.getDotPath(result.issues[0]) === null;
  const message = issueMessage(result.issues, name);
  throw new UnreadableText(
    isWhole || name.startsWith("The ") ? message : `${name}: ${message}`,
  );
}

/** To a schema an array is an object, too. */
function refuseArray(value: unknown, name: string): void {
  if (!Array.isArray(value)) return;
  throw new UnreadableText(`${name} must be an object, got an array`);
}
