import fc from "fast-check";
import { createRedactor } from "../../../core/capture/redact.ts";

const { headers, target, body } = createRedactor(Buffer.from("key"));
const soup = fc
  .array(
    fc.constantFrom(
      "password",
      "token",
      "pin",
      "=",
      ":",
      " ",
      "\n",
      "\r\n",
      '"',
      "'",
      "\\",
      "{",
      "}",
      "[",
      "]",
      ",",
      "&",
      ";",
      "?",
      "<",
      ">",
      "</",
      "%22",
      "%3D",
      "%",
      "a",
      "x1",
      "4111111111111111",
      "4111 1111 ",
      "1111 1111",
      "5",
      "-",
      "+",
      ".",
      "~r:s:0123456789abcdef",
      "~r:",
      "Bearer ",
      "basic ",
      "dTpw",
      "eyJhbGciOiJI",
      ".e30.",
      "://",
      "@",
      "/",
      "Authorization",
      "Cookie",
      "name=",
      "value=",
      "form-data",
      "<![CDATA[",
      "]]>",
      "1.5",
      "true",
      "null",
      "é",
      "data: ",
    ),
    { maxLength: 16 },
  )
  .map((p) => p.join(""));
test.each(["application/json", "text/plain", "application/x-www-form-urlencoded"])("twice is once %s", (type) => {
  fc.assert(
    fc.property(soup, (t) => {
      const once = Buffer.from(body(Buffer.from(t), type)).toString("latin1");
      const twice = Buffer.from(body(Buffer.from(once, "latin1"), type)).toString("latin1");
      expect(twice).toBe(once);
    }),
    { numRuns: 300000 },
  );
});
test("target", () => {
  fc.assert(
    fc.property(soup, (t) => {
      const o = target(t);
      expect(target(o)).toBe(o);
    }),
    { numRuns: 300000 },
  );
});
test("headers", () => {
  fc.assert(
    fc.property(fc.constantFrom("Cookie", "Set-Cookie", "X", "Authorization"), soup, (n, t) => {
      const o = headers([[n, t]]);
      expect(headers(o)).toEqual(o);
    }),
    { numRuns: 300000 },
  );
});
