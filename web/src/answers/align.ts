/** Cells of the matrix of one alignment; past it, what stands at the same index stands side by side. */
const MAX_CELLS = 160_000;

/**
 * Lists of texts side by side: each row names the index in each list. Lists of one length are taken by index, so that a changed order is
 * seen; of others equal texts come together, and what lies between them in turn.
 */
export const aligned = (lists: readonly (readonly string[])[]): readonly (readonly (number | undefined)[])[] => {
  const [first = [], ...others] = lists;
  const partners = others.map((other) => partnersOf(first, other));
  const rows: (number | undefined)[][] = [];
  const next = others.map(() => 0);
  for (let index = 0; index <= first.length; index++) {
    for (const [lane, partner] of partners.entries()) {
      const until = index < first.length ? (partner[index] ?? next[lane]!) : others[lane]!.length;
      while (next[lane]! < until) rows.push(lists.map((_, at) => (at === lane + 1 ? next[lane]!++ : undefined)));
    }
    if (index === first.length) break;
    rows.push([index, ...partners.map((partner) => partner[index])]);
    for (const [lane, partner] of partners.entries()) next[lane] = (partner[index] ?? next[lane]! - 1) + 1;
  }
  return rows;
};

/** By index in `left`: its partner in `right`, in rising order. */
const partnersOf = (left: readonly string[], right: readonly string[]): readonly (number | undefined)[] => {
  if (left.length === right.length || left.length * right.length > MAX_CELLS)
    return left.map((_, index) => (index < right.length ? index : undefined));
  const partners: (number | undefined)[] = left.map(() => undefined);
  let [fromLeft, fromRight] = [0, 0];
  for (const [a, b] of [...commonOf(left, right), [left.length, right.length] as const]) {
    // What was changed stands beside what it was changed to.
    const between = Math.min(a - fromLeft, b - fromRight);
    for (let i = 0; i < between; i++) partners[fromLeft + i] = fromRight + i;
    if (a < left.length) partners[a] = b;
    [fromLeft, fromRight] = [a + 1, b + 1];
  }
  return partners;
};

/** A longest common subsequence, as pairs of indexes. */
const commonOf = (left: readonly string[], right: readonly string[]): readonly (readonly [number, number])[] => {
  const width = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * width);
  for (let a = left.length - 1; a >= 0; a--)
    for (let b = right.length - 1; b >= 0; b--)
      lengths[a * width + b] =
        left[a] === right[b]
          ? lengths[(a + 1) * width + b + 1]! + 1
          : Math.max(lengths[(a + 1) * width + b]!, lengths[a * width + b + 1]!);
  const pairs: (readonly [number, number])[] = [];
  let [a, b] = [0, 0];
  while (a < left.length && b < right.length) {
    if (left[a] === right[b]) pairs.push([a++, b++]);
    else if (lengths[(a + 1) * width + b]! >= lengths[a * width + b + 1]!) a++;
    else b++;
  }
  return pairs;
};
