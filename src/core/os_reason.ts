/** What the system says of a failure, without the call and the paths that the runtime adds. */
export function osReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/: \w+ '[^']*'( -> '[^']*')?$/s, "");
}
