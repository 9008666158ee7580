import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Programs } from "../../cli/programs.ts";
import { Collaborators } from "../../core/sampling/collaborators.ts";
import { cliUnderTest } from "./cli-under-test.ts";

const example = (name: string) => readFileSync(join(__dirname, "../../examples", name), "utf8");

/** The variables that the guard is started with. */
const started = async (cli: ReturnType<typeof cliUnderTest>, line: string) => {
  let variables: Readonly<Record<string, string>> | undefined;
  const guard = async (given: Readonly<Record<string, string>>) => {
    variables = given;
    throw new Error("ended");
  };
  const ran = await cli.run(line, {}, { guard } as unknown as Programs);
  return { ...ran, variables };
};

test("the guard gets the collaborators of a file, with the answers of the files beside it", async () => {
  const cli = cliUnderTest();
  for (const name of ["collaborators.yaml", "mail.openapi.yaml", "mail.answers.yaml"])
    cli.files[`over/${name}`] = example(name);
  const { variables } = await started(cli, "guard --collaborators over/collaborators.yaml");
  const collaborators = Collaborators.parse(JSON.parse(variables?.COLLABORATORS ?? ""));
  expect(Object.keys(collaborators)).toEqual(["catalog", "payments", "mail"]);
  expect(collaborators.mail?.answers.map(({ on, status, json }) => [on, status, json])).toEqual([
    ["GET /messages/{id}", 200, { state: "sent" }],
    ["DELETE /messages/{id}", 204, undefined],
    ["POST /messages", 202, { id: "00000000-0000-4000-8000-000000000000", state: "queued" }],
  ]);
});

test("without a file it is all in the environment; faults of a file have their line", async () => {
  expect((await started(cliUnderTest(), "guard")).variables).toEqual({});
  const cli = cliUnderTest();
  cli.files["c.yaml"] = "collaborators:\n  payments:\n    url: http://a\n    mode: replaced\n";
  const { exit, err, variables } = await started(cli, "guard --collaborators c.yaml");
  expect([exit, variables]).toEqual([2, undefined]);
  expect(err).toMatch(/c\.yaml.*4.*mode/s);
  cli.files["c.yaml"] = "collaborators:\n  payments:\n    url: http://a\n    openapi: there.yaml\n";
  expect((await started(cli, "guard --collaborators c.yaml")).err).toContain("cannot read there.yaml");
});
