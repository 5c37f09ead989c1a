import { explainActions } from "./topics/actions.ts";
import { explainConfig } from "./topics/config.ts";
import { explainRetries } from "./topics/retries.ts";
import { explainSchedules } from "./topics/schedules.ts";

/** What `forsun help TOPIC` explains besides commands, and how. */
export const helpTopics = {
  schedules: explainSchedules,
  actions: explainActions,
  retries: explainRetries,
  config: explainConfig,
} as const satisfies Readonly<Record<string, () => string>>;

export const topicNames: readonly string[] = Object.keys(helpTopics);
