import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const child = fileURLToPath(new URL("./priority-child.ts", import.meta.url));

// Threads have a niceness of their own on Linux alone.
(process.platform === "linux" ? test : test.skip)(
  "a thread that stands behind is nicer than the others of its process",
  () => {
    const [main, behind] = JSON.parse(execFileSync(process.execPath, [child], { encoding: "utf8" })) as [
      number,
      number,
    ];
    expect(behind).toBe(Math.min(19, main + 5));
  },
);
