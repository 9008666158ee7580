import { paintOf } from "../../cli/render/paint.ts";
import { table } from "../../cli/render/table.ts";
import { clip, duration, number, percent, visible, widthOf } from "../../cli/render/text.ts";
import { finding } from "../lambdas/api/judgements.ts";
import { cliWithOverlay } from "./cli-under-test.ts";

test.each([
  ["plain text, äöü €, 注文 and 👩‍👩‍👧", "plain text, äöü €, 注文 and 👩‍👩‍👧"],
  ["a\u001b[31mred", "a\\x1b[31mred"],
  ["\u009b2J", "\\x9b2J"],
  ["line\r\nbreak\t\u2028", "line\\r\\nbreak\\t\\u{2028}"],
  ["\u202eevil\u2066", "\\u{202e}evil\\u{2066}"],
  ["\u0000\u007f", "\\x00\\x7f"],
  ["half \ud800 a pair", "half \\u{d800} a pair"],
])("%j is shown as %j", (text, shown) => expect(visible(text)).toBe(shown));

test.each([
  ["abc", 3],
  ["注文", 4],
  ["👩‍👩‍👧", 2],
  ["e\u0301", 1],
  ["", 0],
])("%j takes %d columns", (text, width) => expect(widthOf(text)).toBe(width));

test.each([
  ["abcdef", 4, "abc…"],
  ["注文注文", 4, "注…"],
  ["abc", 3, "abc"],
])("%j in %d columns is %j", (text, columns, cut) => expect(clip(text, columns)).toBe(cut));

test("figures are easy to read", () => {
  expect([number(999), number(1_234_567), percent(0.00125), duration(30), duration(600), duration(7_200)]).toEqual([
    "999",
    "1 234 567",
    "0.125 %",
    "30 s",
    "10 min",
    "2 h",
  ]);
});

test("a table is aligned by display width", () => {
  const columns = [{ title: "name" }, { title: "n", align: "right" as const }, { title: "end" }];
  const rows = [
    ["注文", "1", "x"],
    ["ab", "1 000", "y"],
  ];
  expect(table(columns, rows, paintOf({ isTerminal: false, env: {} }))).toBe(
    ["name      n  end", "注文      1  x", "ab    1 000  y", ""].join("\n"),
  );
});

const ESCAPE = "\u001b";

test.each([
  ["a terminal", { isTerminal: true, env: {} }, true],
  ["a pipe", { isTerminal: false, env: {} }, false],
  ["NO_COLOR", { isTerminal: true, env: { NO_COLOR: "1" } }, false],
  ["an empty NO_COLOR", { isTerminal: true, env: { NO_COLOR: "" } }, true],
  ["a dumb terminal", { isTerminal: true, env: { TERM: "dumb" } }, false],
])("colours on %s", async (_title, io, isColoured) => {
  const cli = await cliWithOverlay();
  cli.api.scene = { findings: [finding("body/price")] };
  for (const line of [
    "env list",
    "env show checkout",
    "env diffs checkout",
    "env verdict checkout",
    "rules show checkout",
  ]) {
    const { out } = await cli.run(line, io);
    expect([line, out.includes(ESCAPE)]).toEqual([line, isColoured]);
  }
  expect((await cli.run("env diffs checkout --json", io)).out).not.toContain(ESCAPE);
});

test("findings of one cause stand below the first of them, which alone has its example", async () => {
  const cli = await cliWithOverlay();
  cli.api.scene = { findings: [finding("status"), finding("body/price", { group: "f-status" }), finding("body/x")] };
  const { out } = await cli.run("env diffs checkout");
  expect(out).toContain("3 findings, 2 causes (↳ shares the one above)");
  expect(out).toMatch(/status .*\n(?: {4}.*\n)+\n.*↳ body\/price .*\n.*body\/x .*\n {4}/);
  expect(out.match(/^ {4}request/gm)).toHaveLength(2);
});

test("a hostile service cannot drive the terminal", async () => {
  const hostile = `${ESCAPE}]0;owned\u0007${ESCAPE}[2J\r\n\u202e`;
  const cli = await cliWithOverlay();
  const example = { pair: hostile, at: 1, request: hostile, primary: hostile, candidate: hostile, secondary: hostile };
  const found = finding("body/x", { id: "f-1", endpoint: hostile, place: hostile, examples: [example] });
  cli.api.scene = { findings: [found], verdict: { reason: hostile, reasons: [hostile, hostile + 1] } };
  for (const line of [
    "env diffs checkout",
    "env diffs checkout --finding f-1",
    "env verdict checkout",
    "rules show checkout",
    "env report checkout",
  ]) {
    const { out, err } = await cli.run(line);
    for (const char of [ESCAPE, "\u0007", "\r", "\u202e"])
      expect([line, (out + err).includes(char)]).toEqual([line, false]);
  }
  const { err } = await cli.run("env list", {
    fetch: async () => Response.json({ code: "conflict", detail: hostile }, { status: 409 }),
  });
  expect(err).not.toContain(ESCAPE);
});

test("a finding is shown as a line to run again, and what differs in colour", async () => {
  const cli = await cliWithOverlay();
  const lead = "a".repeat(30).concat(" ").repeat(8);
  const example = { pair: "p-1", at: 1, request: "GET /it's?token=~r:s:0123456789abcdef" };
  const examples = [
    { ...example, primary: "Whisk 17", candidate: "Whisk 56", secondary: "Whisk 17" },
    { ...example, primary: `${lead}1`, candidate: `${lead}2` },
  ];
  cli.api.scene = { findings: [finding("body/x", { id: "f-1", examples })] };
  const { out } = await cli.run("env diffs checkout --finding f-1", { isTerminal: true, columns: 80 });
  const lines = out.split("\n").map((line) => line.replaceAll(`${ESCAPE}[`, "^"));
  expect(lines).toEqual(
    expect.arrayContaining([
      "    ^2m# HIDDEN stands for a value that was hidden: put one of yours^0m",
      "    curl -si 'http://localhost:3001/it'\\''s?token=HIDDEN'",
      "    ^2mprimary    ^0mWhisk ^32m17^0m",
      "    ^2mcandidate  ^0mWhisk ^31m56^0m",
      "    ^2msecondary  ^0mWhisk 17",
      expect.stringMatching(/^ {4}\^2mcandidate {2}\^0m….{30}\^31m2\^0m$/),
    ]),
  );
  expect((await cli.run("env diffs checkout --finding f-1")).out).toContain("candidate  Whisk 56\n");
});
