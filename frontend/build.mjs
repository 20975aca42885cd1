// Builds frontend/dist: one style sheet and the back office's own, htmx, our scripts, each packed as well. No network.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

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

// Packed copies, which the server sends to browsers that take them.
for (const name of readdirSync(made).filter((name) => /\.(css|js|svg)$/.test(name))) {
  const whole = readFileSync(join(made, name));
  writeFileSync(join(made, `${name}.gz`), gzipSync(whole, { level: 9 }));
  writeFileSync(join(made, `${name}.br`), brotliCompressSync(whole));
}

// A page that is being served sees the old files or the new ones, hardly ever none.
rmSync(dist, { recursive: true, force: true });
cpSync(made, dist, { recursive: true });
rmSync(made, { recursive: true, force: true });
