import * as z from "zod";

const TYPES = ["null", "boolean", "number", "integer", "string", "array", "object"] as const;
const count = z.int().min(0);
/** A bound of its own, or in older schemas a word on `minimum` or `maximum`. */
const exclusive = z.union([z.boolean(), z.number()]);

/**
 * A schema by the keywords that answers are checked against, of all drafts that OpenAPI files use; what else a schema says is left
 * out when it is read. Left out on purpose: `format` (an annotation), `pattern` and `uniqueItems` (no bound on their work).
 */
export const JsonSchema = z
  .union([
    z.boolean(),
    z
      .object({
        $ref: z.string(),
        type: z.union([z.enum(TYPES), z.array(z.enum(TYPES))]),
        nullable: z.boolean(),
        enum: z.array(z.unknown()),
        const: z.unknown(),
        minimum: z.number(),
        maximum: z.number(),
        exclusiveMinimum: exclusive,
        exclusiveMaximum: exclusive,
        minLength: count,
        maxLength: count,
        minItems: count,
        maxItems: count,
        minProperties: count,
        maxProperties: count,
        required: z.array(z.string()),
        /** Not in answers, even where it is required. */
        writeOnly: z.boolean(),
        get properties() {
          return z.record(z.string(), JsonSchema);
        },
        get additionalProperties() {
          return JsonSchema;
        },
        /** That there are some: which keys they speak of is not read. */
        patternProperties: z.unknown().transform(() => ({})),
        get items() {
          return z.union([JsonSchema, z.array(JsonSchema)]);
        },
        get prefixItems() {
          return z.array(JsonSchema);
        },
        get allOf() {
          return z.array(JsonSchema);
        },
        get anyOf() {
          return z.array(JsonSchema);
        },
        get oneOf() {
          return z.array(JsonSchema);
        },
        get not() {
          return JsonSchema;
        },
      })
      .partial(),
  ])
  .meta({ id: "JsonSchema" });
export type JsonSchema = z.infer<typeof JsonSchema>;

/** Every `$ref` in it. */
export const refsIn = (schema: JsonSchema): readonly string[] => {
  if (typeof schema === "boolean") return [];
  const { $ref, properties = {}, allOf = [], anyOf = [], oneOf = [], prefixItems = [], ...rest } = schema;
  const { items, additionalProperties, not } = rest;
  const below = [
    ...Object.values(properties),
    ...allOf,
    ...anyOf,
    ...oneOf,
    ...prefixItems,
    ...[items, additionalProperties, not].flat(),
  ];
  const found = below.flatMap((part) => (part === undefined ? [] : refsIn(part)));
  return $ref === undefined ? found : [$ref, ...found];
};
