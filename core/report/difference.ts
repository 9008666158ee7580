/** One value as what it shares with the other at both ends, and what is its own between. */
export interface Parted {
  readonly before: string;
  readonly own: string;
  readonly after: string;
}

/** Where two texts differ, in whole words: `Whisk 17` and `Whisk 56` differ in `17` and `56`. */
export const parted = (left: string, right: string): readonly [left: Parted, right: Parted] => {
  const [a, b] = [words(left), words(right)];
  let head = 0;
  while (head < Math.min(a.length, b.length) && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const cut = (all: readonly string[]): Parted => ({
    before: all.slice(0, head).join(""),
    own: all.slice(head, all.length - tail).join(""),
    after: all.slice(all.length - tail).join(""),
  });
  return [cut(a), cut(b)];
};

/** Words and numbers whole unless they are long, all else by character. */
const words = (text: string): readonly string[] => text.match(/[\p{L}\p{N}_.+-]{1,24}|[^\p{L}\p{N}_.+-]/gsu) ?? [];
