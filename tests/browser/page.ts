// What every page must keep, whoever looks at it: in both languages, on a phone and on a
// computer, in both colour schemes, enlarged, and no heavier than a slow Wi-Fi carries.

import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
const PHONE = { width: 360, height: 640 };
const COMPUTER = { width: 1280, height: 800 };
// 400 % zoom on a computer.
const ENLARGED = { width: 320, height: 256 };

/** Bytes as sent, by what they are. */
export type Budget = { script: number; style: number };
const SITE: Budget = { script: 6_000, style: 10_000 };

/** Shows the page in each language and size, and looks for what keeps somebody out. `show` opens
 * it; it is called once per language and may send a form. */
export async function survey(
  page: Page,
  name: string,
  show: () => Promise<void>,
  budget = SITE,
): Promise<void> {
  for (const language of ["en", "id"] as const) {
    await speak(page, language);
    await show();
    expect(await page.locator("html").getAttribute("lang")).toBe(language);
    for (const size of [COMPUTER, PHONE]) {
      await page.setViewportSize(size);
      const path = `shots/pages-${name}-${size.width}-${language}.png`;
      await page.screenshot({ path, fullPage: true });
      expect.soft(await outside(page), `${name}, ${size.width} px, ${language}`).toEqual([]);
    }
    await fitsEnlarged(page, `${name}, ${language}`);
  }
  await isAccessible(page, name);
  await isLight(page, name, budget);
}

/** The same in short, on a phone: for a page that differs from a surveyed one by a sentence or a
 * field. Opened by `show` in each language, or as it is. */
export async function glance(page: Page, name: string, show?: () => Promise<void>): Promise<void> {
  for (const language of show ? ["en", "id"] : [await page.locator("html").getAttribute("lang")]) {
    if (show) {
      await speak(page, language ?? "");
      await show();
    }
    await page.setViewportSize(PHONE);
    const path = `shots/pages-${name}-${PHONE.width}-${language}.png`;
    await page.screenshot({ path, fullPage: true });
    expect.soft(await outside(page), `${name}, ${language}`).toEqual([]);
  }
  await isAccessible(page, name);
  await page.setViewportSize(COMPUTER);
}

async function speak(page: Page, language: string): Promise<void> {
  await page.setViewportSize(COMPUTER);
  const cookie = { name: "kelas_language", value: language, path: "/" };
  const domains = ["127.0.0.1", "kelas.internal"];
  await page.context().addCookies(domains.map((domain) => ({ ...cookie, domain })));
}

/** Nothing scrolls sideways or is cut off at 400 % zoom, nor with letters of twice the size. */
export async function fitsEnlarged(page: Page, name: string): Promise<void> {
  await page.setViewportSize(ENLARGED);
  expect.soft(await outside(page), `${name}, at 400 %`).toEqual([]);
  for (const size of [COMPUTER, PHONE]) {
    await page.setViewportSize(size);
    await enlargeText(page, "200%");
    expect.soft(await outside(page), `${name}, ${size.width} px, letters at 200 %`).toEqual([]);
    await enlargeText(page, "");
  }
}

async function enlargeText(page: Page, size: string): Promise<void> {
  await page.evaluate((fontSize) => {
    document.documentElement.style.fontSize = fontSize;
  }, size);
}

/** What is wider than the window or than its box. */
async function outside(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const found: string[] = [];
    const width = document.documentElement.clientWidth;
    if ((document.scrollingElement?.scrollWidth ?? 0) > width) found.push("the page scrolls");
    for (const element of document.body.querySelectorAll<HTMLElement>("*")) {
      const own = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      );
      if (!own || !element.checkVisibility() || element.closest(".unseen, .skip, noscript"))
        continue;
      const box = element.getBoundingClientRect();
      const words = `${element.tagName} ${element.className}: ${element.textContent.slice(0, 40)}`;
      if (box.right > width + 1 || box.left < -1) found.push(`outside: ${words}`);
      const { overflowX } = getComputedStyle(element);
      if (overflowX === "hidden" && element.scrollWidth > element.clientWidth + 1) {
        found.push(`cut off: ${words}`);
      }
    }
    return found;
  });
}

/** axe finds nothing in light; in dark, where nothing but the colours differs, no poor contrast. */
export async function isAccessible(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const axe = new AxeBuilder({ page });
    if (colorScheme === "light") axe.withTags(STANDARDS);
    else axe.withRules(["color-contrast", "link-in-text-block"]);
    const { violations } = await axe.analyze();
    const found = violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
    );
    expect.soft(found, `${name}, ${colorScheme}`).toEqual([]);
  }
}

/** Scripts and styles as they came over the air. */
export async function isLight(page: Page, name: string, budget: Budget): Promise<void> {
  const sent = await page.evaluate(() => {
    const bytes = { script: 0, style: 0 };
    for (const entry of performance.getEntriesByType("resource") as PerformanceResourceTiming[]) {
      if (entry.initiatorType === "script") bytes.script += entry.encodedBodySize;
      if (entry.initiatorType === "link") bytes.style += entry.encodedBodySize;
    }
    return bytes;
  });
  expect(sent.script, `${name}: bytes of script`).toBeLessThanOrEqual(budget.script);
  expect(sent.style, `${name}: bytes of style`).toBeLessThanOrEqual(budget.style);
  // Else the sizes could not be read, and nothing was checked.
  expect(sent.style, `${name}: bytes of style`).toBeGreaterThan(0);
}
