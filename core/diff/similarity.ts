/** Of each text; what lies behind is not looked at. */
const MAX_CHARS = 32_768;
/** Words; of scripts without spaces between them, single characters. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}]+/gu;

/**
 * How alike two prose texts are, 0 to 1: the Sørensen-Dice coefficient of their words and pairs of neighbouring words, as
 * multisets (Dice 1945). Case and punctuation do not count; 1 does not mean equal. Symmetric; linear, and bounded by `MAX_CHARS`.
 */
export const similarity = (left: string, right: string): number => {
  if (left === right) return 1;
  const [a, b] = [shingles(left), shingles(right)];
  if (a.length === 0 || b.length === 0) return a.length === b.length ? 1 : 0;
  const counts = new Map<string, number>();
  for (const shingle of a) counts.set(shingle, (counts.get(shingle) ?? 0) + 1);
  let shared = 0;
  for (const shingle of b) {
    const left = counts.get(shingle) ?? 0;
    if (left === 0) continue;
    counts.set(shingle, left - 1);
    shared++;
  }
  return (2 * shared) / (a.length + b.length);
};

const shingles = (text: string): readonly string[] => {
  const words = text.slice(0, MAX_CHARS).normalize("NFC").toLowerCase().match(WORD) ?? [];
  return [...words, ...words.slice(1).map((word, index) => `${words[index]} ${word}`)];
};
