import { milliseconds, plural, time, visible } from "../../../core/report/text.ts";
import type { LatencyReport } from "../../api-shapes.js";
import { Empty } from "./states.tsx";
import { definedBy } from "./term.tsx";

const SLOWEST_SHOWN = 10;

type Slow = LatencyReport["slowest"][number];

const behind = ({ candidateMs, secondaryMs, primaryMs }: Slow): number => candidateMs - (secondaryMs ?? primaryMs);

export const SlowestPairs = ({ slowest }: { readonly slowest: readonly Slow[] }) => (
  <section aria-labelledby="slowest">
    <h2 id="slowest">
      Furthest behind <small>{plural(Math.min(SLOWEST_SHOWN, slowest.length), "pair")}</small>
    </h2>
    {slowest.length === 0 ? (
      <Empty title="In no pair did the candidate take longer" />
    ) : (
      <div class="card scroll">
        <table class="plain stack" aria-label="Slowest pairs">
          <thead>
            <tr>
              <th scope="col">request</th>
              <th scope="col" class="number" {...definedBy("behind")}>
                behind
              </th>
              {["primary", "secondary", "candidate"].map((lane) => (
                <th key={lane} scope="col" class="number">
                  {lane}
                </th>
              ))}
              <th scope="col">at</th>
            </tr>
          </thead>
          <tbody>
            {slowest.slice(0, SLOWEST_SHOWN).map((pair) => (
              <tr key={pair.pair}>
                <td class="request">
                  <code>{visible(pair.request)}</code>
                </td>
                <td class="number" data-title="behind">
                  <b>{milliseconds(behind(pair))}</b>
                </td>
                <td class="number" data-title="primary">
                  {milliseconds(pair.primaryMs)}
                </td>
                <td class="number" data-title="secondary">
                  {pair.secondaryMs === null ? "–" : milliseconds(pair.secondaryMs)}
                </td>
                <td class="number" data-title="candidate">
                  {milliseconds(pair.candidateMs)}
                </td>
                <td class="whole" data-title="at">
                  {time(pair.at)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
  </section>
);
