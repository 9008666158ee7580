import { endOfNumber, endOfString } from "./json-survey.ts";
import { ExactNumber, setKey } from "./json-value.ts";

type Container = unknown[] | Record<string, unknown>;

/**
 * Reads a text that `JSON.parse` has accepted, and keeps what that loses: digits and form of numbers, repeated keys.
 * An own stack, so that depth costs memory and never the call stack.
 */
export const readExact = (text: string): unknown => {
  const open: Container[] = [];
  const keys: (string | undefined)[] = [];
  let root: unknown;
  let key: string | undefined;

  const place = (value: unknown): void => {
    const parent = open.at(-1);
    if (parent === undefined) root = value;
    else if (Array.isArray(parent)) parent.push(value);
    else if (key !== undefined) setKey(parent, key, value);
    key = undefined;
  };
  const enter = (container: Container): void => {
    keys.push(key);
    open.push(container);
    key = undefined;
  };
  const leave = (): void => {
    const container = open.pop();
    key = keys.pop();
    place(container);
  };

  let index = 0;
  while (index < text.length) {
    switch (text[index]) {
      case "{":
        enter({});
        index++;
        break;
      case "[":
        enter([]);
        index++;
        break;
      case "}":
      case "]":
        leave();
        index++;
        break;
      case '"': {
        const end = endOfString(text, index);
        const string = textBetween(text, index, end);
        index = end + 1;
        if (key === undefined && isOpenObject(open.at(-1))) key = string;
        else place(string);
        break;
      }
      case "t":
        place(true);
        index += 4;
        break;
      case "f":
        place(false);
        index += 5;
        break;
      case "n":
        place(null);
        index += 4;
        break;
      case ",":
      case ":":
      case " ":
      case "\n":
      case "\r":
      case "\t":
        index++;
        break;
      default: {
        const end = endOfNumber(text, index);
        place(numberOf(text.slice(index, end)));
        index = end;
      }
    }
  }
  return root;
};

const isOpenObject = (container: Container | undefined): boolean =>
  container !== undefined && !Array.isArray(container);

const textBetween = (text: string, start: number, end: number): string => {
  const inner = text.slice(start + 1, end);
  return inner.includes("\\") ? (JSON.parse(text.slice(start, end + 1)) as string) : inner;
};

/** A plain number only where a double prints as it was written. */
const numberOf = (text: string): number | ExactNumber => {
  const value = Number(text);
  return String(value) === text ? value : new ExactNumber(text);
};
