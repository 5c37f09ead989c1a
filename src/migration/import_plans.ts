import type { RestoreRequest } from "../core/plan_request.ts";
import { ErrorCode } from "../core/errors.ts";
import { quote } from "../core/quote.ts";
import { overReason } from "../core/resume.ts";
import type { OldSource } from "./old_source.ts";
import { isOver, toRestoreRequest } from "./restore_old_plan.ts";

/** What became of the plans of a source. */
export interface ImportReport {
  imported: number;
  /** Their keys exist here and were to be left alone. */
  kept: number;
  /** They had nothing left to do. */
  over: number;
  /** They make no sense here. */
  refused: number;
  /** They could not be read. */
  damaged: number;
}

export interface ImportOptions {
  /** Has a plan go on here; rejects with an error that has a `code` when it is refused. */
  readonly restore: (request: RestoreRequest) => Promise<void>;
  readonly offsetSeconds: number;
  /** How many plans may be under way. */
  readonly concurrency: number;
  /** Is told of each plan that isn't imported, but for those that are over or kept. */
  readonly onTrouble: (line: string) => void;
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Imports all plans of a source, those that can't be passed over.
 * @throws {Error} when plans can't be restored for reasons that aren't theirs
 */
export async function importPlans(
  source: OldSource,
  options: ImportOptions,
): Promise<ImportReport> {
  const report = { imported: 0, kept: 0, over: 0, refused: 0, damaged: 0 };
  const { restore, offsetSeconds, concurrency, onTrouble, signal } = options;
  let runningCount = 0;
  let onEnd = () => {};
  let failure: Error | undefined;

  async function importOne(request: RestoreRequest): Promise<void> {
    try {
      await restore(request);
      report.imported++;
    } catch (error) {
      const code = (error as { readonly code?: unknown }).code;
      if (code === ErrorCode.keyExists) report.kept++;
      else if (code === ErrorCode.neverComes && isAllOver(error)) report.over++;
      else if (isRefusal(code)) {
        report.refused++;
        onTrouble(nameKey(request.request.key, (error as Error).message));
      } else {
        failure ??= error instanceof Error ? error : new Error(String(error));
      }
    }
    runningCount--;
    onEnd();
  }

  /** Resolves when the next one has ended. */
  function ended(): Promise<void> {
    return new Promise((resolve) => onEnd = resolve);
  }

  let done = 0;
  async function importAll(): Promise<void> {
    for await (const entry of source.entries()) {
      signal?.throwIfAborted();
      if (failure !== undefined) return;
      options.onProgress?.(done++);
      if (entry.kind === "damage") {
        report.damaged++;
        onTrouble(`${entry.place}: ${entry.reason}`);
        continue;
      }
      const { plan, isPending } = entry;
      if (isOver(plan, { isPending, currentTime: source.currentTime })) {
        report.over++;
        continue;
      }
      runningCount++;
      importOne(toRestoreRequest(plan, offsetSeconds));
      if (runningCount >= concurrency) await ended();
    }
  }

  try {
    await importAll();
  } finally {
    // Whoever hears of the end may close what plans are restored into.
    while (runningCount > 0) await ended();
  }
  if (failure !== undefined) throw failure;
  options.onProgress?.(done);
  return report;
}

/** `3 imported, 1 refused`: what there was any of. */
export function describeReport(report: ImportReport): string {
  const { imported, kept, over, refused, damaged } = report;
  const parts = [
    [kept, "left alone, their keys exist"],
    [over, "over"],
    [refused, "refused"],
    [damaged, "unreadable"],
  ] as const;
  const others = parts.filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`);
  const plans = imported === 1 ? "plan" : "plans";
  return [`${imported} ${plans} imported`, ...others].join(", ");
}

function isRefusal(code: unknown): boolean {
  return code === ErrorCode.neverComes || code === ErrorCode.unknownAction ||
    code === ErrorCode.invalidArgument;
}

/** Not all refusals say whose they are. */
function nameKey(key: string, message: string): string {
  const name = quote(key);
  return message.includes(name) ? message : `plan ${name}: ${message}`;
}

function isAllOver(error: unknown): boolean {
  return error instanceof Error && error.message.endsWith(`: ${overReason}`);
}
