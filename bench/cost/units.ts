/** How the services count what they bill. */

const SQS_CHUNK_BYTES = 64 * 1_024;
const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;

/** Requests that a call of SQS is billed as: one for each 64 KiB of payload that is begun, at least one. */
export const sqsRequests = (payloadBytes: number): number => Math.max(1, Math.ceil(payloadBytes / SQS_CHUNK_BYTES));

/** WRU of a put: by the larger of the item and the one it replaces, also where the condition fails. */
export const writeUnits = (itemBytes: number, replacedBytes = 0): number =>
  Math.max(1, Math.ceil(Math.max(itemBytes, replacedBytes) / WRITE_UNIT_BYTES));

/** RRU of a consistent read: of an item, or of all items of a page together; at least one, also where nothing is found. */
export const readUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES));

/** An attribute as it stands on the wire. */
export type Attribute = Readonly<Partial<Record<"S" | "N" | "B", string>>>;
export type Item = Readonly<Record<string, Attribute>>;

/** Bytes of the names and values of an item, as DynamoDB counts them ("Item sizes and formats" in its guide). */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);

const valueBytes = ({ S, N, B }: Attribute): number => {
  if (S !== undefined) return Buffer.byteLength(S);
  if (B !== undefined) return Buffer.byteLength(B, "base64");
  if (N !== undefined) return Math.ceil(N.replace(/[^0-9]/g, "").replace(/^0+|0+$/g, "").length / 2) + 1;
  return 1;
};
