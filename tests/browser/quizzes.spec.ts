// A quiz from the teacher's first question to the student's score: with scripts and without, on a
// phone, with the keyboard, in both languages.

import type { Page } from "@playwright/test";
import type { Announcement } from "./daemon";
import { expect, test } from "./kelas";
import { tabTo } from "./keyboard";
import { glance, survey } from "./page";

const PHONE = { width: 360, height: 640 };

type Settings = { minutes?: string; attempts?: string; shuffled?: boolean; released?: boolean };

/** Makes a quiz with a question of each kind in the demo's meeting; its path. */
async function ask(
  page: Page,
  { https, meeting }: Announcement,
  { minutes = "", attempts = "1", shuffled = false, released = false }: Settings = {},
): Promise<string> {
  await page.goto(`${https}/meetings/${meeting}`);
  await page.locator('a[href$="/quizzes"]').click();
  await page.locator("#title").fill("Ulangan gaya dan usaha");
  await page.locator("#text").fill("Kerjakan **sendiri**, tanpa buku.");
  await page.locator("#minutes").fill(minutes);
  await page.locator("#attempts").fill(attempts);
  if (released) await page.locator('input[name="scoring"][value="released"]').check();
  if (shuffled) await page.locator('input[name="sequence"]').check();
  await page.locator('main button[type="submit"]').click();
  await page.waitForURL(/notice=quiz\.created/);
  const path = new URL(page.url()).pathname;
  const add = async (kind: string, text: string, fill: () => Promise<void>) => {
    await page.locator(`a[href$="kind=${kind}"]`).click();
    await page.locator("#text").fill(text);
    await fill();
    await page.locator("#points").fill("2");
    await page.locator('main button[type="submit"]').first().click();
    await page.waitForURL(/notice=quiz\.question_added/);
  };
  const choices = async (texts: string[], right: number[]) => {
    for (const [at, text] of texts.entries()) {
      await page.locator(`[name="choice-${at + 1}"]`).fill(text);
    }
    for (const place of right) await page.locator(`[name="right"][value="${place}"]`).check();
  };
  await add("single", "Apa satuan gaya?", () => choices(["joule", "newton", "watt"], [2]));
  await add("multiple", "Mana yang termasuk gaya?", () =>
    choices(["gaya gesek", "massa", "gaya pegas yang menarik benda kembali", "suhu"], [1, 3]),
  );
  await add("number", "Berapa percepatan gravitasi di Bumi, dalam m/s²?", async () => {
    await page.locator("#number").fill("9,8");
    await page.locator("#tolerance").fill("0,1");
  });
  await add("text", "Siapa yang merumuskan hukum gravitasi?", () =>
    page.locator("#spellings").fill("Newton\nIsaac Newton"),
  );
  await page.locator(`form[action="${path}/publish"] button`).click();
  await page.waitForURL(/notice=quiz\.published/);
  return path;
}

/** The section of the question with these words. */
const question = (page: Page, words: string) =>
  page.locator("[data-question]").filter({ hasText: words });

const saved = (page: Page) => expect(page.locator("[data-state]")).toHaveText(/Tersimpan|Saved/);

