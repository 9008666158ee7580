import fc from "fast-check";
import {
  createSlugNames,
  isNameOf,
  type Learned,
  learn,
  MAX_LEARNED,
  MAX_NAMES_BELOW,
} from "../../../core/endpoints/slugs.ts";

const many = (count: number, of: (n: number) => string): string[] => Array.from({ length: count }, (_, n) => of(n));
const word = (n: number): string =>
  `w${n.toString(26).replace(/\d/g, (digit) => "qrstuvwxyz"[Number(digit)] as string)}`;

describe("what is learned", () => {
  const users = many(MAX_NAMES_BELOW + 1, (n) => `GET /users/${word(n)}`);

  test("one name too many below one path, and they are values", () => {
    expect(learn([], users)).toEqual(["GET /users/{slug}"]);
    expect(learn([], users.slice(1))).toEqual(users.slice(1).sort());
  });

  test("what stands below values is put together", () => {
    const posts = users.map((user) => `${user}/posts`);
    expect(learn([], [...users, ...posts])).toEqual(["GET /users/{slug}", "GET /users/{slug}/posts"]);
  });

  test("what was put together may then have too many names below it", () => {
    const pages = many(130, (n) => `GET /${word(n % 65)}/pages/${word(n)}`);
    expect(learn([], pages)).toEqual(["GET /{slug}/pages/{slug}"]);
    const few = many(80, (n) => `GET /${word(n % 2)}/pages/${word(n)}`);
    const names = many(70, (n) => `GET /${word(n)}`);
    for (const all of [
      [...few, ...names],
      [...names, ...few],
    ])
      expect(learn([], all)).toEqual(["GET /{slug}", "GET /{slug}/pages/{slug}"]);
  });

  test("methods are apart", () => {
    const learned = learn([], [...users, "PUT /users/w1"]);
    expect(learned).toEqual(["GET /users/{slug}", "PUT /users/w1"]);
    expect(createSlugNames(learned)("PUT /users/wq")).toBe("PUT /users/wq");
  });

  test("what the rules of shape named, and the root, stay apart", () => {
    const others = ["GET /users", "GET /users/{id}", "GET /users/{id}.json", "GET /"];
    expect(learn([], [...users, ...others])).toEqual([...others, "GET /users/{slug}"].sort());
    expect(learn([], [...many(65, (n) => `GET /${word(n)}`), "GET /"])).toEqual(["GET /", "GET /{slug}"]);
  });

  test("names without a path, and {slug} in a caller's path, teach nothing", () => {
    expect(learn([], ["OPTIONS *", "{other}", "{unrouted}", "GET /users/{slug}"])).toEqual([]);
  });

  test("there is an end to it, past which what is known stays", () => {
    const all = many(MAX_LEARNED + 50, (n) => `GET /${word(n % 60)}/${word(n % 61)}/${word(n % 59)}`);
    const learned = learn([], all);
    expect(learned.length).toBe(MAX_LEARNED);
    expect(learn(learned, ["GET /new"])).toBe(learned);
  });
});

test("a name that is not learned stays, but for the values in it", () => {
  const nameOf = createSlugNames(
    learn(
      [],
      many(65, (n) => `GET /users/${word(n)}`),
    ),
  );
  expect(["GET /users/zoe", "GET /users/zoe/likes", "GET /orders/zoe", "OPTIONS *", "{other}"].map(nameOf)).toEqual([
    "GET /users/{slug}",
    "GET /users/{slug}/likes",
    "GET /orders/zoe",
    "OPTIONS *",
    "{other}",
  ]);
});

test.each([
  ["GET /users/{slug}", "GET /users/zoe", true],
  ["GET /users/{slug}", "GET /users/{slug}", true],
  ["GET /users/{slug}", "GET /users/{id}", false],
  ["GET /users/{slug}", "GET /users/zoe/posts", false],
  ["GET /users/{slug}", "PUT /users/zoe", false],
  ["GET /orders/{id}", "GET /orders/new", false],
  ["{other}", "{other}", true],
  ["{other}", "{unrouted}", false],
])("%s may name %s: %s", (name, endpoint, may) => expect(isNameOf(name, endpoint)).toBe(may));

/** Runs of names below few paths, so that some are put together, and some only once others were. */
const run = fc
  .record({
    method: fc.constantFrom("GET", "GET", "GET", "PUT"),
    above: fc.constantFrom("", "/wa", `/${word(1)}`, `/${word(70)}`, "/{id}", "/__proto__"),
    from: fc.constantFrom(0, 30, 60),
    count: fc.constantFrom(1, 20, 40, 66),
    below: fc.constantFrom("", "", "/posts", "/posts/{id}", "/posts/wa"),
  })
  .map(({ method, above, from, count, below }) => many(count, (n) => `${method} /a${above}/${word(from + n)}${below}`));
const endpoints = fc.array(run, { maxLength: 6 }).map((runs) => runs.flat());
const parted = endpoints.chain((all) =>
  fc.tuple(
    fc.constant(all),
    fc.nat(all.length).map((end) => all.slice(0, end)),
    fc.shuffledSubarray(all, { minLength: all.length }),
  ),
);

describe("in any order", () => {
  test("the same endpoints teach the same, once or twice, one by one or together", () => {
    fc.assert(
      fc.property(parted, ([all, some, shuffled]) => {
        const learned = learn([], all);
        expect(learn(learn([], some), shuffled)).toEqual(learned);
        expect(shuffled.reduce((known: Learned, one) => learn(known, [one]), [])).toEqual(learned);
        expect(learn(learned, all)).toBe(learned);
      }),
      { numRuns: 40 },
    );
  });

  test("learning more only coarsens: a finer naming before changes nothing", () => {
    fc.assert(
      fc.property(endpoints, endpoints, (a, b) => {
        const [finer, coarser] = [learn([], a), learn([], [...a, ...b])].map(createSlugNames) as [
          (name: string) => string,
          (name: string) => string,
        ];
        for (const name of [...a, ...b]) {
          expect(coarser(finer(name))).toBe(coarser(name));
          expect(coarser(coarser(name))).toBe(coarser(name));
        }
      }),
    );
  });
});
