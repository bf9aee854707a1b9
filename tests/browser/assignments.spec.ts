// An assignment from the teacher's first word to the student's score: with scripts and without, on a
// phone, with the keyboard, in both languages.

import type { Page } from "@playwright/test";
import type { Announcement } from "./daemon";
import { expect, test } from "./kelas";
import { glance, survey } from "./page";

const PHONE = { width: 360, height: 640 };

/** A photo as a phone's camera makes it: larger than a screen. */
async function photo(page: Page): Promise<Buffer> {
  const coded = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = 2400;
    canvas.height = 1800;
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    // Noise does not compress, as a photo's grain.
    const pixels = context.createImageData(canvas.width, canvas.height);
    let state = 7;
    for (let at = 0; at < pixels.data.length; at += 1) {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      pixels.data[at] = at % 4 === 3 ? 255 : 128 + ((state >> 16) % 64);
    }
    context.putImageData(pixels, 0, 0);
    return canvas.toDataURL("image/jpeg", 0.9).split(",")[1] ?? "";
  });
  return Buffer.from(coded, "base64");
}

/** Makes an assignment in the demo's meeting; its path. */
async function assign(page: Page, { https, meeting }: Announcement): Promise<string> {
  await page.goto(`${https}/meetings/${meeting}`);
  await page.locator('a[href$="/assignments"]').click();
  await page.locator("#title").fill("Soal halaman 24");
  await page.locator("#text").fill("Kerjakan **nomor 1 sampai 5** di buku, lalu foto halamannya.");
  await page.locator("#due_at").fill("2090-01-31T10:00");
  await page.locator('button[name="action"][value="publish"]').click();
  await page.waitForURL(/notice=assignment\.published/);
  return new URL(page.url()).pathname;
}

test("a student hands in a photo from a phone, and a teacher grades it with the keyboard", async ({
  daemon,
  school,
}) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [400] });
  await sari.signInAsTeacher(announcement);
  const path = await assign(sari.page, announcement);
  const address = announcement.https + path;

  const budi = await school.person("Budi", { ...PHONE, provoked: [] });
  await budi.joinCourse(announcement);
  const ani = await school.person("Ani", { ...PHONE, provoked: [] });
  await ani.joinCourse(announcement);
  const { page } = budi;
  // The start page says what is due.
  await survey(page, "home-due", async () => {
    await page.goto(announcement.https);
  });
  await page.locator(`[aria-labelledby="due"] a[href="${path}"]`).click();

  // What is typed outlives the page.
  await page.locator("#text").fill("Nomor 5 saya belum mengerti.");
  await page.reload();
  await expect(page.locator("#text")).toHaveValue("Nomor 5 saya belum mengerti.");
  await expect(page.locator("[data-restored]")).toBeVisible();

  const taken = await photo(page);
  expect(taken.length).toBeGreaterThan(1_000_000);
  await page.locator("#photo").setInputFiles({
    name: "IMG_2041.jpg",
    mimeType: "image/jpeg",
    buffer: taken,
  });
  await page.locator('form[data-uploads] button[type="submit"]').click();
  await page.waitForURL(/notice=submission\.received/);
  await expect(page.locator("#text")).toHaveValue("Nomor 5 saya belum mengerti.");
  await expect(page.locator("[data-restored]")).toBeHidden();
  await expect(page.locator(".stage")).toHaveText("Sudah dikumpulkan");
  const shown = page.locator(".materials img");
  await expect
    .poll(() => shown.evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBe(1600);
  await page.locator(".proof summary").click();
  await expect(page.locator(".proof code")).toHaveText(/^[0-9a-f]{64}$/);

  await page.goto(announcement.https);
  await expect(page.locator("#due")).toHaveCount(0);
  await page.goto(address);

  // The teacher, without a mouse.
  const { keyboard } = sari.page;
  await sari.page.goto(announcement.https);
  await expect(sari.page.locator('[aria-labelledby="to-grade"]')).toContainText("1 siswa");
  await sari.page.goto(address);
  await expect(sari.page.locator("#missing")).toHaveText("Belum mengumpulkan: 1 siswa");
  await sari.page.locator('#waiting + ul a[href*="/submissions/"]').focus();
  await keyboard.press("Enter");
  await expect(sari.page.locator("#score")).toBeFocused();
  await keyboard.type("187");
  await keyboard.press("Enter");
  await expect(sari.page.locator("#score-error")).toBeVisible();
  await expect(sari.page.locator("#score")).toBeFocused();
  await keyboard.press("Control+A");
  await keyboard.type("87,5");
  await keyboard.press("Tab");
  await keyboard.type("Bagus. Nomor 5 kita bahas besok.");
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await sari.page.waitForURL(/notice=assignment\.all_graded/);
  await page.reload();
  await expect(page.locator("main")).not.toContainText("kita bahas besok");
  await sari.page.locator(`form[action="${path}/return"] button`).focus();
  await keyboard.press("Enter");
  await sari.page.waitForURL(/notice=assignment\.returned/);
  await page.reload();
  await expect(page.locator(".score")).toHaveText("Nilai 87,5 dari 100");
  await expect(page.locator("main")).toContainText("kita bahas besok");
  await expect(page.locator("#files")).toHaveCount(0);
});

