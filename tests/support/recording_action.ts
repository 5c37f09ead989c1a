import type { Action, ActionResult, Call } from "../../src/action/action.ts";

/** An action that writes down its calls; what comes of them is up to the test. */
export class RecordingAction implements Action {
  readonly calls: Call[] = [];
  readonly concurrency: number;
  /** Decides each call's result; succeeds when it is not set. */
  respond: (call: Call, signal: AbortSignal) => Promise<ActionResult> = () =>
    Promise.resolve({ kind: "succeeded", detail: "" });

  constructor(concurrency = 100) {
    this.concurrency = concurrency;
  }

  check(): void {}

  destination(params: Readonly<Record<string, string>>): string {
    return params.to ?? "";
  }

  execute(call: Call, signal: AbortSignal): Promise<ActionResult> {
    this.calls.push(call);
    return this.respond(call, signal);
  }

  /** Key, second and attempt of each call. */
  seen(): string[] {
    return this.calls.map(({ key, second, attempt }) =>
      `${key} ${second} ${attempt}`
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
