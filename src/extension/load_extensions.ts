import { getLogger } from "@logtape/logtape";
import type { Action } from "../action/action.ts";
import { quote } from "../core/quote.ts";
import type { Clock } from "../core/time.ts";
import { createHost } from "./create_host.ts";
import type {
  Extension,
  ExtensionHost,
  OpenExtensionStore,
} from "./extension.ts";
import { errorText } from "./error_text.ts";
import { findModule, type FoundModule } from "./find_module.ts";
import { importExtension } from "./import_extension.ts";
import { limited } from "./limited.ts";
import { Registrations, type TakenNames } from "./registrations.ts";

export interface ExtensionOptions {
  readonly names: readonly string[];
  /** Where they are looked for. */
  readonly folder: string;
  /** How long importing, init, dispose and each method of a store may take. */
  readonly limitMs: number;
  readonly taken: TakenNames;
  readonly clock: Clock;
  /** Aborts when the daemon stops; loading is then given up. */
  readonly signal: AbortSignal;
}

/** What extensions have brought. Disposing ends them, the last one first. */
export interface LoadedExtensions extends AsyncDisposable {
  readonly names: readonly string[];
  readonly actions: ReadonlyMap<string, Action>;
  readonly stores: ReadonlyMap<string, OpenExtensionStore>;
}

/**
 * Loads extensions, one after the other.
 * @throws {Error} one line, at the first that can't be loaded
 */
export async function loadExtensions(
  options: ExtensionOptions,
): Promise<LoadedExtensions> {
  const { names, taken } = options;
  const registrations = new Registrations(taken, options);
  await using resources = new AsyncDisposableStack();
  for (const [index, name] of names.entries()) {
    try {
      if (names.indexOf(name) < index) throw new Error("it is named twice");
      const found = await findModule(name, {
        folder: options.folder,
        canLoadTypeScript: !Deno.build.standalone,
      });
      const extension = await start(found, { name, registrations, options });
      resources.defer(() => end(extension, name, options));
    } catch (error) {
      throw new Error(
        `Cannot load extension ${quote(name)}: ${errorText(error)}`,
        {
          cause: error,
        },
      );
    }
  }
  const owned = resources.move();
  const { actions, stores } = registrations;
  return {
    names,
    actions,
    stores,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface StartOptions {
  readonly name: string;
  readonly registrations: Registrations;
  readonly options: ExtensionOptions;
}

async function start(
  found: FoundModule,
  { name, registrations, options }: StartOptions,
): Promise<Extension> {
  const extension = await limited(() => importExtension(found), {
    ...options,
    what: `importing ${found.path}`,
  });
  const { host, close } = createHost({ name, registrations, ...options });
  try {
    await limited(() => init(extension, host), {
      ...options,
      what: `init of ${found.path}`,
    });
  } finally {
    close();
  }
  logger.info("Loaded extension {name} from {path}", {
    name,
    path: found.path,
  });
  return extension;
}

async function init(extension: Extension, host: ExtensionHost): Promise<void> {
  try {
    await extension.init(host);
  } catch (error) {
    throw new Error(`init threw: ${errorText(error)}`, { cause: error });
  }
}

/** An extension that doesn't end in time is left behind: the daemon stops all the same. */
async function end(
  extension: Extension,
  name: string,
  { limitMs, clock }: ExtensionOptions,
): Promise<void> {
  try {
    await limited(async () => await extension.dispose?.(), {
      limitMs,
      clock,
      what: "dispose",
    });
  } catch (error) {
    logger.error("Extension {name} did not end well: {reason}", {
      name,
      reason: errorText(error),
    });
  }
}

const logger = getLogger(["forsun", "extension"]);
