// Searching: with the keyboard, without scripts, on a phone, and with words that would like to run.

import { expect, test } from "./kelas";
import { tabTo } from "./keyboard";
import { glance, survey } from "./page";

const PHONE = { width: 360, height: 640 };

test("a student finds what is theirs to see, with the keyboard and without scripts", async ({
  daemon,
  school,
}) => {
  const { announcement } = daemon;
  const { https, meeting } = announcement;
  const sari = await school.person("Sari", { script: false, provoked: [] });
  await sari.signInAsTeacher(announcement);
  await sari.page.goto(`${https}/meetings/${meeting}/materials`);
  await sari.page.locator("#text").fill("Gunung **Gedé** <img src=x onerror=alert(1)>");
  await sari.page.locator('form[action$="/text"] button').click();
  await sari.page.goto(`${https}/courses/1`);
  await sari.page.locator("#title").fill("Gunung rahasia");
  await sari.page.locator('input[name="visibility"]').check();
  await sari.page.locator('form[action$="/meetings"] button').click();

  const budi = await school.person("Budi", { ...PHONE, script: false, provoked: [] });
  await budi.joinCourse(announcement);
  const { page } = budi;
  await page.goto(https);
  await tabTo(page, page.locator("#q"));
  await page.keyboard.type("gede gun");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/search\?q=/);
  await expect(page.locator("mark")).toHaveText(["Gunung", "Gedé"]);
  await expect(page.locator("main img")).toHaveCount(0);
  await page.locator("#q").fill("rahasia");
  await page.keyboard.press("Enter");
  await expect(page.locator(".empty")).toContainText("rahasia");
  await sari.page.goto(`${https}/search?q=rahasia`);
  await expect(sari.page.locator(".found a")).toHaveCount(1);
});

test("pages of a search", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const { https, meeting } = announcement;
  const sari = await school.person("Sari", { provoked: [400] });
  await sari.signInAsTeacher(announcement);
  const { page } = sari;
  const go = (query: string) => async () => {
    await page.goto(`${https}/search?q=${encodeURIComponent(query)}`);
  };
  const long = "Pertanggungjawaban-gaya-ekstrakurikuler-tanpa-spasi-sama-sekali-yang-panjang";
  for (const title of ["Gaya gesek", long, "Gaya gravitasi"]) {
    await page.goto(`${https}/courses/1`);
    await page.locator("#title").fill(title);
    await page.locator('form[action$="/meetings"] button').click();
    await page.locator(".notice[role=status]").waitFor();
  }
  await page.goto(`${https}/meetings/${meeting}/materials`);
  await page.locator("#text").fill(`${"Pembukaan yang panjang. ".repeat(20)}Gaya adalah tarikan.`);
  await page.locator('form[action$="/text"] button').click();
  const budi = await school.person("Gayatri", { provoked: [] });
  await budi.joinCourse(announcement);
  await survey(page, "search", go("gaya"));
  await glance(page, "search-nothing", go("kuantum mekanika"));
  await glance(page, "search-empty", go(""));
  await glance(page, "search-too-long", async () => {
    await page.goto(`${https}/search?q=${"x".repeat(201)}`);
  });
  await survey(budi.page, "home-search", async () => {
    await budi.page.goto(https);
  });
});