test("without scripts the same forms do", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { script: false, provoked: [] });
  await sari.signInAsTeacher(announcement);
  const path = await assign(sari.page, announcement);
  const file = (name: string, text: string) => ({
    name,
    mimeType: "text/plain",
    buffer: Buffer.from(text),
  });
  await sari.page.locator("#files").setInputFiles(file("Soal.txt", "1. x + 2 = 4"));
  await sari.page.locator('form[data-uploads] button[type="submit"]').click();
  await expect(sari.page.locator(".notice").first()).toBeVisible();

  const budi = await school.person("Budi", { ...PHONE, script: false, provoked: [400] });
  await budi.joinCourse(announcement);
  const { page } = budi;
  await page.goto(announcement.https + path);
  await expect(page.locator(".materials")).toContainText("Soal.txt");
  await expect(page.locator('input[name="shrink"]')).toBeHidden();
  const send = page.locator('form[action$="/submission"] button[type="submit"]');
  await send.click();
  await expect(page.locator("#submission-error")).toBeVisible();
  await page.locator("#text").fill("x = 2");
  await page
    .locator("#files")
    .setInputFiles([file("Jawaban.txt", "x = 2"), file("Coretan.txt", "4 - 2")]);
  await send.click();
  await page.waitForURL(/notice=submission\.received/);
  await expect(page.locator(".proof")).toHaveCount(2);
  await page.locator(".sure summary").first().click();
  await page.locator('form[action*="/remove"] button').first().click();
  await page.waitForURL(/notice=submission\.removed/);
  await expect(page.locator(".proof")).toHaveCount(1);

  await sari.page.goto(announcement.https + path);
  await sari.page.locator('a[href*="/submissions/"]').click();
  await expect(sari.page.locator(".written")).toHaveText("x = 2");
  await sari.page.locator("#score").fill("100");
  await sari.page.locator('button[name="then"][value="stay"]').click();
  await expect(sari.page.locator("#score")).toHaveValue("100");
});

