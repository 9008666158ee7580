/** A number in [0, 1). */
export type Random = () => number;

/** mulberry32 (Ettinger), seeded by FNV-1a of a text: every draw has a name, so that none depends on the order of draws. */
export const randomOf = (name: string): Random => {
  let state = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) state = Math.imul(state ^ name.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};
