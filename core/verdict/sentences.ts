import type { Kind } from "../diff/place.ts";
import type { Finding } from "./verdict.ts";

/** 12 345: a space every three digits. */
export const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, " ");

export const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

/** "1 pair", "2 pairs". */
export const some = (value: number, noun: string): string =>
  `${count(value)} ${noun}${Math.round(value) === 1 ? "" : "s"}`;

/** Of more places the first are named. */
export const MAX_NAMED_PLACES = 5;

/** `GET /a body/x, GET /a body/y and 3 more places`. */
export const placesText = (names: readonly string[]): string => {
  const rest = names.length - MAX_NAMED_PLACES;
  return `${names.slice(0, MAX_NAMED_PLACES).join(", ")}${rest > 0 ? ` and ${some(rest, "more place")}` : ""}`;
};

export const duration = (seconds: number): string => {
  if (seconds < 90) return some(Math.ceil(seconds), "second");
  if (seconds < 5_400) return some(seconds / 60, "minute");
  if (seconds < 172_800) return some(seconds / 3_600, "hour");
  return some(seconds / 86_400, "day");
};

/** `12:04:59 UTC`. @param at milliseconds since 1970 */
export const timeOfDay = (at: number): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

const WHAT: Readonly<Record<Kind, string>> = {
  added: "is new",
  removed: "is missing",
  type: "type differs",
  schema: "the answer breaks its schema",
  value: "value differs",
  order: "order differs",
  length: "length differs",
  status: "status differs",
  call: "what it calls differs",
  header: "header differs",
  failure: "the candidate fails",
  latency: "the candidate is slower",
};

/** What may go on between the place and the judgement of a finding. */
export const findingSentence = (finding: Omit<Finding, "examples">, isNoiseKnown: boolean): string => {
  const { endpoint, place, kind, count: seen, pairs, noise, masked, confirmed } = finding;
  const hidden = masked > 0 ? `, not to be judged in ${count(masked)}` : "";
  const against = isNoiseKnown ? `noise ${count(noise)}${hidden}` : "noise unknown";
  const state = confirmed ? "confirmed" : "not confirmed";
  return `${endpoint} ${place}: ${WHAT[kind]} in ${count(seen)} of ${some(pairs, "pair")}, ${against} — ${state}`;
};
