import { visible } from "./text.ts";

/** Markup of our own; everything else becomes text. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

type Part = Html | string | number | readonly Html[];

/** Every value put in is text, visible and inert, unless it is markup already. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.map((text, i) => (i === 0 ? text : markupOf(parts[i - 1] ?? "") + text)).join(""));

const markupOf = (part: Part): string => {
  if (part instanceof Html) return part.markup;
  if (typeof part === "object") return part.map(({ markup }) => markup).join("");
  return visible(String(part)).replaceAll(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`);
};

export const NOTHING = html``;
