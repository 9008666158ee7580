import { Passage } from "../../proxy/draining.ts";

const SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** What passes of the pieces, the status being told with the piece that ends the head, as by the reader of answers. */
const passed = (text: string, cut: number, isDraining = false): readonly string[] => {
  const passage = new Passage();
  const status = Number(text.slice(9, 12));
  const headEnd = text.indexOf("\r\n\r\n") + 4;
  const pieces = [text.slice(0, cut), text.slice(cut)];
  return pieces.map((piece, index) => {
    const isWhole = index === 1 || cut >= headEnd;
    return passage.pass(Buffer.from(piece), isWhole ? status : 0, isDraining).toString();
  });
};
const cuts = (text: string) => Array.from({ length: text.length - 1 }, (_, index) => index + 1);

test("no byte of a 101 passes before its head is whole, wherever it is cut", () => {
  for (const cut of cuts(SWITCHING)) expect(passed(SWITCHING, cut)).toEqual(["", SWITCHING]);
});

test("any other answer passes as it comes, once its status is known", () => {
  for (const cut of cuts(OK)) {
    expect(passed(OK, cut).join("")).toBe(OK);
    if (cut >= 12) expect(passed(OK, cut)).toEqual([OK.slice(0, cut), OK.slice(cut)]);
  }
});

test("while draining every head is held until it is whole, and closes", () => {
  for (const cut of cuts(OK))
    expect(passed(OK, cut, true).join("")).toBe(OK.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
});

test.each([
  ["an interim answer", "HTTP/1.1 103 Early Hints\r\n\r\n", 103],
  ["nothing", "", 0],
])("a 101 that follows %s is held as well", (_, before, status) => {
  const passage = new Passage();
  if (before !== "") expect(passage.pass(Buffer.from(before), status, false).toString()).toBe(before);
  expect(passage.pass(Buffer.from(SWITCHING.slice(0, 20)), 0, false).toString()).toBe("");
  expect(passage.pass(Buffer.from(SWITCHING.slice(20)), 101, false).toString()).toBe(SWITCHING);
});

test("what was held of a head that turns out to be none is given back", () => {
  const passage = new Passage();
  expect(passage.pass(Buffer.from("HTTP/1"), 0, false).toString()).toBe("");
  expect(passage.release().toString()).toBe("HTTP/1");
});
