import { connect } from "node:net";
import { Passage } from "../../proxy/draining.ts";
import { answering, RawServer, startTee, talk } from "./harness.ts";

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

const through = async (primary: RawServer, act: (port: number) => Promise<void>): Promise<void> => {
  await primary.start();
  const tee = await startTee({ primary: primary.url });
  await act(tee.port);
  await tee.tee.drain();
  await primary.stop();
};

test("after an answer that is no HTTP later requests pass on, but none that would be refused", () =>
  through(answering("HTTP/1.1 200 OK\nbare: LF\n\n"), async (port) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    let got = "";
    await new Promise<void>((resolve) => {
      socket.write(GET);
      socket.on("data", (data) => {
        if (got === "") socket.write(GET);
        got += data;
        if (got.split("bare").length === 3)
          socket.write(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          );
      });
      socket.on("end", resolve);
    });
    expect(got.split("bare")).toHaveLength(3);
    socket.destroy();
  }));

test("requests that wait behind an answer that is no HTTP are not lost", () =>
  through(answering("HTTP/1.1 200 OK\nbare: LF\n\n"), async (port) => {
    const got = await talk(port, [GET + GET + GET], { until: 3 * "HTTP/1.1 200 OK\nbare: LF\n\n".length });
    expect(got).toBe("HTTP/1.1 200 OK\nbare: LF\n\n".repeat(3));
  }));

test("bytes behind the last answer of a connection do not cost the caller that answer", () =>
  through(answering("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok and more"), async (port) => {
    expect(await talk(port, [GET])).toMatch(/\r\n\r\nok$/);
  }));

test("an answer to HEAD without a length keeps the connection", () =>
  through(
    answering((head) => (head.startsWith("HEAD") ? "HTTP/1.1 200 OK\r\n\r\n" : OK)),
    async (port) => {
      const got = await talk(port, [GET.replace("GET", "HEAD") + GET], { until: "ok" });
      expect(got).toBe(`HTTP/1.1 200 OK\r\n\r\n${OK}`);
    },
  ));

test("pipelined requests with an end behind them all get their answers", () =>
  through(answering(OK), async (port) => {
    expect(await talk(port, [GET + GET + GET], { end: true })).toBe(OK.repeat(3));
  }));

test("a caller that reads its last answer slowly gets all of it", () => {
  const body = "x".repeat(8_000_000);
  const answer = `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  return through(new RawServer((socket) => socket.end(answer)), async (port) => {
    const socket = connect(port, "127.0.0.1");
    let bytes = 0;
    socket.on("data", (data) => {
      bytes += data.length;
    });
    socket.write(GET);
    setTimeout(() => socket.pause(), 5);
    setTimeout(() => socket.resume(), 3_000);
    await new Promise((resolve) => socket.on("end", resolve));
    expect(bytes).toBe(answer.length);
  });
});

test("what draining held back of a head that turns out to be none is let go", () => {
  const passage = new Passage();
  expect(passage.pass(Buffer.from("HTTP/1.1 2"), 0, true)).toHaveLength(0);
  expect(passage.release().toString()).toBe("HTTP/1.1 2");
  expect(passage.release()).toHaveLength(0);
});

test("an answer that ends within its status line passes as far as it came, unless it is a 101", async () => {
  const ending = (bytes: string) => new RawServer((socket) => void socket.end(bytes));
  await through(ending("HTTP/1.1 "), async (port) => expect(await talk(port, [GET])).toBe("HTTP/1.1 "));
  await through(ending("R"), async (port) => expect(await talk(port, [GET])).toBe("R"));
  await through(ending("HTTP/1.1 101 Swi"), async (port) =>
    expect(await talk(port, [GET])).toMatch(/^HTTP\/1\.1 502 /),
  );
});
