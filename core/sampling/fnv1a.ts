const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * FNV-1a, 32 bits, unsigned (draft-eastlake-fnv), over the bytes of a latin-1 text; a character beyond latin-1 counts as two bytes.
 * `state` goes on from the hash of what came before.
 */
export const fnv1a = (text: string, state: number = OFFSET_BASIS): number => {
  let hash = state;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    hash = Math.imul(hash ^ (code & 0xff), PRIME);
    if (code > 0xff) hash = Math.imul(hash ^ (code >> 8), PRIME);
  }
  return hash >>> 0;
};
