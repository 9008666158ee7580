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
  ["POST /a", "curl -si -X 'POST' 'http://localhost:3001/a'", [/the body is not kept/]],
  ["GET /it's", "curl -si 'http://localhost:3001/it'\\''s'"],
  ["GET /a?ids[]={1}", "curl -si --globoff 'http://localhost:3001/a?ids[]={1}'"],
  ["GET /a/../b", "curl -si --path-as-is 'http://localhost:3001/a/../b'"],
  ["GET /caf\u00e9\u0000", "curl -si 'http://localhost:3001/caf%E9%00'"],
  ["OPTIONS *", "curl -si -X 'OPTIONS' 'http://localhost:3001/' --request-target '*'"],
  ["GET /a?token=~r:s:0123456789abcdef", "curl -si 'http://localhost:3001/a?token=HIDDEN'", HIDDEN],
  ["GET /a?q=lon…", "curl -si 'http://localhost:3001/a?q=lon'", CUT],
])("%j is asked again by %s", (request, command, hints = []) => {
  const curl = curlOf(request, LANES);
  expect(curl.command).toBe(command);
  expect(curl.hints).toEqual(hints.map((hint) => expect.stringMatching(hint)));
});

test("where several services might answer, the user says which", () => {
  const two = [LANES[0]!, { ...LANES[0]!, service: "api", candidate: { url: "http://localhost:4001" } }];
  const { command, hints } = curlOf("GET /a", two);
  expect(command).toBe(`curl -si "$CANDIDATE"'/a'`);
  expect(hints).toEqual([
    "set CANDIDATE to where the service answers: web http://localhost:3001, api http://localhost:4001",
  ]);
});

test("a path of the candidate comes before that of the request", () => {
  const [lane] = LANES;
  expect(curlOf("GET /a", [{ ...lane!, candidate: { url: "http://h/v2/" } }]).command).toBe("curl -si 'http://h/v2/a'");
});

test("whatever a caller sent, a shell reads it as one argument of printable ASCII", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (target) => {
      const { command } = curlOf(`GET /${target}`, LANES);
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
  const { command } = curlOf(`GET ${target}`, LANES);
  const said = execFileSync("sh", ["-c", command.replace(/^curl/, "printf '%s\\n'")], { encoding: "utf8" });
  expect(said.split("\n").at(-2)).toBe(`http://localhost:3001${target.replaceAll(" ", "%20")}`);
});
