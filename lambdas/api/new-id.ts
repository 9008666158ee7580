import { randomInt } from "node:crypto";

/** Crockford's letters: none that is taken for another. */
const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";

/** `prefix`, a dash and six random characters: a thousand million of them. */
export const newId = (prefix: string): string =>
  `${prefix}-${Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]).join("")}`;
