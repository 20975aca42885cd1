// Builds frontend/dist: one style sheet and the back office's own, htmx, our scripts, icons, and what works for the field
// without a line, each packed as well. No network.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createHash } from "node:crypto";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { Resvg, initWasm } from "@resvg/resvg-wasm";
import { buildSync } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const modules = join(root, "node_modules");
const made = join(here, "dist.making");
const dist = join(here, "dist");

rmSync(made, { recursive: true, force: true });
mkdirSync(made);

const tailwind = join(modules, "@tailwindcss", "cli", "dist", "index.mjs");
const style = ["-i", join(here, "styles", "yizhi.css"), "-o", join(made, "yizhi.css"), "--minify"];
const built = spawnSync(process.execPath, [tailwind, ...style], { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
if (built.status !== 0) {
  process.stderr.write(built.stderr);
  process.exit(built.status ?? 1);
}

cpSync(join(here, "styles", "office.css"), join(made, "office.css"));
cpSync(join(modules, "htmx.org", "dist", "htmx.min.js"), join(made, "htmx.min.js"));
for (const name of readdirSync(join(here, "scripts")).filter((name) => !name.startsWith("."))) {
  cpSync(join(here, "scripts", name), join(made, name), { recursive: true });
}

// Icons for a telephone's own screen. A whole one has no corners of its own: the telephone cuts it.
await initWasm(readFileSync(join(modules, "@resvg", "resvg-wasm", "index_bg.wasm")));
const icon = readFileSync(join(made, "icon.svg"), "utf8");
const whole = icon
  .replace('rx="7" ', "")
  .replace(/(<path.*)<\/svg>/s, '<g transform="translate(16 16) scale(.75) translate(-16 -16)">$1</g></svg>');
for (const [name, drawn, width] of [["192", icon, 192], ["512", icon, 512], ["whole", whole, 512]]) {
  writeFileSync(join(made, `icon-${name}.png`), new Resvg(drawn, { fitTo: { mode: "width", value: width } }).render().asPng());
}

// What the field pages use lies on the telephone, under the addresses that `asset` of src/yizhi/doors/templating.py makes.
const FIELD = ["yizhi.css", "htmx.min.js", "icon.svg"];
FIELD.push(...["drafts", "field", "offline", "photos", "picking", "seats", "texts", "voice"].map((name) => `${name}.js`));
const assets = FIELD.map((name) => {
  const mark = createHash("sha256").update(readFileSync(join(made, name))).digest("hex").slice(0, 8);
  return { url: `/static/${name}?v=${mark}`, revision: null };
});
buildSync({
  entryPoints: [join(here, "field", "worker.js")],
  outfile: join(made, "field-worker.js"),
  bundle: true,
  minify: true,
  target: "es2020",
  define: { "self.__ASSETS": JSON.stringify(assets), "process.env.NODE_ENV": '"production"' },
});

// Packed copies, which the server sends to browsers that take them.
for (const name of readdirSync(made).filter((name) => /\.(css|js|svg)$/.test(name))) {
  const content = readFileSync(join(made, name));
  writeFileSync(join(made, `${name}.gz`), gzipSync(content, { level: 9 }));
  writeFileSync(join(made, `${name}.br`), brotliCompressSync(content));
}

// A page that is being served sees the old files or the new ones, hardly ever none.
rmSync(dist, { recursive: true, force: true });
cpSync(made, dist, { recursive: true });
rmSync(made, { recursive: true, force: true });
