import { number, plural, visible } from "../../../core/report/text.ts";
import type { OverlayEnvironment } from "../../api-shapes.js";
import type { Word } from "../glossary.ts";
import { Term } from "./term.tsx";

interface OutcomesProps {
  readonly outcomes: OverlayEnvironment["outcomes"];
  readonly gaps: OverlayEnvironment["gaps"];
}

const ALWAYS_SHOWN: ReadonlySet<string> = new Set(["compared", "candidateFailed", "gap"]);

const toneOf = (outcome: string): string => {
  if (outcome === "compared") return "good";
  if (outcome === "inFlight") return "calm";
  return outcome === "candidateFailed" || outcome === "gap" ? "bad" : "wait";
};

/** Where every sampled request went. What does not add up is said. */
export const Outcomes = ({ outcomes, gaps }: OutcomesProps) => {
  const { sampled, ...ended } = outcomes;
  const counts = Object.entries(ended).filter(([name, count]) => count > 0 || ALWAYS_SHOWN.has(name));
  const sum = Object.values(ended).reduce((total, count) => total + count, 0);
  return (
    <section aria-labelledby="outcomes">
      <h2 id="outcomes">
        Outcomes <small>of {plural(sampled, "sampled request")}</small>
      </h2>
      <div class="card outcomes">
        <div class="stack-bar" aria-hidden="true">
          {counts.map(([name, count]) => (
            <i key={name} class={toneOf(name)} style={{ flexGrow: count }} />
          ))}
        </div>
        <table class="sum">
          <tbody>
            {counts.map(([name, count]) => (
              <tr key={name}>
                <th scope="row">
                  <i class={`dot ${toneOf(name)}`} aria-hidden="true" />
                  <Term word={name as Word} />
                </th>
                <td data-outcome={name}>{number(count)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">
                Σ{" "}
                <span class="soft">
                  {sum === sampled ? "equals sampled" : `differs from sampled: ${number(sampled)}`}
                </span>
              </th>
              <td data-outcome="sum">{number(sum)}</td>
            </tr>
          </tfoot>
        </table>
        {gaps.length > 0 && (
          <ul class="gaps">
            {gaps.map(({ tee, epoch, pairs, reason, isLowerBound }) => (
              <li key={`${tee}.${epoch}`}>
                tee {visible(tee)} ({visible(epoch)}): {isLowerBound ? "at least " : ""}
                {plural(pairs, "pair")}: {visible(reason)}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
};
