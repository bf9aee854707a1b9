// Going through a page without a mouse.

import { expect, type Locator, type Page } from "@playwright/test";

/** Goes on with Tab until `target` has the focus, which must be visible at each step. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let steps = 0; steps < 60; steps += 1) {
    const there = await target.evaluate((element) => element === document.activeElement);
    if (there) {
      await showsFocus(page);
      return;
    }
    await page.keyboard.press("Tab");
    await showsFocus(page);
  }
  throw new Error(`Tab does not lead to ${target}`);
}

async function showsFocus(page: Page): Promise<void> {
  const focus = await page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return { visible: true, name: "the page" };
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    const outlined = outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0;
    return { visible: outlined || boxShadow !== "none", name: element.outerHTML.slice(0, 120) };
  });
  expect(focus.visible, `${focus.name} shows that it has the focus`).toBe(true);
}
