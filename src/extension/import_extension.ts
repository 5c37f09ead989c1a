import { stripVTControlCharacters } from "node:util";
import type { Extension } from "./extension.ts";
import type { FoundModule } from "./find_module.ts";

/**
 * Imports the module of an extension.
 * @throws {Error} the reason, on one line, when that fails or it is no extension
 */
export async function importExtension(
  { path, url }: FoundModule,
): Promise<Extension> {
  const module = await importModule(url).catch((error) => {
    throw new Error(describeImportError(error, path), {
      cause: error,
    });
  });
  if (!("default" in module)) throw new Error(`${path} has no default export`);
  const extension = module.default;
  if (!isExtension(extension)) {
    throw new Error(
      `${path} must export an object with a function init, got ${
        describe(extension)
      }`,
    );
  }
  return extension;
}

function importModule(url: string): Promise<Record<string, unknown>> {
  return import(url);
}

function isExtension(value: unknown): value is Extension {
  if (typeof value !== "object" || value === null) return false;
  const { init, dispose } = value as Partial<Extension>;
  return typeof init === "function" &&
    (dispose === undefined || typeof dispose === "function");
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object") return `a ${typeof value}`;
  const { init, dispose } = value as Record<string, unknown>;
  if (typeof init !== "function") return `init ${nameType(init)}`;
  return `dispose ${nameType(dispose)}`;
}

function nameType(value: unknown): string {
  return value === undefined ? "missing" : `as a ${typeof value}`;
}

/** The first line of what is wrong, and where, without the excerpt of the source between them. */
function describeImportError(
  error: unknown,
  path: string,
): string {
  const coloured = error instanceof Error ? error.message : String(error);
  const message = stripVTControlCharacters(coloured);
  const [first, ...rest] = message.split("\n");
  const reason = first.replace(/^\w*Error: /, "").replace(/\.$/, "");
  const place = /\bat (file:\S+)/.exec(rest.join("\n"))?.[1];
  const text = place === undefined ? reason : `${reason} at ${place}`;
  const shown = text.replaceAll("file://", "");
  return shown.includes(path) ? shown : `${path}: ${shown}`;
}
