import { judge } from "../../../core/verdict/judge.ts";
import { accounted, DEFAULTS, factsOf } from "./planted.ts";

test("what is counted together, because a cap was reached, is said", () => {
  const reasons = (capped: Record<string, number>) =>
    judge({
      facts: factsOf({ "GET /a": { pairs: 100 } }, { capped }),
      accounting: accounted(),
      settings: DEFAULTS,
      attempts: 1,
    }).verdict.reasons.join("\n");
  expect(reasons({ endpoints: 1, places: 12 })).toContain(
    "More than is kept apart, so counted together: 1 pair of further endpoints (as {other}); 12 further places (as …).",
  );
  expect(reasons({})).not.toContain("counted together");
});
