/** Where `text` goes on behind what the sticky expression `what` matches at `at`. */
export function skip(text: string, at: number, what: RegExp): number {
  what.lastIndex = at;
  return what.test(text) ? what.lastIndex : at;
}

/** Where `text` goes on behind the spaces, tabs and line ends at `at`. */
export function skipBlanks(text: string, at: number): number {
  return skip(text, at, /[ \t\r\n]*/y);
}

/** Where `text` goes on behind the backslashes at `at`. */
export function skipBackslashes(text: string, at: number): number {
  return skip(text, at, /\\*/y);
}

/** `text` without the spaces, tabs and line ends behind it. */
export function trimBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && " \t\r\n".includes(text[end - 1])) end--;
  return text.slice(0, end);
}
