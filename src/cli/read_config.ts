import { loadConfig, type LoadedConfig } from "../config/load_config.ts";
import { osReason } from "../core/os_reason.ts";

/** What a command line says of the configuration. */
export interface ConfigRequest {
  /** Values of flags that were given, by their names. */
  readonly flags: ReadonlyMap<string, string>;
  /** The file of --conf, if it was given. */
  readonly configPath: string | undefined;
}

/**
 * The configuration from flags, environment and file.
 * @throws {Error} one line, at what is wrong with it
 */
export async function readConfig(
  { flags, configPath: path }: ConfigRequest,
): Promise<LoadedConfig> {
  return loadConfig({
    flags,
    environment: (name) => Deno.env.get(name),
    file: path === undefined ? undefined : { path, text: await readFile(path) },
  });
}

async function readFile(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    const reason = osReason(error);
    throw new Error(`Cannot read the configuration ${path}: ${reason}`, {
      cause: error,
    });
  }
}
