import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { programAt } from "./programs.ts";

/** A page that may ask one server and nobody else. */
export interface Visit {
  readonly page: Page;
  /** The URLs that it asked for. */
  readonly asked: string[];
  /** What the browser had to complain about. */
  readonly complaints: string[];
}

/**
 * Starts Chromium.
 *
 * @returns The browser.
 */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: programAt("chromium"),
    // Root, as in a container, may not use Chromium's own sandbox.
    args: ["--no-sandbox"],
  });
}

/**
 * Opens a page, with nothing of what others left in the browser.
 *
 * @param browser The browser.
 * @param url The URL of the page, and of the only server that it may ask.
 *
 * @returns The page.
 */
export async function visit(browser: Browser, url: string): Promise<Visit> {
  const { origin } = new URL(url);
  const context = await browser.newContext();
  const page = await context.newPage();
  // A machine may be busy with other tests.
  page.setDefaultTimeout(60_000);
  const asked: string[] = [];
  const complaints: string[] = [];
  await context.route("**/*", (route) => {
    const target = route.request().url();
    asked.push(target);
    return new URL(target).origin === origin ? route.continue() : route.abort();
  });
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, asked, complaints };
}

/**
 * Takes a picture of a page, for whoever names a folder to look at them in (PICTURES).
 *
 * @param page The page.
 * @param name The name of the picture.
 */
export async function picture(page: Page, name: string): Promise<void> {
  const pictures = process.env.PICTURES;
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

/**
 * Looks for barriers in a page, to whoever does not see it, or uses keys alone, by axe-core.
 *
 * @param page The page.
 *
 * @returns What was found.
 */
export async function barriers(page: Page): Promise<string[]> {
  const axe = await readFile(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
  const found = await page.evaluate(`(async () => { ${axe}; return (await axe.run(document)).violations; })()`);
  return (found as { id: string; nodes: { html: string }[] }[]).map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}
