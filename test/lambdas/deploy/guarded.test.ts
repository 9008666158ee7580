import type { Loose } from "../api/api-under-test.ts";
import { baselineFile, deployingUnderTest, overlayFile, PLACE } from "./deploying-under-test.ts";

const collaborators = { payments: { url: "http://payments.internal:8080", env: "PAYMENTS_URL" } };
const GUARD_PLACE = {
  GUARD_IMAGE_ARM64: "registry/guard:arm",
  GUARD_IMAGE_X86_64: "registry/guard:x86",
  GUARD_LOG_GROUP_ARN: "arn:aws:logs:eu-west-1:111122223333:log-group:guards:*",
};

const deploying = async (its: object, place: object = GUARD_PLACE, over: object = {}) => {
  const world = await deployingUnderTest(["web"], { ...PLACE, ...place });
  await world.api.call("POST", "/baselines", { file: baselineFile(["web"]) });
  const file = { ...overlayFile(["web"], over), collaborators: its };
  const answer = await world.api.call("POST", "/overlays", { baseline: "shop", file });
  await world.settle();
  const registered = world.cloud.bodies
    .filter(
      ({ target, body }) =>
        target === "ECS.RegisterTaskDefinition" && (body as Loose).family.startsWith("shadowgraph-"),
    )
    .map(({ body }) => body as Loose);
  const show = async (): Promise<Loose> => (await world.api.call("GET", "/overlays/pr-7")).body;
  return { ...world, answer, registered, show, file };
};

const guardOf = ({ containerDefinitions }: Loose): Loose =>
  containerDefinitions.find(({ name }: { name: string }) => name === "shadowgraph-guard");

test("candidate and control overlay have a guard each; the overlay is ready as any other", async () => {
  const { registered, show } = await deploying(collaborators);
  expect(registered).toHaveLength(2);
  for (const definition of registered) {
    const guard = guardOf(definition);
    expect(guard).toMatchObject({
      image: expect.stringMatching(/^registry\/guard:(?:arm|x86)$/),
      logConfiguration: { options: { "awslogs-group": "guards", "awslogs-region": "eu-west-1" } },
    });
    const [app] = definition.containerDefinitions;
    expect(app.environment).toContainEqual({
      name: "PAYMENTS_URL",
      value: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
  }
  expect((await show()).deployment.state).toBe("ready");
});

test("changed collaborators are another generation; an overlay without any has no guard", async () => {
  const { api, settle, show, file } = await deploying(collaborators);
  const changed = { ...file, collaborators: { payments: { ...collaborators.payments, allow: ["POST /search"] } } };
  await api.call("POST", "/overlays", { baseline: "shop", file: changed, replace: true });
  await settle();
  expect((await show()).deployment).toMatchObject({ state: "ready", generation: 2 });
  const { registered } = await deploying(undefined as unknown as object);
  expect(registered.map(guardOf)).toEqual([undefined, undefined]);
});

test("a stack without an image of the guard says so, and starts nothing unguarded", async () => {
  const { registered, show } = await deploying(collaborators, {});
  expect(registered).toEqual([]);
  const { deployment } = await show();
  expect([deployment.state, deployment.reason]).toEqual(["failed", expect.stringContaining("no image of the guard")]);
});

test.each([
  [{ payments: { url: "http://p" } }, "collaborators.payments.env", "must name the variable"],
  [{ payments: { url: "http://p", env: "P", port: 9_000 } }, "collaborators.payments.port", "got 9000"],
  [{ payments: { url: "http://p", env: "P", observe: 9_000 } }, "collaborators.payments.observe", "got 9000"],
  [
    { payments: { url: "http://p", env: "P", mode: "mirror", observe: 9_000 } },
    "collaborators.payments.mode",
    "must be replace or sidecar",
  ],
  [
    { payments: { url: "http://p", env: "P", answers: [{ on: "GET /", text: "x".repeat(30_000) }] } },
    "collaborators",
    "at most 24576 bytes",
  ],
])("%j is refused for a service that is deployed: %s", async (its, field, message) => {
  const { answer } = await deploying(its);
  expect([answer.status, answer.body.code]).toEqual([400, "invalid-input"]);
  expect(answer.body.faults).toContainEqual({ field, message: expect.stringContaining(message) });
});

test("beside services that run already somebody else runs the guard: nothing is asked of the collaborators", async () => {
  const url = { url: "http://localhost:3001", image: undefined, secondary: "none" };
  expect((await deploying({ payments: { url: "http://p", port: 9_102 } }, {}, url)).answer.status).toBe(201);
});
