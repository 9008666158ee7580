import { outcomeOf, Release } from "../core/release/release.ts";
import type { Releases } from "./deploy-ports.ts";
import { keyOf, prefixOf, sortable } from "./key.ts";
import { ABSENT, type Table } from "./table.ts";

/** Names of overlays with a release under way: so that nobody need look through all that ever were. */
const OPEN = "RELEASING";

/** Every release with what it rested on, kept for ever, also of overlays that are gone. */
export const createReleases = (table: Table): Releases => ({
  async latest(env) {
    for await (const row of table.query(keyOf("ENV", env), prefixOf("RELEASE"), { newestFirst: true, limit: 1 }))
      return Release.parse(row.value);
    return undefined;
  },

  all: async (env) => (await table.all(keyOf("ENV", env), prefixOf("RELEASE"))).map((row) => Release.parse(row.value)),

  open: async () => (await table.all(OPEN, "")).map(({ sk }) => sk),

  async put(release) {
    const { env, at, id, step } = release;
    // Before the release itself: one that is not noted as open would not be seen if its message is lost.
    if (step === 1) await table.put({ pk: OPEN, sk: env, value: null });
    const condition = step === 1 ? ABSENT : { expression: "#step = :before", values: { before: step - 1 } };
    const sk = keyOf("RELEASE", sortable(at), id);
    const isWritten = await table.put({ pk: keyOf("ENV", env), sk, value: release, attributes: { step }, condition });
    if (isWritten && outcomeOf(release) !== "releasing") await table.delete({ pk: OPEN, sk: env });
    return isWritten;
  },

  close: async (env) => void (await table.delete({ pk: OPEN, sk: env })),
});
