import { number, visible } from "../../../core/report/text.ts";
import type { Finding } from "../../api-shapes.js";
import { useLive } from "../live.ts";
import { hrefOf } from "../router.ts";
import { Shown } from "./states.tsx";

interface Branch {
  readonly step: string;
  readonly findings: Finding[];
  readonly below: Map<string, Branch>;
}

const MAX_FINDINGS = 200;

const newBranch = (step: string): Branch => ({ step, findings: [], below: new Map() });

/** Places as the tree of an answer: status, headers, body. */
const treeOf = (findings: readonly Finding[]): Branch => {
  const root = newBranch("");
  for (const finding of findings) {
    let branch = root;
    for (const step of finding.place.split("/")) {
      const next = branch.below.get(step) ?? newBranch(step);
      branch.below.set(step, next);
      branch = next;
    }
    branch.findings.push(finding);
  }
  return root;
};

/** Where in the answers of the endpoint something differs, and where this finding stands among it. */
export const PlaceTree = ({ env, finding }: { readonly env: string; readonly finding: Finding }) => {
  const { endpoint } = finding;
  const live = useLive("GET /environments/{id}/diffs", {
    params: { id: env },
    query: { endpoint, limit: MAX_FINDINGS },
  });
  return (
    <nav class="card places" aria-label="Places of this endpoint that differ">
      <h3>Places that differ</h3>
      <Shown live={live} what="The places" lines={4}>
        {({ findings, total }) => (
          <>
            <Branches env={env} branch={treeOf(findings)} here={finding.id} />
            {total > findings.length && (
              <p class="soft">
                The first {number(findings.length)} of {number(total)}.
              </p>
            )}
          </>
        )}
      </Shown>
    </nav>
  );
};

interface BranchesProps {
  readonly env: string;
  readonly branch: Branch;
  readonly here: string;
}

const Branches = ({ env, branch, here }: BranchesProps) => (
  <ul>
    {[...branch.below.values()].map((one) => (
      <li key={one.step}>
        {one.findings.length === 0 ? (
          <code class="soft">{stepText(one.step)}</code>
        ) : (
          one.findings.map(({ id, kind, count, confirmed }) => (
            <a
              key={id}
              href={hrefOf(["env", env, "findings", id])}
              aria-current={id === here ? "true" : undefined}
              class={confirmed ? "" : "unsure"}
            >
              <code>{stepText(one.step)}</code> <span class="soft">{kind}</span>
              <span class="soft reach-count">{number(count)}</span>
            </a>
          ))
        )}
        {one.below.size > 0 && <Branches env={env} branch={one} here={here} />}
      </li>
    ))}
  </ul>
);

/** A step as it stands in the answer. */
const stepText = (step: string): string =>
  step === "*" ? "each item" : visible(step.replaceAll("~1", "/").replaceAll("~0", "~")) || '""';
