// A teacher's course as one file: downloaded, and opened again as a new course, with the keyboard alone.

import { readFile } from "node:fs/promises";
import { expect, test } from "./kelas";
import { glance, survey } from "./page";

test("a course goes out and comes in again", async ({ daemon, school }, info) => {
  const teacher = await school.person("Bu Sari", { provoked: [400] });
  const { page } = teacher;
  await teacher.signInAsTeacher(daemon.announcement);
  await page.goto(daemon.announcement.https);
  const course = await page.locator(".course h2 a").first().getAttribute("href");
  const go = (path: string) => async () => {
    await page.goto(daemon.announcement.https + path);
  };
  await glance(page, "course-edit-export", go(`${course}/edit`));

  const file = info.outputPath("kelas.zip");
  await go(`${course}/edit`)();
  const downloads = page.waitForEvent("download");
  await page.locator(`a[href="${course}/export"]`).focus();
  await page.keyboard.press("Enter");
  const download = await downloads;
  expect(download.suggestedFilename()).toMatch(/\.zip$/);
  await download.saveAs(file);
  expect((await readFile(file)).includes("course.json")).toBe(true);

  await survey(page, "course-import", go("/courses/import"));
  await go("/")();
  await page.locator('a[href="/courses/import"]').click();
  await page.locator("#files").setInputFiles({
    name: "surat.zip",
    mimeType: "application/zip",
    buffer: Buffer.from("Selamat pagi"),
  });
  await page.locator("main form button.primary").click();
  await expect(page.locator("#files-error")).toBeVisible();
  await glance(page, "course-import-wrong");

  await page.locator("#files").setInputFiles(file);
  await page.locator("main form button.primary").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/courses\/\d+\?/);
  expect(page.url()).not.toContain(`${course}?`);
});
