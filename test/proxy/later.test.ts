import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setImmediate as turn } from "node:timers/promises";
import { Later } from "../../proxy/later.ts";
import { DEFAULT_LIMITS } from "../../proxy/limits.ts";
import { Primary, type PrimaryEvents } from "../../proxy/primary.ts";
import { targetOf } from "../../proxy/target.ts";

const due = (log: string[], name: string, send: () => void = () => log.push(name)) => ({
  sendMirrors: send,
  end: (outcome: string) => void log.push(`${name} ${outcome}`),
});

test("what goes to primaries leaves before the mirrors of a turn, whoever came first, and nothing within the turn", async () => {
  const log: string[] = [];
  const later = new Later((error) => log.push(String(error)));
  later.add(due(log, "mirror"));
  later.hold({ flush: () => void log.push("a") });
  later.hold({ flush: () => void log.push("b") });
  expect(log).toEqual([]);
  await turn();
  expect(log).toEqual(["a", "b", "mirror"]);
  await turn();
  expect(log).toHaveLength(3);
});

test("what comes while a turn ends leaves at the end of the next", async () => {
  const log: string[] = [];
  const later = new Later((error) => log.push(String(error)));
  later.add(due(log, "first", () => later.hold({ flush: () => void log.push("second") })));
  await turn();
  expect(log).toEqual([]);
  await turn();
  expect(log).toEqual(["second"]);
});

test("a mirror that fails keeps back no other", async () => {
  const log: string[] = [];
  const later = new Later((error) => log.push(String(error)));
  later.add(
    due(log, "broken", () => {
      throw new Error("fault");
    }),
  );
  later.add(due(log, "whole"));
  await turn();
  expect(log).toEqual(["broken unsupported", "Error: fault", "whole"]);
});

describe("the connection to the primary", () => {
  const server = createServer();
  beforeAll(async () => {
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  afterAll(() => {
    server.close();
  });

  const open = (events: Partial<PrimaryEvents>) => {
    const nothing = () => {};
    const heard = { data: nothing, written: nothing, full: nothing, drain: nothing, end: nothing };
    const { port } = server.address() as AddressInfo;
    const parts = { target: targetOf(`http://127.0.0.1:${port}`), limits: DEFAULT_LIMITS, later: new Later(nothing) };
    return new Primary({ ...parts, metrics: { limited: nothing } }, { ...heard, ...events });
  };

  test("gets all that was written in a turn before its end, in order", async () => {
    let written = 0;
    const primary = open({ written: () => void written++ });
    primary.write(Buffer.from("one "));
    primary.end();
    primary.write(Buffer.from("two"));
    expect(written).toBe(0);
    const [accepted] = (await once(server, "connection")) as [Socket];
    expect(await text(accepted)).toBe("one two");
    expect(written).toBe(1);
    primary.destroy();
  });

  test("says within the turn that it is full where much is written, so that whoever sends it is stopped", () => {
    let full = 0;
    const primary = open({ full: () => void full++ });
    primary.write(Buffer.alloc(65_536));
    expect(full).toBe(1);
    primary.destroy();
    expect(primary.isGone).toBe(true);
  });
});
