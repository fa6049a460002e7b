import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

/** LICENSES.txt beside the page: the licence of every package of which something is in the bundle. */
export function licences(): Plugin {
  return {
    name: "licences",
    apply: "build",
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
      const homes = new Set(modules.filter((id) => id.includes("/node_modules/")).map(home));
      const source = [...homes].sort().map(entry).join("\n");
      this.emitFile({ type: "asset", fileName: "LICENSES.txt", source: HEAD + source });
    },
  };
}

const HEAD = "Parts of the page come from these packages.\n\n";

/** The folder of the package that a module belongs to. */
function home(id: string): string {
  let folder = dirname(id.replace(/^\0/, "").split("?")[0] ?? id);
  while (!(existsSync(join(folder, "package.json")) && read(folder).version)) folder = dirname(folder);
  return folder;
}

function read(folder: string): { name: string; version?: string; license?: string; homepage?: string } {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

function entry(folder: string): string {
  const { name, version, license } = read(folder);
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(name));
  // Without a text there is nothing to ship: better to notice it here than later.
  if (!file) throw new Error(`${name} ${version} has no licence file`);
  const text = readFileSync(join(folder, file), "utf8").trim().replaceAll("\r\n", "\n");
  return `${"-".repeat(78)}\n${name} ${version} (${license})\n\n${text}\n`;
}
