import { connect } from "node:net";
import { performance } from "node:perf_hooks";

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 1_000_000;

export interface Exchanged {
  /** The raw answer as latin-1; undefined where there was none. */
  readonly text: string | undefined;
  readonly ms: number;
}

/** Sends raw bytes on a connection of their own and reads to its end. */
export const exchange = (port: number, raw: string): Promise<Exchanged> =>
  new Promise((resolve) => {
    const began = performance.now();
    const chunks: Buffer[] = [];
    let bytes = 0;
    const socket = connect(port, "127.0.0.1", () => socket.write(raw, "latin1"));
    const end = () => {
      socket.destroy();
      const ms = Math.round((performance.now() - began) * 100) / 100;
      resolve({ text: bytes === 0 ? undefined : Buffer.concat(chunks).toString("latin1"), ms });
    };
    socket.setTimeout(TIMEOUT_MS, end);
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if ((bytes += chunk.length) > MAX_BYTES) end();
    });
    socket.on("error", end);
    socket.on("end", end);
  });
