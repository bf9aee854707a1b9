// Attendance: the room proposes it, the teacher corrects it on one page: with the keyboard, without
// scripts, on a phone, beside a colleague; and a month of it on the screen and on paper.

import type { Page } from "@playwright/test";
import type { Announcement } from "./daemon";
import { expect, test } from "./kelas";
import { tabTo } from "./keyboard";
import { glance, survey } from "./page";
import type { Person } from "./person";

const PHONE = { width: 360, height: 640 };

/** Somebody comes into the meeting's room, to watch. */
async function watches(person: Person, announcement: Announcement): Promise<void> {
  await person.openRoom(announcement);
  await person.enterToWatch();
}

const row = (page: Page, name: string) =>
  page.locator(".register li").filter({ has: page.getByText(name, { exact: true }) });
const chosen = (page: Page, name: string) => row(page, name).locator("input:checked");

/** A student without a window. */
async function joinAs({ http, joinCode }: Announcement, name: string): Promise<void> {
  const body = new URLSearchParams({ code: joinCode, name });
  const joined = await fetch(`${http}/join`, { method: "POST", body, redirect: "manual" });
  expect(joined.status).toBe(303);
}

test("the room proposes marks, and a teacher corrects them with the keyboard", async ({
  daemon,
  school,
}) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [] });
  await sari.signInAsTeacher(announcement);
  const budi = await school.person("Budi", { ...PHONE, provoked: [] });
  await budi.joinCourse(announcement);
  await joinAs(announcement, "Ani");
  await watches(sari, announcement);
  await watches(budi, announcement);
  // On and off again: that is one stay.
  await budi.page.reload();
  await budi.enterToWatch();
  await budi.leave();
  await sari.leave();

  const { page } = sari;
  const address = `${announcement.https}/meetings/${announcement.meeting}`;
  // What came within the last second is not written yet.
  await expect(async () => {
    await page.goto(`${address}/attendance`);
    await expect(chosen(page, "Ani")).toHaveValue("absent", { timeout: 100 });
  }).toPass();
  await expect(chosen(page, "Budi")).toHaveValue("present");
  await tabTo(page, chosen(page, "Ani"));
  // Present, late, excused, sick, absent.
  await page.keyboard.press("ArrowLeft");
  await expect(chosen(page, "Ani")).toHaveValue("sick");
  await tabTo(page, page.locator('main form button[type="submit"]'));
  await page.keyboard.press("Enter");
  await page.waitForURL(/notice=attendance\.saved/);
  await expect(chosen(page, "Ani")).toHaveValue("sick");
  await expect(row(page, "Ani")).toContainText("Ditandai Sakit oleh");
  await expect(row(page, "Budi")).toContainText("Usulan dari catatan ruang");

  await budi.page.goto(`${announcement.https}/meetings/${announcement.meeting}`);
  await expect(budi.page.locator("[aria-labelledby=attendance]")).toContainText("Hadir");
  await expect(budi.page.locator("main")).not.toContainText("Sakit");
});

test("without scripts everybody is filled in, and two tabs do not undo each other", async ({
  daemon,
  school,
}) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { script: false, provoked: [409] });
  await sari.signInAsTeacher(announcement);
  for (const name of ["Ani", "Budi", "Cici"]) await joinAs(announcement, name);
  const address = `${announcement.https}/meetings/${announcement.meeting}/attendance`;
  const { page } = sari;
  await page.goto(`${announcement.https}/meetings/${announcement.meeting}`);
  await page.locator('a[href$="/attendance"]').click();
  const other = await sari.context.newPage();
  await other.goto(address);
  await page.locator('a[href$="?all=present"]').click();
  await expect(chosen(page, "Cici")).toHaveValue("present");
  await row(page, "Budi").locator('input[value="excused"]').check();
  await page.locator('main form button[type="submit"]').click();
  await page.waitForURL(/notice=attendance\.saved/);
  await expect(chosen(page, "Budi")).toHaveValue("excused");

  await row(other, "Budi").locator('input[value="absent"]').check();
  await other.locator('main form button[type="submit"]').click();
  await expect(other.locator(".problem.summary")).toBeVisible();
  await expect(chosen(other, "Budi")).toHaveValue("absent");
  await expect(row(other, "Budi")).toContainText("Ditandai Izin oleh");
  await other.locator('main form button[type="submit"]').click();
  await other.waitForURL(/notice=attendance\.saved/);
  await page.reload();
  await expect(chosen(page, "Budi")).toHaveValue("absent");
  await expect(chosen(page, "Ani")).toHaveValue("present");
});

test("pages of attendance", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [] });
  await sari.signInAsTeacher(announcement);
  const { page } = sari;
  const go = (path: string) => async () => {
    await page.goto(announcement.https + path);
  };
  const path = `/meetings/${announcement.meeting}/attendance`;
  await glance(page, "attendance-nobody", go(path));
  await glance(page, "attendance-month-none", go("/courses/1/attendance"));
  const budi = await school.person("Budi", { provoked: [] });
  await budi.joinCourse(announcement);
  await glance(budi.page, "attendance-own-none", async () => {
    await budi.page.goto(`${announcement.https}/courses/1/attendance`);
  });
  const names = ["Siti Nurhaliza Rahmawati", "Made", "Raden Ajeng Kusumaningrum-Prawirodirdjo"];
  for (let student = 0; student < 36; student += 1) {
    await joinAs(announcement, `${names[student % names.length]} ${student + 1}`);
  }
  await survey(page, "attendance-by-hand", go(path));
  await survey(page, "attendance-filled-in", go(`${path}?all=present`));
  const late = await school.window(sari);
  await late.page.goto(announcement.https + path);
  await go(`${path}?all=present`)();
  await row(page, "Budi").locator('input[value="late"]').check({ force: true });
  await row(page, "Made 2").locator('input[value="sick"]').check({ force: true });
  await page.locator('main form button[type="submit"]').click();
  await page.waitForURL(/notice=attendance\.saved/);
  await row(late.page, "Budi").locator('input[value="absent"]').check({ force: true });
  await late.page.locator('main form button[type="submit"]').click();
  await late.page.locator(".problem.summary").waitFor();
  await glance(late.page, "attendance-conflict");
  const window = await school.window(sari);
  await watches(window, announcement);
  await watches(budi, announcement);
  await expect(async () => {
    await go(path)();
    await expect(row(page, "Budi")).toContainText("menit", { timeout: 100 });
  }).toPass();
  await survey(page, "attendance-on", go(path));
  await survey(page, "attendance-month", go("/courses/1/attendance"));
  const download = page.waitForEvent("download");
  await page.locator("a[download]").click();
  expect((await download).suggestedFilename()).toMatch(/^Kehadiran .* \d{4}-\d{2}\.csv$/);
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 1050, height: 740 });
  await page.screenshot({ path: "shots/pages-attendance-paper.png", fullPage: true });
  await expect(page.locator(".top")).toBeHidden();
  await expect(page.locator(".month tbody tr")).toHaveCount(37);
  await survey(budi.page, "attendance-own", async () => {
    await budi.page.goto(`${announcement.https}/courses/1/attendance`);
  });
});
