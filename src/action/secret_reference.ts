import { invalidArgument } from "../core/errors.ts";
import type { Params } from "../core/plan.ts";
import { quote } from "../core/quote.ts";
import { isSecretParam } from "../core/secret_params.ts";
import { isAbsolute, join, normalize, resolve } from "node:path";

/** What plans may refer to instead of holding a secret. */
export interface SecretPlaces {
  /** Variables whose names begin so; undefined is none. */
  readonly prefix: string | undefined;
  /** Files in this folder; undefined is none. */
  readonly folder: string | undefined;
}

/** A param whose value is elsewhere: `env:NAME` or `file:PATH`. */
export interface SecretReference {
  readonly param: string;
  readonly kind: "env" | "file";
  /** The variable's name, or the file's whole path. */
  readonly target: string;
}

/**
 * The references in secret params; elsewhere `env:` and `file:` are just text.
 * @throws {ForsunError} 1007 at one that leads out of `places`
 */
export function findReferences(
  params: Params,
  places: SecretPlaces,
): SecretReference[] {
  const references: SecretReference[] = [];
  for (const param in params) {
    const value = params[param];
    const isReference = value.startsWith("env:") || value.startsWith("file:");
    if (!isReference || !isSecretParam(param)) continue;
    references.push(readReference(param, value, places));
  }
  return references;
}

/**
 * The secret itself, without the line feed at its end.
 * @throws {Error} one line, when it is not there, or a link leads out of the folder
 */
export async function readSecret(
  { kind, target, param }: SecretReference,
  { folder = "" }: SecretPlaces,
): Promise<string> {
  const name = `Param ${quote(param)}`;
  if (kind === "env") {
    const value = Deno.env.get(target);
    if (value === undefined) throw new Error(`${name}: ${target} is not set`);
    return value;
  }
  try {
    const [real, root] = await Promise.all([
      Deno.realPath(target),
      Deno.realPath(folder),
    ]);
    if (!isInside(real, root)) throw new Error("it is not in the folder");
    const { size } = await Deno.stat(real);
    if (size > maxBytes) throw new Error(`it has over ${maxBytes} bytes`);
    return (await Deno.readTextFile(real)).replace(/\r?\n$/, "");
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "there is none"
      : error instanceof Error
      ? error.message
      : String(error);
    throw new Error(`${name}: cannot read its file: ${reason}`, {
      cause: error,
    });
  }
}

const maxBytes = 64 * 1024;

function readReference(
  param: string,
  value: string,
  { prefix, folder }: SecretPlaces,
): SecretReference {
  const at = value.indexOf(":");
  const kind = value.slice(0, at) === "env" ? "env" : "file";
  const target = value.slice(at + 1);
  const refuse = (mustBe: string) =>
    invalidArgument(`Param ${quote(param)} ${mustBe}`);
  if (kind === "env") {
    if (prefix === undefined) {
      throw refuse("can't be env:…, action.secret_env_prefix is not set");
    }
    if (!target.startsWith(prefix) || !/^\w+$/.test(target)) {
      throw refuse(`must name a variable that begins with ${prefix}`);
    }
    return { param, kind, target };
  }
  if (folder === undefined) {
    throw refuse("can't be file:…, action.secret_folder is not set");
  }
  const path = isAbsolute(target) ? normalize(target) : join(folder, target);
  if (target.includes("\0") || !isInside(resolve(path), resolve(folder))) {
    throw refuse("must name a file in action.secret_folder");
  }
  return { param, kind, target: path };
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
