// Two things that no npm package ships ready for use (called by tools/frontend.py with the target folder):
//
// - Chart.js with the parts that our charts use and nothing else. Its classes read each other's static properties while
//   they are defined, which a bundler must take for a side effect unless it is told: hence Rollup with these promises.
// - The fonts of the pages as TrueType, for PDFs made on the server.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { rollup } from "@rollup/wasm-node";
import { minify } from "terser";
import woff2 from "wawoff2";

const target = process.argv[2];
const repo = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const packages = path.join(repo, "node_modules");
const MODULES = {
  "chart.js": path.join(packages, "chart.js/dist/chart.js"),
  "@kurkle/color": path.join(packages, "@kurkle/color/dist/color.esm.js"),
};
const FONTS = path.join(packages, "dkfds/src/fonts/IBMPlexSans/complete/woff2");

async function charts() {
  const bundle = await rollup({
    input: path.join(repo, "web/theme/charts.mjs"),
    treeshake: { moduleSideEffects: false, propertyReadSideEffects: false, unknownGlobalSideEffects: false },
    plugins: [{ name: "packages", resolveId: (name) => MODULES[name] ?? null }],
  });
  const { output } = await bundle.generate({ format: "iife" });
  const small = await minify(output[0].code, { ecma: 2022, toplevel: true, compress: { passes: 2 } });
  mkdirSync(path.join(target, "chart.js"), { recursive: true });
  writeFileSync(path.join(target, "chart.js", "charts.min.js"), small.code);
}

async function fonts() {
  mkdirSync(path.join(target, "fonts"), { recursive: true });
  for (const weight of ["Regular", "SemiBold"]) {
    const packed = readFileSync(path.join(FONTS, `IBMPlexSans-${weight}.woff2`));
    writeFileSync(path.join(target, "fonts", `IBMPlexSans-${weight}.ttf`), await woff2.decompress(packed));
  }
}

await Promise.all([charts(), fonts()]);
