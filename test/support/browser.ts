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
