import bash from "./forsun.bash" with { type: "text" };
import fish from "./forsun.fish" with { type: "text" };
import zsh from "./forsun.zsh" with { type: "text" };

/** The shells that there is a script for. */
export const shells = ["bash", "zsh", "fish"] as const;

/** The script that has a shell call `forsun complete`. */
export function completionScript(shell: (typeof shells)[number]): string {
  return { bash, zsh, fish }[shell];
}