test("a student answers on a phone, goes on after a reload and in another window, and sees the score", async ({
  daemon,
  school,
}) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [] });
  await sari.signInAsTeacher(announcement);
  const path = await ask(sari.page, announcement, { minutes: "10", shuffled: true });
  // Whose Wi-Fi is gone for a while: the browser complains.
  const budi = await school.person("Budi", PHONE);
  await budi.joinCourse(announcement);
  const { page } = budi;
  await survey(page, "home-quiz", async () => {
    await page.goto(announcement.https);
  });
  await page.locator(`[aria-labelledby="due"] a[href="${path}"]`).click();
  await expect(page.locator("main")).toContainText("10 menit");
  await page.locator(`form[action="${path}/start"] button`).click();
  await page.waitForURL(`${announcement.https}${path}/attempt`);
  await expect(page.locator("[data-time]")).toHaveText(/^(10:00|9:5\d)$/);
  await expect(page.locator("[data-plain]").first()).toBeHidden();
  const order = await page.locator("[data-question] .prose").allTextContents();

  await question(page, "satuan gaya").getByText("newton").click();
  await saved(page);
  await question(page, "percepatan").locator('input[id^="answer-"]').fill("sembilan");
  await page.keyboard.press("Tab");
  await expect(question(page, "percepatan").locator("[data-note]")).toBeVisible();
  await question(page, "percepatan").locator('input[id^="answer-"]').fill("9,81");
  await page.keyboard.press("Tab");
  await expect(question(page, "percepatan").locator("[data-note]")).toBeHidden();

  // Another window goes on with what is saved, in the same order.
  const second = await school.window(budi);
  await second.page.goto(`${announcement.https}${path}/attempt`);
  expect(await second.page.locator("[data-question] .prose").allTextContents()).toEqual(order);
  await expect(question(second.page, "satuan gaya").locator("input:checked")).toHaveCount(1);
  await question(second.page, "termasuk gaya").getByText("gaya gesek").click();
  await saved(second.page);
  await question(second.page, "termasuk gaya").getByText("massa").click();
  await saved(second.page);
  await question(second.page, "termasuk gaya").getByText("massa").click();
  await saved(second.page);

  // A Wi-Fi that is gone keeps the answer until it is back.
  await page.context().setOffline(true);
  await question(page, "merumuskan").locator('input[id^="answer-"]').fill("isaac  newton");
  await page.keyboard.press("Tab");
  await expect(page.locator("[data-state]")).toContainText("Belum tersimpan");
  await page.context().setOffline(false);
  await saved(page);
  await page.reload();
  await expect(question(page, "merumuskan").locator('input[id^="answer-"]')).toHaveValue(
    "isaac newton",
  );
  await expect(question(page, "termasuk gaya").locator("input:checked")).toHaveCount(1);

  await page.locator(".finish summary").click();
  await page.locator('button[name="then"]').click();
  await page.waitForURL(/notice=quiz\.is_handed_in/);
  await expect(page.locator(".score")).toHaveText("Nilai 7 dari 8");
  await expect(page.locator(".verdict.part")).toHaveCount(1);
  await page.goto(announcement.https);
  await expect(page.locator("#due")).toHaveCount(0);
  // The other window finds out, and loses nothing.
  await question(second.page, "satuan gaya").getByText("watt").click();
  await second.page.waitForURL(`${announcement.https}${path}`);
});

test("at the end of its time an attempt is handed in with what was typed last", async ({
  daemon,
  school,
}) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [] });
  await sari.signInAsTeacher(announcement);
  const path = await ask(sari.page, announcement, { minutes: "10", released: true });
  const budi = await school.person("Budi", { ...PHONE, provoked: [] });
  const { page } = budi;
  await page.clock.install();
  await budi.joinCourse(announcement);
  await page.goto(announcement.https + path);
  await page.locator(`form[action="${path}/start"] button`).click();
  await page.waitForURL(`${announcement.https}${path}/attempt`);
  await page.clock.fastForward("05:30");
  await expect(page.locator("[data-status]")).toHaveText("Sisa waktu 5 menit");
  await page.clock.fastForward("04:00");
  await expect(page.locator(".quiz-bar.late")).toBeVisible();
  await question(page, "merumuskan").locator('input[id^="answer-"]').fill("Newton");
  await page.clock.fastForward("00:31");
  await page.waitForURL(/notice=quiz\.is_handed_in/);
  await expect(page.locator(".score")).toHaveCount(0);

  await sari.page.goto(announcement.https);
  await sari.page.locator(`[aria-labelledby="to-release"] a[href="${path}"]`).click();
  await sari.page.locator(`form[action="${path}/release"] button`).click();
  await sari.page.waitForURL(/notice=quiz\.released/);
  await page.goto(announcement.https + path);
  await expect(page.locator(".score")).toHaveText("Nilai 2 dari 8");
  await expect(page.locator(".answers .right")).toHaveCount(3);
});

