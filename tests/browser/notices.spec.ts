// Notices of a course: written with the keyboard, read on a phone, with scripts and without.

import type { Page } from "@playwright/test";
import { expect, test } from "./kelas";
import { tabTo } from "./keyboard";
import { glance, survey } from "./page";

const PHONE = { width: 360, height: 640 };

async function write(page: Page, https: string, title: string, text: string): Promise<void> {
  await page.goto(`${https}/courses/1/notices/new`);
  await page.locator("#title").fill(title);
  await page.locator("#text").fill(text);
  await page.locator('main button[type="submit"]').first().click();
  await page.waitForURL(/notice=notice\.created/);
}

test("a notice is written with the keyboard and read on a phone", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { script: false, provoked: [] });
  await sari.signInAsTeacher(announcement);
  const { page } = sari;
  await page.goto(`${announcement.https}/courses/1`);
  await tabTo(page, page.locator('a[href$="/notices/new"]'));
  await page.keyboard.press("Enter");
  await tabTo(page, page.locator("#title"));
  await page.keyboard.type("Ulangan hari Senin");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Bawa **kalkulator**.");
  await tabTo(page, page.locator('main button[type="submit"]').first());
  await page.keyboard.press("Enter");
  await page.waitForURL(/notice=notice\.created/);

  const budi = await school.person("Budi", { ...PHONE, script: false, provoked: [] });
  await budi.joinCourse(announcement);
  await budi.page.goto(announcement.https);
  const news = budi.page.locator("[aria-labelledby=news] li").filter({ hasText: "Ulangan" });
  await expect(news.locator(".mark")).toHaveText("Baru");
  await news.locator("a").click();
  await expect(
    budi.page.locator(".notices strong").filter({ hasText: "kalkulator" }),
  ).toBeVisible();
  await expect(budi.page.locator(".notices .mark")).toHaveCount(1);
  await budi.page.reload();
  await expect(budi.page.locator(".notices .mark")).toHaveCount(0);

  await page.locator('.notices a[href^="/notices/"]').click();
  await page.locator(".sure summary").click();
  await page.locator('form[action$="/delete"] button').click();
  await page.waitForURL(/notice=notice\.deleted/);
  await budi.page.reload();
  await expect(budi.page.locator("main")).not.toContainText("Ulangan hari Senin");
});

test("pages of notices", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const { https } = announcement;
  const sari = await school.person("Sari", { provoked: [400] });
  await sari.signInAsTeacher(announcement);
  const go = (page: Page, path: string) => async () => {
    await page.goto(https + path);
  };
  const { page } = sari;
  await glance(page, "notices-none", go(page, "/courses/1/notices"));
  await survey(page, "notice-new", go(page, "/courses/1/notices/new"));
  await glance(page, "notice-refused", async () => {
    await page.goto(`${https}/courses/1/notices/new`);
    await page.locator("#text").fill("Tanpa judul");
    await page.locator('main button[type="submit"]').first().click();
    await page.locator("#title-error").waitFor();
  });
  const long = "Pertanggungjawaban-kegiatan-ekstrakurikuler-tanpa-spasi ".repeat(2);
  for (const title of ["Libur nasional", long, "Ulangan hari Senin", "Study tour"]) {
    await write(
      page,
      https,
      title,
      "1. Bawa **kalkulator**\n2. Datang *pukul 07.00*\n\n> Jangan lupa!",
    );
  }
  const budi = await school.person("Budi", { ...PHONE, provoked: [] });
  await budi.joinCourse(announcement);
  await survey(budi.page, "home-notices", go(budi.page, "/"));
  await survey(budi.page, "course-notices", go(budi.page, "/courses/1"));
  await survey(budi.page, "notices", go(budi.page, "/courses/1/notices"));
  await survey(page, "course-notices-teacher", go(page, "/courses/1"));
  await page.locator('.notices a[href^="/notices/"]').first().click();
  const edit = new URL(page.url()).pathname;
  await survey(page, "notice-edit", go(page, edit));
});
