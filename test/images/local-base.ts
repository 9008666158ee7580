import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Without registry: this machine's Node, a shell for the build, and the libraries that both need. */
export const makeBaseContext = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "shadowgraph-base-"));
  const put = (from: string, to: string) => {
    mkdirSync(dirname(join(folder, "root", to)), { recursive: true });
    copyFileSync(realpathSync(from), join(folder, "root", to));
  };
  put(process.execPath, "/usr/local/bin/node");
  put("/bin/sh", "/bin/sh");
  const libraries = [process.execPath, "/bin/sh"].flatMap((program) =>
    [...execFileSync("ldd", [program], { encoding: "utf8" }).matchAll(/(?:=>\s*)?(\/\S+) \(0x/g)].map(
      ([, path]) => path!,
    ),
  );
  for (const library of new Set(libraries)) put(library, library);
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY root/ /\nENV PATH=/usr/local/bin:/bin\n");
  return folder;
};
