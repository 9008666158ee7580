import { Buffer } from "node:buffer";

/** One step further into JSON, for all pointers that begin alike. Names are latin-1 of their UTF-8. */
interface PointerNode {
  readonly named: Map<string, PointerNode>;
  any: PointerNode | undefined;
  /** A pointer ends here: what stands here is secret. */
  isEnd: boolean;
}

/** How far into JSON the pointers are followed: of all that may still end below. */
export type Followed = readonly PointerNode[];

const newNode = (): PointerNode => ({ named: new Map(), any: undefined, isEnd: false });

/** RFC 6901 3 and 4. */
const stepsOf = (pointer: string): readonly string[] => {
  const steps = pointer.split("/").slice(1);
  // What stands at a secret place is secret with all below it.
  return steps.at(-1) === "**" ? steps.slice(0, -1) : steps;
};

const nameOf = (step: string): string =>
  Buffer.from(step.replaceAll("~1", "/").replaceAll("~0", "~"), "utf8").toString("latin1");

/** RFC 6901 pointers with `*` for any one step and `**` at the end, prepared to be followed all at once. */
export class JsonPointers {
  readonly #root = newNode();
  /** The last names in them; undefined where one has no name in it. */
  readonly #lastNames: ReadonlySet<string> | undefined;

  constructor(pointers: readonly string[]) {
    for (const pointer of pointers) this.#add(stepsOf(pointer));
    const last = pointers.map((pointer) => stepsOf(pointer).findLast((step) => step !== "*"));
    this.#lastNames = last.includes(undefined) ? undefined : new Set(last.map((step) => nameOf(step!)));
  }

  get begin(): Followed {
    return [this.#root];
  }

  /** For JSON in which no pointer can be followed, because it is broken or cut: does a pointer end at, or below, a key of this name? */
  readonly endsAt = (name: string): boolean => this.#lastNames === undefined || this.#lastNames.has(name);

  #add(steps: readonly string[]): void {
    let node = this.#root;
    for (const step of steps) {
      if (step === "*") node = node.any ??= newNode();
      else {
        const name = nameOf(step);
        if (!node.named.has(name)) node.named.set(name, newNode());
        node = node.named.get(name)!;
      }
    }
    node.isEnd = true;
  }
}

const NOWHERE: Followed = [];

/** Into a key of an object, or an item of a list by its number. */
export const follow = (from: Followed, step: string): Followed => {
  let reached: PointerNode[] | undefined;
  for (const { named, any } of from) {
    const node = named.get(step);
    if (node !== undefined) (reached ??= []).push(node);
    if (any !== undefined) (reached ??= []).push(any);
  }
  return reached ?? NOWHERE;
};

export const isEnd = (at: Followed): boolean => at.some((node) => node.isEnd);
