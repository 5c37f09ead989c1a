/** HTML that is safe to put into a page. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

type Part = Html | string | number | readonly Html[];

/** A template whose values are escaped, but for those that are {@link Html} already. */
export function markup(
  strings: TemplateStringsArray,
  ...parts: readonly Part[]
): Html {
  let text = strings[0];
  for (const [at, part] of parts.entries()) {
    text += toText(part) + strings[at + 1];
  }
  return new Html(text);
}

function toText(part: Part): string {
  if (part instanceof Html) return part.toString();
  if (typeof part === "object") return part.join("");
  return String(part).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
