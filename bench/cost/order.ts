/** The smallest body there is; everything but the id is left out of it. */
export const MIN_BODY_BYTES = 64;

const FIRST = "Ada Noor Elif Jonas Mei Ravi Lucía Piotr Amara Sven Chloé Tariq Ines Kofi Hana Bruno".split(" ");
const LAST = "Lovelace Haddad Okafor Lindqvist Tanaka Moreau Novak Silva Banerjee Weber Rossi Kim Duarte Osei".split(
  " ",
);
const STREETS = "Main Station Harbour Mill Church Garden Victoria Linden Castle Market Bridge Orchard".split(" ");
const CITIES = "Lyon Porto Gdańsk Leeds Aarhus Turin Ghent Tartu Graz Cork Malmö Utrecht Seville Brno".split(" ");
const THINGS = "lamp kettle blanket notebook chair backpack mug drill speaker puzzle scarf printer tent clock".split(
  " ",
);
const KINDS = "folding cordless woollen ceramic oak waterproof compact recycled wireless enamelled striped".split(" ");
const WORDS =
  "please leave parcel with neighbour after six ring twice the door code changed last week gift wrap invoice to office fragile keep upright returned once colour as in photo thanks".split(
    " ",
  );

type Random = () => number;
type Json = Record<string, unknown>;

const oneOf = <T>(all: readonly T[], random: Random): T => all[Math.floor(random() * all.length)]!;
const upTo = (most: number, random: Random): number => Math.floor(random() * most);
const cents = (most: number, random: Random): number => Math.round(random() * most * 100) / 100;

/** What an order has beside its id, in the order in which a larger body gets them. */
const PARTS: readonly (readonly [name: string, make: (random: Random) => unknown])[] = [
  ["status", (random) => oneOf(["open", "paid", "packed", "shipped", "returned"], random)],
  ["total", (random) => cents(900, random)],
  ["placedAt", (random) => new Date(1_767_225_600_000 + upTo(3e10, random)).toISOString()],
  ["customer", customerOf],
  ["address", addressOf],
];

function customerOf(random: Random): Json {
  const [first, last] = [oneOf(FIRST, random), oneOf(LAST, random)];
  return {
    id: upTo(1e6, random),
    name: `${first} ${last}`,
    vip: random() < 0.1,
    mail: `${first}.${last}${upTo(99, random)}@example.com`,
  };
}

function addressOf(random: Random): Json {
  return {
    street: `${1 + upTo(240, random)} ${oneOf(STREETS, random)} Street`,
    city: oneOf(CITIES, random),
    zip: String(10_000 + upTo(89_999, random)),
  };
}

const itemOf = (random: Random): Json => ({
  sku: `${oneOf(THINGS, random).slice(0, 3).toUpperCase()}-${upTo(1e5, random)}`,
  title: `A ${oneOf(KINDS, random)} ${oneOf(THINGS, random)}`,
  quantity: 1 + upTo(5, random),
  price: cents(200, random),
});

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Most of a body is items; a tenth is prose that somebody wrote. */
const PROSE_SHARE = 0.1;

/** An order as `orderOf` of bench/diff makes it, but of `bytes` bytes, and with values that differ from order to order. */
export const createOrder = (number: number, bytes: number, random: Random): Json => {
  const order: Json = { id: `ord-${100_000 + number}` };
  let used = bytesOf({ ...order, note: "" });
  const add = (name: string, value: unknown): boolean => {
    const more = bytesOf({ [name]: value }) - 1;
    if (used + more > bytes) return false;
    order[name] = value;
    used += more;
    return true;
  };
  for (const [name, make] of PARTS) if (!add(name, make(random))) return withNote(order, bytes - used, random);
  const items: Json[] = [];
  const room = (bytes - used) * (1 - PROSE_SHARE) - bytesOf({ items: [] });
  for (let item = itemOf(random), left = room - bytesOf(item); left >= 0; left -= bytesOf(item) + 1) {
    items.push(item);
    item = itemOf(random);
  }
  add("items", items);
  return withNote(order, bytes - used, random);
};

const withNote = (order: Json, bytes: number, random: Random): Json => {
  let note = "";
  while (note.length < bytes) note += `${oneOf(WORDS, random)} `;
  return { ...order, note: note.slice(0, Math.max(0, bytes)) };
};

/** How a candidate's answer differs: a number, a word, or a field that is gone. The same in the same order each time. */
export const changedOrder = (order: Json, random: Random): Json => {
  const kind = random();
  if (kind < 0.6 || order.address === undefined) return { ...order, total: Number(order.total ?? 0) + 0.01 };
  if (kind < 0.8) return { ...order, status: "unknown" };
  const { address: _address, ...without } = order;
  return without;
};
