/** Every bound of a comparison, in one place. Past a bound a comparison says so; it never says "equal". */
export const DIFF_LIMITS = {
  /** Distinct places and kinds of one comparison; what goes beyond is collected at `…` of the same part. */
  maxPlaces: 200,
  /** Steps of a place; all that lies deeper is collected at `…` below. */
  maxPlaceDepth: 64,
  /** Objects with more keys than this are maps: their keys become `*`. */
  maxNamedKeys: 50,
  /** A longer key is a value, not a name: it becomes `*`. */
  maxKeyChars: 100,
  /** Differing values kept of one place, for format checks, hashes and examples. */
  maxValuesPerPlace: 64,
  /** Cells of the matrix of one array alignment; past it, items are matched in linear time. */
  maxAlignmentCells: 40_000,
  /** Depth up to which content is hashed; what lies deeper is still compared, only not hashed. */
  maxHashDepth: 32,
  /** Text of one side of a divergence. */
  clipChars: 300,
  /** Leaves visited to count the places of an answer. */
  maxCountedLeaves: 2_000,
  /** Work for one pair, all lanes together: about 10 ns a unit on a 3 GHz core. */
  maxWork: 2_500_000,
  /** Work to hash the values that are shown of one pair. */
  maxHashWork: 500_000,
} as const;
