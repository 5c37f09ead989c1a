import { isSecretParam, maskSecrets } from "../core/secret_params.ts";

/** The lines that were typed in earlier sessions, and those of this one. */
export interface History {
  /** Of earlier sessions, the latest first. */
  readonly lines: readonly string[];
  /** Keeps a line, unless it {@link mayHoldSecret} or begins with a blank. */
  add(line: string): void;
}

/** How many lines are remembered. */
export const maxHistory = 1000;

/**
 * The history in the file `path`, which nobody but its owner may read. Lines are
 * appended one by one, so that several prompts share it and none is lost when one
 * is killed; now and then the oldest are dropped. Without a path, or where it
 * can't be read or written, there is simply nothing to remember.
 */
export function openHistory(path: string | undefined): History {
  const lines = path === undefined ? [] : readLines(path);
  let last = lines[0];
  return {
    lines,
    add(line) {
      const isKept = line !== last && !/^\s/.test(line) &&
        !mayHoldSecret(line);
      if (!isKept || path === undefined) return;
      last = line;
      write(path, `${line}\n`, { append: true });
    },
  };
}

/** Whether a line sets something that is named like a password, or a URL with one. */
export function mayHoldSecret(line: string): boolean {
  if (!/\bset\b/.test(line)) return false;
  return line.split(/[^\w-]+/).some(isSecretParam) ||
    maskSecrets("url", line) !== line;
}

function readLines(path: string): readonly string[] {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch {
    return [];
  }
  const lines = text.split("\n").filter((line) => line !== "");
  const kept = lines.slice(-maxHistory);
  // Not each time: writing anew loses what another prompt appends meanwhile.
  if (lines.length > 2 * maxHistory) {
    write(path, kept.map((line) => `${line}\n`).join(""), { append: false });
  }
  return kept.toReversed();
}

function write(
  path: string,
  text: string,
  { append }: { readonly append: boolean },
): void {
  try {
    Deno.writeTextFileSync(path, text, { append, mode: 0o600 });
  } catch {
    // A history is not worth an error.
  }
}
