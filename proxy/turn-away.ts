import type { Socket } from "node:net";
import { CROWDED } from "./refusals.ts";
import { refusalAnswer } from "./request-head.ts";

/** How long a connection that is not served may stay. */
const STAYS_MS = 2_000;

/** Answers the first bytes of a paused connection that is not served with 503: before them, an answer would belong to no request. */
export const turnAway = (socket: Socket): void => {
  const timer = setTimeout(() => socket.destroy(), STAYS_MS);
  socket.on("error", () => {});
  socket.on("close", () => clearTimeout(timer));
  socket.on("end", () => socket.end());
  socket.once("data", () => {
    socket.end(refusalAnswer(CROWDED), "latin1");
    // What follows is read and dropped, so that the answer is not lost to a reset (RFC 9112 9.6).
    socket.resume();
  });
  socket.resume();
};
