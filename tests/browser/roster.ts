// A school's list of students as Excel saves it, and what stands on the cards that are made of it.

import { expect, type Locator, type Page } from "@playwright/test";
import jsQR from "jsqr";
import type { Person } from "./person";

export type Sent = { name: string; mimeType: string; buffer: Buffer };

/** Excel's kind of CSV: semicolons, Windows-1252, lines that end as Windows has them. */
export function excel(lines: string[], name = "Kelas 7A.csv"): Sent {
  return { name, mimeType: "text/csv", buffer: Buffer.from(`${lines.join("\r\n")}\r\n`, "latin1") };
}

/** Chooses a file and looks at what it would change. */
export async function previewRoster(person: Person, file: Sent): Promise<void> {
  const { page, origin } = person;
  await page.goto(`${origin}/people/import`);
  await page.locator("#file").setInputFiles(file);
  await page.locator('form[action="/people/import"] button[type="submit"]').click();
  await page.locator('form[action="/people/import/apply"]').waitFor();
}

/** Does what the preview says. */
export async function applyRoster({ page }: Person): Promise<void> {
  await page.locator('form[action="/people/import/apply"] button').click();
  await page.waitForURL("**/people/cards?notice=people.imported");
}

/** What a phone's camera makes of a QR code on the screen: it is read from a picture of it. */
export async function scan(code: Locator): Promise<URL> {
  const png = (await code.screenshot()).toString("base64");
  const desk = await code.page().context().browser()?.newPage();
  if (!desk) throw new Error("no browser");
  const seen = await desk.evaluate(async (picture) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    const paper = canvas.getContext("2d");
    if (!paper) throw new Error("no canvas");
    paper.drawImage(image, 0, 0);
    const { data } = paper.getImageData(0, 0, image.width, image.height);
    return { pixels: [...data], width: image.width, height: image.height };
  }, png);
  await desk.close();
  const found = jsQR(Uint8ClampedArray.from(seen.pixels), seen.width, seen.height);
  expect(found, "a QR code in the picture").not.toBeNull();
  return new URL(found?.data ?? "");
}

/** The card of one student on the sheet that is shown, by name, or by number where two have one. */
export function card(page: Page, words: string): Locator {
  return page.locator(".sign-in-card", { hasText: words });
}

export async function pinOn(card: Locator): Promise<string> {
  const pin = await card.locator(".card-pin strong").textContent();
  expect(pin).toMatch(/^\d{6}$/);
  return pin ?? "";
}