test("without scripts the same form does", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { script: false, provoked: [] });
  await sari.signInAsTeacher(announcement);
  const path = await ask(sari.page, announcement, { attempts: "2" });
  const budi = await school.person("Budi", { ...PHONE, script: false, provoked: [] });
  await budi.joinCourse(announcement);
  const { page } = budi;
  await page.goto(announcement.https + path);
  await page.locator(`form[action="${path}/start"] button`).click();
  await question(page, "termasuk gaya").getByText("gaya gesek").click();
  await question(page, "percepatan").locator('input[id^="answer-"]').fill("sepuluh");
  await question(page, "percepatan").locator("[data-plain]").click();
  await page.waitForURL(/notice=quiz\.answers_saved/);
  await expect(page.locator("[data-state]")).toHaveText("2 dari 4 soal terjawab");
  await expect(question(page, "percepatan").locator("[data-note]")).toBeVisible();
  await expect(question(page, "termasuk gaya").locator("input:checked")).toHaveCount(1);
  await page.locator(".finish summary").click();
  await page.locator('button[name="then"]').click();
  await page.waitForURL(/notice=quiz\.is_handed_in/);
  await expect(page.locator(".score")).toHaveText("Nilai 1 dari 8");
  // Who can take it again is not told what is right.
  await expect(page.locator(".answers .right")).toHaveCount(0);
  await page.locator(`form[action="${path}/start"] button`).click();
  await expect(page.locator("[data-state]")).toHaveText("0 dari 4 soal terjawab");
});

test("a quiz is answered with the keyboard alone", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [] });
  await sari.signInAsTeacher(announcement);
  const path = await ask(sari.page, announcement);
  const budi = await school.person("Budi", { ...PHONE, provoked: [] });
  await budi.joinCourse(announcement);
  const { page } = budi;
  await page.goto(announcement.https + path);
  await tabTo(page, page.locator(`form[action="${path}/start"] button`));
  await page.keyboard.press("Enter");
  await page.waitForURL(`${announcement.https}${path}/attempt`);
  await tabTo(page, question(page, "satuan gaya").locator("input[type=radio]").first());
  await page.keyboard.press("ArrowDown");
  await saved(page);
  await tabTo(page, question(page, "merumuskan").locator('input[id^="answer-"]'));
  await page.keyboard.type("newton");
  await tabTo(page, page.locator(".finish summary"));
  await saved(page);
  await page.keyboard.press("Enter");
  await tabTo(page, page.locator('button[name="then"]'));
  await page.keyboard.press("Enter");
  await page.waitForURL(/notice=quiz\.is_handed_in/);
  await expect(page.locator(".score")).toHaveText("Nilai 4 dari 8");
});

test("pages of a quiz", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [400] });
  await sari.signInAsTeacher(announcement);
  const go = (page: Page, path: string) => async () => {
    await page.goto(announcement.https + path);
  };
  const meeting = `/meetings/${announcement.meeting}`;
  await survey(sari.page, "quiz-new", go(sari.page, `${meeting}/quizzes`));
  await glance(sari.page, "quiz-new-refused", async () => {
    await sari.page.goto(`${announcement.https}${meeting}/quizzes`);
    await sari.page.locator("#title").fill("Kuis");
    await sari.page.locator("#minutes").fill("lama");
    await sari.page.locator('main button[type="submit"]').first().click();
    await sari.page.locator("#minutes-error").waitFor();
  });
  const path = await ask(sari.page, announcement, { minutes: "10" });
  for (const kind of ["single", "number", "text"]) {
    await glance(sari.page, `question-${kind}`, go(sari.page, `${path}/questions?kind=${kind}`));
  }
  await survey(sari.page, "question-multiple", go(sari.page, `${path}/questions?kind=multiple`));
  await glance(sari.page, "question-refused", async () => {
    await sari.page.goto(`${announcement.https}${path}/questions?kind=single`);
    await sari.page.locator("#text").fill("Apa?");
    await sari.page.locator('[name="choice-1"]').fill("Satu saja");
    await sari.page.locator('main button[type="submit"]').first().click();
    await sari.page.locator("#choices-error").waitFor();
    await expect(sari.page.locator('[name="choice-1"]')).toHaveValue("Satu saja");
  });
  await survey(sari.page, "quiz-teacher", go(sari.page, path));
  await glance(sari.page, "quiz-meeting", go(sari.page, meeting));

  const budi = await school.person("Siti", { ...PHONE, provoked: [] });
  await budi.joinCourse(announcement);
  const { page } = budi;
  await survey(page, "quiz-student", go(page, path));
  await page.goto(announcement.https + path);
  await page.locator(`form[action="${path}/start"] button`).click();
  await survey(page, "quiz-attempt", go(page, `${path}/attempt`));
  await page.goto(`${announcement.https}${path}/attempt`);
  await question(page, "satuan gaya").locator("input[type=radio]").nth(0).check();
  await question(page, "termasuk gaya").locator("input[type=checkbox]").nth(0).check();
  await question(page, "percepatan").locator('input[id^="answer-"]').fill("sembilan koma delapan");
  await page.keyboard.press("Tab");
  await expect(question(page, "percepatan").locator("[data-note]")).toBeVisible();
  await page.locator(".finish summary").click();
  await glance(page, "quiz-attempt-note");
  await glance(page, "quiz-under-way", go(page, path));
  await glance(sari.page, "question-begun", async () => {
    await sari.page.goto(announcement.https + path);
    await sari.page.locator('.questions a[href*="/questions/"]').first().click();
  });
  await page.goto(`${announcement.https}${path}/attempt`);
  await page.locator(".finish summary").click();
  await page.locator('button[name="then"]').click();
  await page.waitForURL(/notice=quiz\.is_handed_in/);
  await survey(page, "quiz-result", go(page, path));
});

