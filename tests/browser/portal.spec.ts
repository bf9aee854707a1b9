// The captive portal as a browser meets it: a system opens its probe's address, and somebody gets
// from there into the class; and the portal's page on each system.

import { Chromium } from "./chromium";
import { expect, test } from "./kelas";
import { fitsEnlarged, isAccessible } from "./page";

const KIT = "AppleWebKit/537.36 (KHTML, like Gecko)";
const IPHONE =
  "(iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";

/** Browsers by the names that they give. */
const SYSTEMS: Record<string, string> = {
  "android-sheet": `Mozilla/5.0 (Linux; Android 14; SM-A057F Build/UP1A; wv) ${KIT} Version/4.0 Chrome/131.0.6778.39 Mobile Safari/537.36`,
  "apple-sheet": `Mozilla/5.0 ${IPHONE} Mobile/15E148`,
  android: `Mozilla/5.0 (Linux; Android 10; K) ${KIT} Chrome/131.0.0.0 Mobile Safari/537.36`,
  ios: `Mozilla/5.0 ${IPHONE} Version/18.1 Mobile/15E148 Safari/604.1`,
  windows: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${KIT} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`,
  firefox: "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
  "chrome-os": `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${KIT} Chrome/131.0.0.0 Safari/537.36`,
  desktop: `Mozilla/5.0 (X11; Linux x86_64) ${KIT} Chrome/131.0.0.0 Safari/537.36`,
  unknown: "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1) Presto/2.12",
};

/** The probe as a program sends it that is no browser. */
async function probed(http: string): Promise<number> {
  const { port } = new URL(http);
  const { request } = await import("node:http");
  return await new Promise((resolve, reject) => {
    const headers = { host: "connectivitycheck.gstatic.com" };
    request({ host: "127.0.0.1", port, path: "/generate_204", headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

test("who looks for the internet finds the class", async ({ daemon }) => {
  const { announcement } = daemon;
  const { host } = new URL(announcement.http);
  const chromium = await Chromium.start(announcement.ca, [
    // As the box's DNS does it: every name is the box.
    `--host-resolver-rules=MAP * ${host}, EXCLUDE 127.0.0.1`,
  ]);
  try {
    const context = await chromium.browser.newContext({ viewport: { width: 360, height: 640 } });
    const page = await context.newPage();
    expect(await probed(announcement.http)).toBe(302);
    await page.goto("http://connectivitycheck.gstatic.com/generate_204");
    expect(page.url()).toBe(`${announcement.http}/portal`);
    expect(await probed(announcement.http)).toBe(302);
    await page.locator("a.go").click();
    await page.locator('main input[name="code"]').fill(announcement.joinCode);
    await page.locator('main input[name="name"]').fill("Budi");
    await page.locator('main form[action="/join"] button').click();
    await page.waitForURL(`${announcement.http}/rooms/*`);
    expect(await probed(announcement.http)).toBe(204);
    // Also from then on the probe's address is a page for a browser.
    await page.goto("http://connectivitycheck.gstatic.com/generate_204");
    expect(page.url()).toBe(`${announcement.http}/portal`);
    expect(await context.cookies("http://connectivitycheck.gstatic.com")).toEqual([]);
  } finally {
    await chromium.stop();
  }
});

test("the portal's page says what to tap on each system", async ({ daemon, chromium }) => {
  const { http } = daemon.announcement;
  const context = await chromium.browser.newContext({ viewport: { width: 360, height: 640 } });
  const page = await context.newPage();
  let requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  const complaints: string[] = [];
  page.on("console", (line) => complaints.push(line.text()));
  for (const [system, agent] of Object.entries(SYSTEMS)) {
    requests = [];
    await page.setExtraHTTPHeaders({ "user-agent": agent });
    await page.goto(`${http}/portal`);
    // All of it in one piece, and its policy lets its own style through.
    expect(requests.filter((url) => !url.startsWith("data:"))).toEqual([`${http}/portal`]);
    expect(complaints).toEqual([]);
    await page.screenshot({ path: `shots/portal-${system}.png`, fullPage: true });
    await expect(page.locator(".go")).toBeInViewport();
    if (system === "apple-sheet") {
      await page.locator("button.go").click();
      await expect(page.locator("a.go")).toHaveAttribute("href", `${http}/`);
      await page.screenshot({ path: "shots/portal-apple-seen.png", fullPage: true });
    }
    if (system === "android") {
      await isAccessible(page, "portal");
      await page.emulateMedia({ colorScheme: "dark" });
      await page.screenshot({ path: "shots/portal-dark.png", fullPage: true });
      await page.emulateMedia({ colorScheme: "light" });
      await fitsEnlarged(page, "portal");
      await page.setViewportSize({ width: 360, height: 640 });
    }
  }
  await context.close();
});
