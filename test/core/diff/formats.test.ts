import { formatOf } from "../../../core/diff/formats.ts";

const AT = Date.UTC(2026, 0, 1);

test.each([
  ["2026-01-01T00:00:00Z", "date-time"],
  ["2026-01-01T00:00:00.123456+02:00", "date-time"],
  ["2026-01-01 00:00:00", "date-time"],
  ["2026-01-01", undefined],
  ["Thu, 01 Jan 2026 00:00:00 GMT", "http-date"],
  ["0f8fad5b-d9cb-469f-a165-70867728950e", "uuid"],
  ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "ulid"],
  ["9f86d081884c7d65", "token"],
  ["aGVsbG8gd29ybGQ0Mg", "token"],
  ["internationalShippingAddress", undefined],
  ["getOrdersByCustomerV2", undefined],
  ["order-2024-confirmation-17", undefined],
  ["1234567890123456", undefined],
  ["~r:s:0123456789abcdef", undefined],
  ["hello", undefined],
  [AT, "epoch-milliseconds"],
  [AT / 1_000, "epoch-seconds"],
  [String(AT), "epoch-milliseconds"],
  [1_000_000_000, undefined],
  [42, undefined],
  [null, undefined],
  [{}, undefined],
])("%s is %s", (value, expected) => {
  expect(formatOf(value, AT)).toBe(expected);
});
