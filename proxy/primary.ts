import type { Socket } from "node:net";
import { addressBook, lookUp } from "./addresses.ts";
import type { Limits } from "./limits.ts";
import type { CountedLimit } from "./metrics.ts";
import { connectedEvent, connectTo, type Target } from "./target.ts";

export interface PrimaryEvents {
  data(bytes: Buffer): void;
  /** It sends nothing more, or the connection is gone. May come twice. */
  end(wasConnected: boolean): void;
  drain(): void;
  limited(limit: CountedLimit): void;
}

const lookup = addressBook(lookUp);

/** The connection to the primary that belongs to one caller's. */
export const openPrimary = (
  target: Target,
  { primaryConnectTimeoutMs }: Pick<Limits, "primaryConnectTimeoutMs">,
  events: PrimaryEvents,
): Socket => {
  const socket = connectTo(target, lookup, (bytes) => events.data(Buffer.from(bytes)));
  let wasConnected = false;
  const timer = setTimeout(() => {
    events.limited("primaryConnectTimeoutMs");
    socket.destroy();
  }, primaryConnectTimeoutMs);
  socket.on(connectedEvent(target), () => {
    clearTimeout(timer);
    wasConnected = true;
  });
  socket.on("end", () => events.end(wasConnected));
  socket.on("drain", events.drain);
  // What went wrong is told by `close`, which always follows.
  socket.on("error", () => {});
  socket.on("close", () => {
    clearTimeout(timer);
    events.end(wasConnected);
  });
  return socket;
};
