import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(__dirname, "../../helpers");
const programs = readdirSync(folder).filter((file) => /(?<!\.d)\.mjs$/.test(file));

test.each(programs)("the types beside %s declare what it exports, and nothing else", async (program) => {
  const text = readFileSync(join(folder, program.replace(".mjs", ".d.mts")), "utf8");
  const declared = [...text.matchAll(/^export declare const (\w+)/gm)].map(([, name]) => name);
  const exported = [...readFileSync(join(folder, program), "utf8").matchAll(/^export const (\w+)/gm)].map(
    ([, name]) => name,
  );
  expect(exported.length).toBeGreaterThan(0);
  expect(declared.sort()).toEqual(exported.sort());
});
