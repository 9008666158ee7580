import { each, families, type MetricFamily, one, type Sample } from "../proxy/metrics-family.ts";
import type { CallBook } from "./call-book.ts";
import { type CallCounts, type GuardCounts, NOBODY } from "./counters.ts";

/** Everything there is to tell of a guard at one moment. */
export interface GuardReadings {
  readonly isDraining: boolean;
  readonly counts: GuardCounts;
  readonly book: CallBook;
  readonly callsInFlight: number;
  readonly observerConnections: number;
  readonly askedIds: number;
  readonly residentBytes: number;
}

const { counter, gauge } = families<GuardReadings>();

const ofEach = ({ counts }: GuardReadings, read: (its: CallCounts) => readonly Sample[]): Sample[] =>
  counts.all().flatMap(([collaborator, its]) =>
    read(its).map(({ labels, value }) => ({
      labels: { collaborator: collaborator === NOBODY ? "none" : collaborator, ...labels },
      value,
    })),
  );

export const GUARD_PREFIX = "shadowgraph_guard_";

/** Everything that the guard tells of itself, in the order in which it is told. */
export const GUARD_FAMILIES: readonly MetricFamily<GuardReadings>[] = [
  gauge("draining", "1 after SIGTERM", (r) => one(Number(r.isDraining))),
  counter("calls_total", "Calls of the overlay, by collaborator and how they were answered", (r) =>
    ofEach(r, ({ answered }) => each("answered", answered)),
  ),
  counter("refusals_total", "Calls that were refused, by collaborator and reason", (r) =>
    ofEach(r, ({ refused }) => each("reason", refused)),
  ),
  counter("faults_total", "Faults of the guard itself", (r) => one(r.counts.faults)),
  counter("cut_total", "Answers of a collaborator that began and did not end", (r) => ofEach(r, ({ cut }) => one(cut))),
  counter("observed_total", "Calls of the baseline that were heard, by collaborator", (r) =>
    ofEach(r, ({ observed }) => one(observed)),
  ),
  gauge("calls_in_flight", "Calls of the overlay that have not ended", (r) => one(r.callsInFlight)),
  gauge("observer_connections", "Connections of the baseline", (r) => one(r.observerConnections)),
  counter("malformed_total", "Connections of the overlay that sent no HTTP, or too slowly", (r) =>
    one(r.counts.malformed),
  ),
  counter("dropped_connections_total", "Connections of the overlay over MAX_CONNECTIONS", (r) =>
    one(r.counts.droppedConnections),
  ),
  gauge("book_bytes", "Calls remembered, to be compared or given again", (r) => one(r.book.bytes)),
  gauge("book_ids", "Requests of which calls are remembered", (r) => one(r.book.ids)),
  counter("unnamed_total", "Calls without an id by which they could belong to a request, by side", (r) =>
    each("side", r.book.counts.unnamed),
  ),
  counter("late_total", "Calls that came after a tee had asked for those of their request", (r) =>
    one(r.book.counts.late),
  ),
  counter("forgotten_total", "Calls that were forgotten before anybody asked, by reason", (r) =>
    each("reason", r.book.counts.forgotten),
  ),
  counter("asked_total", "Ids that tees asked for", (r) => one(r.askedIds)),
  gauge("resident_memory_bytes", "Memory of the process", (r) => one(r.residentBytes)),
];