test("pages of an assignment", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [400, 409] });
  await sari.signInAsTeacher(announcement);
  const go = (page: Page, path: string) => async () => {
    await page.goto(announcement.https + path);
  };
  const meeting = `/meetings/${announcement.meeting}`;
  await glance(sari.page, "assignments-none", go(sari.page, meeting));
  await survey(sari.page, "assignment-new", go(sari.page, `${meeting}/assignments`));
  await glance(sari.page, "assignment-new-refused", async () => {
    await sari.page.goto(`${announcement.https}${meeting}/assignments`);
    await sari.page.locator("#points").fill("banyak");
    await sari.page.locator('main button[type="submit"]').first().click();
    await sari.page.locator("#title-error").waitFor();
  });
  const path = await assign(sari.page, announcement);
  const names = ["Budi", "Raden Ajeng Kusumaningrum-Prawirodirdjo", "Siti Nurhaliza", "Made"];
  const students = [];
  for (const name of names) {
    const student = await school.person(name, { ...PHONE, provoked: [400, 409] });
    await student.joinCourse(announcement);
    students.push(student);
  }
  const [budi, raden] = students;
  if (!budi || !raden) throw new Error("two students");
  await survey(budi.page, "assignment-student", go(budi.page, path));
  await glance(budi.page, "meeting-student", go(budi.page, meeting));
  const answers = ["x = 2, karena 2 + 2 = 4.\n\ny = 3", "x = 3"];
  for (const [at, student] of [budi, raden].entries()) {
    await student.page.goto(announcement.https + path);
    await student.page.locator("#text").fill(answers[at] ?? "");
    await student.page.locator("#files").setInputFiles({
      name: `Halaman-24-nama-yang-panjang-sekali-tanpa-spasi-${at}.txt`,
      mimeType: "text/plain",
      buffer: Buffer.from(`x = ${at}`),
    });
    await student.page.locator('form[data-uploads] button[type="submit"]').click();
    await student.page.waitForURL(/notice=submission\.received/);
  }
  await survey(budi.page, "assignment-handed-in", go(budi.page, path));
  await survey(sari.page, "assignment-class", go(sari.page, path));
  const first = sari.page.locator('#waiting + ul a[href*="/submissions/"]').first();
  const grading = new URL((await first.getAttribute("href")) ?? "", announcement.https).pathname;
  await survey(sari.page, "assignment-grade", go(sari.page, grading));
  await glance(sari.page, "assignment-grade-refused", async () => {
    await sari.page.goto(announcement.https + grading);
    await sari.page.locator("#score").fill("101");
    await sari.page.locator('button[value="next"]').click();
    await sari.page.locator("#score-error").waitFor();
  });
  await sari.page.goto(announcement.https + grading);
  await sari.page.locator("#score").fill("87.5");
  await sari.page.locator("#comment").fill("Bagus sekali!\nLihat lagi nomor 3.");
  await sari.page.locator('button[value="next"]').click();
  await sari.page.waitForURL(/notice=assignment\.graded/);
  await glance(sari.page, "assignment-class-graded", go(sari.page, path));
  await sari.page.locator(`form[action="${path}/return"] button`).click();
  await sari.page.waitForURL(/notice=assignment\.returned/);
  await survey(budi.page, "assignment-returned", go(budi.page, path));
});

test("pages of an assignment whose time is over", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [] });
  await sari.signInAsTeacher(announcement);
  const path = await assign(sari.page, announcement);
  const raden = await school.person("Raden", { ...PHONE, provoked: [409] });
  await raden.joinCourse(announcement);
  const go = async () => {
    await raden.page.goto(announcement.https + path);
  };
  await sari.page.goto(`${announcement.https}${path}/edit`);
  await sari.page.locator("#due_at").fill("2020-01-31T10:00");
  await sari.page.locator('input[name="late"][value="refuse"]').check();
  await raden.page.goto(announcement.https + path);
  await raden.page.locator("#text").fill("Masih saya tulis");
  await sari.page.locator('main button[type="submit"]').click();
  await sari.page.waitForURL(/notice=assignment\.saved/);
  await raden.page.locator('form[data-uploads] button[type="submit"]').click();
  await raden.page.locator("#submission-error").waitFor();
  await expect(raden.page.locator("#text")).toHaveValue("Masih saya tulis");
  await glance(raden.page, "assignment-too-late");
  await glance(raden.page, "assignment-over", go);
  await sari.page.goto(`${announcement.https}${path}/edit`);
  await sari.page.locator('input[name="late"][value="accept"]').check();
  await sari.page.locator('main button[type="submit"]').click();
  await sari.page.waitForURL(/notice=assignment\.saved/);
  await glance(raden.page, "assignment-late", go);
});
