import type { LookupAddress } from "node:dns";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { addressBook, type LookUp, oneAtATime } from "../../proxy/addresses.ts";

const V4 = { address: "127.0.0.1", family: 4 };
const V6 = { address: "::1", family: 6 };
const failed = (code: string) => Object.assign(new Error(code), { code });

beforeEach(() => void jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick"] }));
afterEach(() => void jest.useRealTimers());

/** Name servers that answer when told to. */
const servers = () => {
  const asked: { host: string; answer: (of: LookupAddress[] | Error) => void }[] = [];
  const look: LookUp = (host, answer) =>
    void asked.push({ host, answer: (of) => (of instanceof Error ? answer(of, []) : answer(null, of)) });
  return { asked, look };
};

/** Asks as a socket does, and holds what came: undefined while nothing has. */
const asking = (lookup: ReturnType<typeof addressBook>, host = "a.test") => {
  const got: { of?: unknown } = {};
  lookup(host, { all: true }, (error, addresses) => {
    got.of = error === null ? addresses : error.message;
  });
  return got;
};
const aTurn = () => new Promise((resolve) => setImmediate(resolve));

test("all who connect meanwhile share one look-up; its answer holds for a second", async () => {
  const { asked, look } = servers();
  const lookup = addressBook(look);
  const got = [asking(lookup), asking(lookup)];
  expect(asked).toHaveLength(1);
  asked[0]!.answer([V6, V4]);
  jest.advanceTimersByTime(999);
  got.push(asking(lookup));
  await aTurn();
  expect(got).toEqual(Array(3).fill({ of: [V6, V4] }));
  jest.advanceTimersByTime(1);
  asking(lookup);
  expect(asked).toHaveLength(2);
});

test("a look-up that hangs is waited for a moment by the first, by nobody after: the last known addresses are used", async () => {
  const { asked, look } = servers();
  const lookup = addressBook(look);
  asking(lookup);
  asked[0]!.answer([V4]);
  jest.advanceTimersByTime(5_000);
  const first = asking(lookup);
  await aTurn();
  expect(first).toEqual({});
  jest.advanceTimersByTime(250);
  const second = asking(lookup);
  await aTurn();
  expect([first, second]).toEqual([{ of: [V4] }, { of: [V4] }]);
  asked[1]!.answer([V6]);
  const third = asking(lookup);
  await aTurn();
  expect(third).toEqual({ of: [V6] });
  expect(asked).toHaveLength(2);
});

test.each([
  ["servers that fail leave the last known addresses", "EAI_AGAIN", [V4], [V4]],
  ["a name that is said not to exist is gone", "ENOTFOUND", "ENOTFOUND", [V6]],
])("%s; a second later it is asked again", async (_, code, then, meanwhile) => {
  const { asked, look } = servers();
  const lookup = addressBook(look);
  asking(lookup);
  asked[0]!.answer([V4]);
  jest.advanceTimersByTime(1_000);
  const got = [asking(lookup)];
  asked[1]!.answer(failed(code));
  got.push(asking(lookup));
  await aTurn();
  expect(got).toEqual([{ of: then }, { of: then }]);
  jest.advanceTimersByTime(1_000);
  const again = asking(lookup);
  asked[2]!.answer([V6]);
  const recovered = asking(lookup);
  await aTurn();
  expect([again, recovered]).toEqual([{ of: meanwhile }, { of: [V6] }]);
});

test("a name never known fails with its look-up, and is asked again a second later", async () => {
  const { asked, look } = servers();
  const lookup = addressBook(look);
  const got = asking(lookup);
  asked[0]!.answer(failed("EAI_AGAIN"));
  await aTurn();
  expect(got).toEqual({ of: "EAI_AGAIN" });
  asking(lookup);
  expect(asked).toHaveLength(1);
  jest.advanceTimersByTime(1_000);
  asking(lookup);
  expect(asked).toHaveLength(2);
});

test("mirrors have one look-up under way, so that a name that hangs leaves the primary's a thread", async () => {
  const { asked, look } = servers();
  const lookup = addressBook(oneAtATime(look));
  const hanging = asking(lookup, "hangs.test");
  const others = [asking(lookup, "b.test"), asking(lookup, "c.test")];
  expect(asked.map(({ host }) => host)).toEqual(["hangs.test"]);
  asked[0]!.answer(failed("EAI_AGAIN"));
  asked[1]!.answer([V4]);
  asked[2]!.answer([V6]);
  await aTurn();
  expect([hanging, ...others]).toEqual([{ of: "EAI_AGAIN" }, { of: [V4] }, { of: [V6] }]);
});

test("a socket connects by whichever address answers", async () => {
  jest.useRealTimers();
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  for (const autoSelectFamily of [true, false]) {
    const addresses = autoSelectFamily ? [V6, V4] : [V4];
    const lookup = addressBook((_, answer) => answer(null, addresses));
    const socket = connect({ host: "a.test", port, lookup, autoSelectFamily });
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    expect(socket.remoteAddress).toBe("127.0.0.1");
    socket.destroy();
  }
  server.close();
});
