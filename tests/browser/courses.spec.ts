// A teacher's courses: the first one in under a minute, and what is done with them over the years,
// with a script and without, and by keyboard.

import type { Page } from "@playwright/test";
import { expect, test } from "./kelas";
import { survey } from "./page";

/** Presses what leads on, and waits for the page that says so. */
async function send(page: Page, form: string): Promise<void> {
  await page.locator(`form[action$="${form}"] button`).last().click();
  await page.locator(".notice[role=status]").waitFor();
}

async function create(page: Page, title: string): Promise<void> {
  await page.locator("#title").fill(title);
  await send(page, "/meetings");
}

const titles = (page: Page) => page.locator(".rows.order li > .row-text > strong");

test("a teacher's first course takes under a minute", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { width: 360, height: 640, provoked: [] });
  const { page } = sari;
  await sari.signInAsTeacher(announcement);
  await page.goto(announcement.https);
  const began = Date.now();
  await page.locator('form[action="/courses"] #title').fill("Fisika X-2");
  await page.locator('form[action="/courses"] button').click();
  // Where to go, what to tell the students, and the room's door are on this one page.
  await expect(page.locator(".invite .code-shown")).toHaveText(/^[0-9A-Z]{6}$/);
  await page.locator('main a[href^="/rooms/"]').click();
  await page.locator('[data-action="join"]:not([disabled])').first().waitFor();
  expect(Date.now() - began).toBeLessThan(60_000);
});

test("a course over the years, without scripts", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { script: false, provoked: [400] });
  const { page } = sari;
  const { https } = announcement;
  await sari.signInAsTeacher(announcement);
  await page.goto(`${https}/courses/1`);
  await create(page, "Gerak lurus");
  await page.locator('input[name="visibility"]').check();
  await page.locator("#title").fill("Gerak melingkar");
  await send(page, "/meetings");
  await expect(page.locator("h1")).toHaveText("Gerak melingkar");
  const draft = new URL(page.url()).pathname;
  await page.goto(`${https}/courses/1`);
  await expect(page.locator(".mark")).toHaveCount(1);

  await page.locator('a[href$="/order"]').click();
  await page.locator(`form[action="${draft}/move"] button`).first().click();
  await page.locator(".notice[role=status]").waitFor();
  const order = await titles(page).allTextContents();
  expect(order.indexOf("Gerak melingkar")).toBe(order.length - 2);

  await page.goto(https + draft);
  await send(page, "/copy");
  await expect(page.locator("h1")).toHaveText("Salinan Gerak melingkar");
  await page.locator(".sure summary").click();
  await send(page, "/delete");
  await expect(page.getByText("Salinan Gerak melingkar")).toHaveCount(0);

  await page.locator('a[href$="/copy"]').click();
  await page.locator("#term").fill("x".repeat(41));
  await page.locator('form[action$="/copy"] button').click();
  await page.locator("#term-error").waitFor();
  await page.locator("#term").fill("2027/2028 Ganjil");
  await send(page, "/copy");
  await expect(page.locator("main")).toContainText("2027/2028 Ganjil");
  await expect(page.locator(".mark")).toHaveCount(3);

  await page.goto(`${https}/courses/1`);
  await page.locator(".sure summary").click();
  await send(page, "/archive");
  await expect(page.locator('main a[href^="/rooms/"]')).toHaveCount(0);
  await page.goto(https);
  await page.locator("main > details summary").click();
  await page.locator('main > details a[href="/courses/1"]').click();
  await send(page, "/restore");
  await expect(page.locator('main a[href^="/rooms/"]').first()).toBeVisible();
});

test("the keyboard moves a meeting, press after press", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [] });
  const { page } = sari;
  await sari.signInAsTeacher(announcement);
  await page.goto(`${announcement.https}/courses/1`);
  for (const title of ["Satu", "Dua", "Tiga"]) await create(page, title);
  await page.locator('a[href$="/order"]').click();
  const row = page.locator(".rows.order li").filter({ hasText: "Tiga" });
  const last = await titles(page).count();
  await row.locator("button").first().focus();
  for (let place = last - 1; place >= 1; place -= 1) {
    await page.keyboard.press("Enter");
    await expect(titles(page).nth(place - 1)).toHaveText("Tiga");
    await expect(row.locator("button").first()).toBeFocused();
  }
});

test("pages of a teacher's courses", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [400] });
  const { page } = sari;
  const go = (path: string) => async () => {
    await page.goto(announcement.https + path);
  };
  const budi = await school.person("Budi Santoso", { provoked: [] });
  await budi.joinCourse(announcement);
  await sari.signInAsTeacher(announcement);
  await go("/courses/1")();
  await page.locator('input[name="visibility"]').check();
  await create(page, "Hukum Newton dan penerapannya dalam kehidupan sehari-hari");
  const draft = new URL(page.url()).pathname;
  await survey(page, "meeting-draft", go(draft));
  await survey(page, "meeting-published", go(`/meetings/${announcement.meeting}`));
  await survey(page, "course-order", go("/courses/1/order"));
  await survey(page, "course-add", go("/courses/1/members/add"));
  await survey(page, "course-add-found", go("/courses/1/members/add?q=budi"));
  await survey(page, "course-edit", go("/courses/1/edit"));
  await survey(page, "course-copy-refused", async () => {
    await go("/courses/1/copy")();
    await page.locator("#title").fill("");
    await page.locator('form[action$="/copy"] button').click();
    await page.locator("#title-error").waitFor();
  });
  await budi.openRoom(announcement);
  await budi.page
    .locator('[data-action="watch"], [data-action="join"][data-with="watch"]')
    .first()
    .click();
  await budi.inRoom();
  await survey(page, "home-now", go("/"));
  await survey(page, "course-now", go("/courses/1"));
  // Whoever is in the room of a meeting that is hidden must leave it.
  await go(`/meetings/${announcement.meeting}`)();
  await send(page, "/hide");
  await budi.page.locator('.room[data-state="ended"]').waitFor();
  await go("/courses/1")();
  await page.locator(".sure summary").click();
  await send(page, "/archive");
  await survey(page, "course-archived", go("/courses/1"));
  await survey(page, "home-archived", go("/"));
});
