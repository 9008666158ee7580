import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { curlOf } from "../../../core/report/curl.ts";
import { LANES } from "./reports.ts";

const CUT = [/was longer/];
const HIDDEN = [/HIDDEN stands for a value that was hidden/];

test.each<[request: string, command: string, hints?: RegExp[]]>([
  ["GET /orders/1?full=true", "curl -si 'http://localhost:3001/orders/1?full=true'"],
  ["HEAD /", "curl -si --head 'http://localhost:3001/'"],
  ["DELETE /a", "curl -si -X 'DELETE' 'http://localhost:3001/a'"],
  ["POST /a", "curl -si -X 'POST' 'http://localhost:3001/a'", [/there was no body, or one that is not kept/]],
  ["GET /it's", "curl -si 'http://localhost:3001/it'\\''s'"],
  ["GET /a?ids[]={1}", "curl -si --globoff 'http://localhost:3001/a?ids[]={1}'"],
  ["GET /a/../b", "curl -si --path-as-is 'http://localhost:3001/a/../b'"],
  ["GET /caf\u00e9\u0000", "curl -si 'http://localhost:3001/caf%E9%00'"],
  ["OPTIONS *", "curl -si -X 'OPTIONS' 'http://localhost:3001/' --request-target '*'"],
  ["GET /a?token=~r:s:0123456789abcdef", "curl -si 'http://localhost:3001/a?token=HIDDEN'", HIDDEN],
  ["GET /a?q=lon…", "curl -si 'http://localhost:3001/a?q=lon'", CUT],
])("%j is asked again by %s", (request, command, hints = []) => {
  const curl = curlOf({ request }, LANES);
  expect(curl.command).toBe(command);
  expect(curl.hints).toEqual(hints.map((hint) => expect.stringMatching(hint)));
});

test.each([
  ["printable ASCII", "application/json", `{"it's":"$(id) \\n"}`],
  ["several lines, in UTF-8, with backslashes", "text/plain", "a\\nb\r\n\t注文\u001b[31m%s\\0101"],
])("a body of %s arrives as it was", (_title, type, text) => {
  const { command, hints } = curlOf({ request: "POST /a", content: { type, text } }, LANES);
  expect(command).toMatch(/^[\x20-\x7e]+$/);
  expect(command).toContain(`-H 'content-type: ${type}'`);
  expect(hints).toEqual([]);
  const script = `curl() { while [ "$1" != --data-raw ] && [ "$1" != --data-binary ]; do shift; done; if [ "$2" = @- ]; then cat; else printf %s "$2"; fi; }\n${command}`;
  expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(text);
});

test("a GET with a body stays a GET, and a body of no type gets none", () => {
  const { command } = curlOf({ request: "GET /a", content: { type: "", text: "x" } }, LANES);
  expect(command).toBe("curl -si -X 'GET' -H 'content-type:' --data-raw 'x' 'http://localhost:3001/a'");
});

test("of a body, too, it is said what was hidden and what was cut", () => {
  const content = { type: "application/json", text: '{"password":"~r:s:0123456789abcdef","a":"…' };
  const { command, hints } = curlOf({ request: "POST /a", content }, LANES);
  expect(command).toContain(`--data-raw '{"password":"HIDDEN","a":"'`);
  expect(hints).toEqual([expect.stringMatching(/HIDDEN stands/), expect.stringMatching(/body was longer/)]);
});

test("where several services might answer, the user says which", () => {
  const two = [LANES[0]!, { ...LANES[0]!, service: "api", candidate: { url: "http://localhost:4001" } }];
  const { command, hints } = curlOf({ request: "GET /a" }, two);
  expect(command).toBe(`curl -si "$CANDIDATE"'/a'`);
  expect(hints).toEqual([
    "set CANDIDATE to where the service answers: web http://localhost:3001, api http://localhost:4001",
  ]);
});

test("a path of the candidate comes before that of the request", () => {
  const [lane] = LANES;
  expect(curlOf({ request: "GET /a" }, [{ ...lane!, candidate: { url: "http://h/v2/" } }]).command).toBe(
    "curl -si 'http://h/v2/a'",
  );
});

test("whatever a caller sent, a shell reads it as one argument of printable ASCII", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (target) => {
      const { command } = curlOf({ request: `GET /${target}` }, LANES);
      expect(command).toMatch(/^[\x20-\x7e]+$/);
      // What stands outside of quotes is nothing but our own words.
      expect(command.replaceAll(/'[^']*'/g, "Q").replaceAll("\\'", "")).toMatch(
        /^curl -si( --globoff| --path-as-is)* Q+$/,
      );
    }),
  );
});

test("a shell that runs the line gives curl the address as it is", () => {
  const target = "/a?x=$(id)`id`\"';|&<>!*~\\ end";
  const { command } = curlOf({ request: `GET ${target}` }, LANES);
  const said = execFileSync("sh", ["-c", command.replace(/^curl/, "printf '%s\\n'")], { encoding: "utf8" });
  expect(said.split("\n").at(-2)).toBe(`http://localhost:3001${target.replaceAll(" ", "%20")}`);
});
