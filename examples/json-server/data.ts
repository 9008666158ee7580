/** The data file that both versions of json-server serve: a small shop, the same at every call. */
export const PRODUCTS = 60;
export const CUSTOMERS = 20;
export const REVIEWS = 150;

const NAMES = ["Teapot", "Cup", "Kettle", "Tray", "Spoon", "Jug", "Bowl", "Whisk", "Caddy", "Strainer"];
const CATEGORIES = ["brewing", "serving", "storing"];
const TOWNS = ["Ghent", "Porto", "Turku", "Bath", "Lund"];

const numbered = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i + 1));

export const shopData = () => ({
  products: numbered(PRODUCTS, (id) => ({
    id,
    name: `${NAMES[id % NAMES.length]} No. ${id}`,
    category: CATEGORIES[id % CATEGORIES.length],
    price: Math.round((4 + ((id * 37) % 90) + (id % 7) / 7) * 100) / 100,
    stock: (id * 13) % 40,
    tags: id % 2 === 0 ? ["new", "sale"] : ["classic"],
    dimensions: { width: 5 + (id % 9), height: 8 + (id % 11), unit: "cm" },
  })),
  customers: numbered(CUSTOMERS, (id) => ({
    id,
    name: `Customer ${id}`,
    town: TOWNS[id % TOWNS.length],
    vip: id % 5 === 0,
  })),
  reviews: numbered(REVIEWS, (id) => ({
    id,
    productId: 1 + ((id * 7) % PRODUCTS),
    stars: 1 + (id % 5),
    text: `Review ${id}: ${id % 3 === 0 ? "holds heat well" : "as described"}`,
  })),
  /** Writes go here and nowhere else, so that reads stay comparable however many writes stay unmirrored. */
  visits: [] as unknown[],
  shop: { name: "The Tea Shop", open: true, currency: "EUR" },
});
