import { OrderBy, orderKeyOf } from "../../../core/sampling/order-by.ts";

const keyOf = (by: object, target: string, headers: readonly (readonly [string, string])[] = []) =>
  orderKeyOf(OrderBy.parse(by))({ target, headers });

test.each<[string, object, string, [string, string][], string | undefined]>([
  ["a header, whatever its case", { header: "X-Session" }, "/", [["x-session", "s1"]], "s1"],
  ["a header that is not there", { header: "X-Session" }, "/", [], undefined],
  ["an empty header", { header: "X-Session" }, "/", [["x-session", ""]], undefined],
  ["a cookie among others", { cookie: "sid" }, "/", [["Cookie", "a=1; sid=s2; b=3"]], "s2"],
  ["a cookie that only ends so", { cookie: "sid" }, "/", [["Cookie", "xsid=s2"]], undefined],
  ["an empty cookie", { cookie: "sid" }, "/", [["Cookie", "sid="]], undefined],
  ["a part of the path", { path: "/orders/{id}" }, "/orders/7", [], "7"],
  ["a part of the path, with what lies below it", { path: "/orders/{id}" }, "/orders/7/lines?x=1", [], "7"],
  ["a part of the path, spelled otherwise", { path: "/orders/{id}" }, "/%6frders//./7", [], "7"],
  ["a path above the parameter", { path: "/orders/{id}" }, "/orders/", [], undefined],
  ["another path", { path: "/orders/{id}" }, "/order/7", [], undefined],
  ["two parts of the path", { path: "/{shop}/orders/{id}" }, "/north/orders/7", [], "north/7"],
  ["a target that is no path", { path: "/{all}" }, "*", [], undefined],
])("the key of %s", (_name, by, target, headers, key) => {
  expect(keyOf(by, target, headers)).toBe(key);
});

test.each<[object, RegExp]>([
  [{}, /exactly one of header, cookie and path/],
  [{ header: "a", cookie: "b" }, /exactly one of header, cookie and path/],
  [{ header: "a b" }, /must be a header name/],
  [{ path: "/orders" }, /must be a path with a parameter in braces, such as \/orders\/\{id\}/],
  [{ path: "orders/{id}" }, /must be a path with a parameter/],
  [{ path: "/orders/x{id}" }, /must be a path with a parameter/],
  [{ path: "/orders/{id}?a" }, /must be a path with a parameter/],
  [{ query: "id" }, /query/],
])("%j is refused", (by, message) => {
  expect(OrderBy.safeParse(by).error?.message).toMatch(message);
});