test("a teacher looks at the results, takes one more spelling for right, and lets a student try again", async ({
  daemon,
  school,
}) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [] });
  await sari.signInAsTeacher(announcement);
  const path = await ask(sari.page, announcement, { released: true });
  const address = announcement.https + path;
  const go = (page: Page, below: string) => async () => {
    await page.goto(address + below);
  };
  await glance(sari.page, "quiz-results-none", go(sari.page, "/results"));
  await glance(sari.page, "quiz-statistics-none", go(sari.page, "/statistics"));
  const answers = ["Newton", "Issac Newton", "issac newton", "Einstein", ""];
  const names = ["Budi", "Raden Ajeng Kusumaningrum-Prawirodirdjo", "Siti", "Made", "Ani"];
  const students = [];
  for (const [at, name] of names.entries()) {
    const student = await school.person(name, { ...PHONE, script: false, provoked: [] });
    await student.joinCourse(announcement);
    students.push(student);
    if (at === 4) break;
    const { page } = student;
    await page.goto(address);
    await page.locator(`form[action="${path}/start"] button`).click();
    await question(page, "satuan gaya")
      .locator("input[type=radio]")
      .nth(at % 3)
      .check();
    await question(page, "merumuskan")
      .locator('input[id^="answer-"]')
      .fill(answers[at] ?? "");
    await page.locator(".finish summary").click();
    await page.locator('button[name="then"]').click();
    await page.waitForURL(/notice=quiz\.is_handed_in/);
  }
  const [budi, raden] = students;
  if (!budi || !raden) throw new Error("two students");
  await survey(sari.page, "quiz-results", go(sari.page, "/results"));
  await expect(sari.page.locator(".results tbody tr")).toHaveCount(5);
  await survey(sari.page, "quiz-statistics", go(sari.page, "/statistics"));
  await sari.page.emulateMedia({ media: "print" });
  await sari.page.screenshot({ path: "shots/pages-quiz-statistics-print.png", fullPage: true });
  await expect(sari.page.locator(".top")).toBeHidden();
  await sari.page.emulateMedia({ media: null });
  await sari.page.goto(`${address}/statistics`);
  await sari.page.locator('form[action$="/accept"] button').first().click();
  await sari.page.waitForURL(/notice=quiz\.accepted/);
  await expect(sari.page.locator('form[action$="/accept"]')).toHaveCount(1);

  await sari.page.goto(`${address}/results`);
  await sari.page.getByRole("link", { name: "Raden" }).click();
  await expect(sari.page.locator(".score")).toHaveText("Nilai 4 dari 8");
  await survey(sari.page, "quiz-result-teacher", async () => {
    await sari.page.reload();
  });
  await sari.page.locator(".sure summary").click();
  await sari.page.locator('form[action$="/again"] button').click();
  await sari.page.waitForURL(/notice=quiz\.spared/);
  await raden.page.goto(address);
  await raden.page.locator(`form[action="${path}/start"] button`).click();
  await raden.page.waitForURL(`${address}/attempt`);
  await sari.page.goto(`${address}/results`);
  await expect(sari.page.locator("main")).toContainText("Sedang mengerjakan: 1");

  const download = sari.page.waitForEvent("download");
  await sari.page.locator('a[href$="/scores.csv"]').click();
  expect((await download).suggestedFilename()).toBe("Ulangan gaya dan usaha.csv");
});
