import type * as z from "zod";
import { ShadowgraphError } from "../core/errors.ts";
import { Baseline, Overlay, Run } from "../core/sampling/environment.ts";
import { keyOf, prefixOf, sortable } from "./key.ts";
import type { Catalog } from "./ports.ts";
import { ABSENT, type Row, type Table } from "./table.ts";

const PARTITION = "CATALOG";
type Noun = "baseline" | "overlay";
const SCHEMAS = { baseline: Baseline, overlay: Overlay } as const;
const prefixOfNoun = (noun: Noun) => prefixOf(noun.toUpperCase());

/**
 * Baselines and overlays share one partition, so that a lookup by name or by id is one consistent query.
 * The name is the key: a conditional write makes it unique. Ids are random where they are made, so that looking
 * before writing is enough for them.
 */
export const createCatalog = (table: Table): Catalog => {
  const rows = (noun: Noun) => table.all(PARTITION, prefixOfNoun(noun));

  const find = async (noun: Noun, idOrName: string): Promise<Row | undefined> => {
    const all = await rows(noun);
    return all.find((row) => row.attributes.id === idOrName) ?? all.find((row) => row.sk === keyOfNoun(noun, idOrName));
  };

  const need = async (noun: Noun, idOrName: string): Promise<Row> => {
    const row = await find(noun, idOrName);
    if (row === undefined) throw new ShadowgraphError("not-found", `no ${noun} has the id or name "${idOrName}"`);
    return row;
  };

  const create = async (noun: Noun, entity: Baseline | Overlay) => {
    const sk = keyOfNoun(noun, entity.file.name);
    for (const taken of await rows(noun)) {
      if (taken.sk === sk || taken.attributes.id === entity.id) throw isTaken(noun, entity);
    }
    const revision = "revision" in entity ? entity.revision : 0;
    const attributes = { id: entity.id, revision };
    const written = await table.put({ pk: PARTITION, sk, value: entity, attributes, condition: ABSENT });
    if (!written) throw isTaken(noun, entity);
  };

  return {
    createBaseline: (baseline) => create("baseline", baseline),
    baselines: async () => (await rows("baseline")).map((row) => parse(SCHEMAS.baseline, row)),
    baseline: async (idOrName) => parse(SCHEMAS.baseline, await need("baseline", idOrName)),
    createOverlay: (overlay) => create("overlay", overlay),
    overlays: async () => (await rows("overlay")).map((row) => parse(SCHEMAS.overlay, row)),
    overlay: async (idOrName) => parse(SCHEMAS.overlay, await need("overlay", idOrName)),

    async putOverlay(overlay) {
      const next: Overlay = { ...overlay, revision: overlay.revision + 1 };
      const written = await table.put({
        pk: PARTITION,
        sk: keyOfNoun("overlay", overlay.file.name),
        value: next,
        attributes: { id: next.id, revision: next.revision },
        condition: {
          expression: "#id = :id AND #revision = :revision",
          values: { id: overlay.id, revision: overlay.revision },
        },
      });
      if (written) return next;
      throw new ShadowgraphError(
        "conflict",
        `overlay "${overlay.file.name}" has changed since revision ${overlay.revision} was read, or is gone: read it again`,
      );
    },

    async deleteOverlay(id) {
      const row = await find("overlay", id);
      if (row === undefined) return;
      // Only the one that was found: in between, the name may have gone to another overlay.
      const same = { expression: "#id = :id", values: { id: String(row.attributes.id) } };
      await table.delete({ pk: PARTITION, sk: row.sk }, same);
    },

    async recordRun(env, run) {
      await table.put({ pk: keyOf("ENV", env), sk: keyOf("RUN", sortable(run.attempt), run.id), value: run });
    },

    runs: async (env) => (await table.all(keyOf("ENV", env), prefixOf("RUN"))).map((row) => parse(Run, row)),
  };
};

const keyOfNoun = (noun: Noun, name: string): string => keyOf(noun.toUpperCase(), name);

const isTaken = (noun: Noun, { file, id }: Baseline | Overlay) =>
  new ShadowgraphError("conflict", `the name "${file.name}" or the id "${id}" is taken by another ${noun}`);

const parse = <T>(schema: z.ZodType<T>, row: Row): T => {
  const parsed = schema.safeParse(row.value);
  if (parsed.success) return parsed.data;
  throw new ShadowgraphError("internal", `the stored ${row.sk} cannot be read`, { cause: parsed.error });
};
