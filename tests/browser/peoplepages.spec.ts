// The pages about people, as a teacher and a student find them; and the sheet of cards on paper.

import { expect, test } from "./kelas";
import { glance, isAccessible, survey } from "./page";
import { applyRoster, card, excel, pinOn, previewRoster } from "./roster";

const NAMES = [
  "Ani Lestari",
  "Raden Ajeng Kusumaningrum-Prawirodirdjo binti Abdurrahman",
  "Zoë D'Souza",
  "Maria Goreti Lelu",
];
const LINES = Array.from(
  { length: 24 },
  (_, row) =>
    `${NAMES[row % 4]} ${row};00${51 + row};${row < 22 ? "7A" : "XII Teknik Komputer Jaringan 2"}`,
);
const ROSTER = excel([
  "Nama;NIS;Kelas;Agama;PIN",
  ...LINES,
  ";0098;7A;;",
  "Eko;0051;7B;;",
  "Ani Lestari 0;0099;7A;;",
]);

test("pages of a teacher who looks after students", async ({ daemon, school }) => {
  const sari = await school.person("Sari", { provoked: [400, 404, 409, 413] });
  await sari.signInAsTeacher(daemon.announcement);
  const { page, origin } = sari;
  const go = (path: string) => async () => {
    await page.goto(origin + path);
  };
  await survey(page, "people-empty", go("/people"));
  await glance(page, "people-cards-empty", go("/people/cards"));
  await survey(page, "people-import", go("/people/import"));
  await glance(page, "people-import-refused", async () => {
    await go("/people/import")();
    await page.locator("#file").setInputFiles(excel(["Eko;7A"]));
    await page.locator('form[action="/people/import"] button').click();
    await page.locator("#file-error").waitFor();
  });
  await glance(page, "people-import-too-large", async () => {
    await go("/people/import")();
    // More than a roster may have, and less than a form: all of it is read before it is refused.
    const film = { name: "film.csv", mimeType: "text/csv", buffer: Buffer.alloc(1_500_000, "x") };
    await page.locator("#file").setInputFiles(film);
    await page.locator('form[action="/people/import"] button').click();
    await page.locator("#file-error").waitFor();
  });
  await survey(page, "people-preview", () => previewRoster(sari, ROSTER));
  await page.locator('form[action="/people/import/apply"] button').click();
  await page.waitForURL("**/people/cards?notice=people.imported");
  await survey(page, "people-groups", go("/people/cards?notice=people.imported"));
  await survey(page, "people", go("/people"));
  await glance(page, "people-nobody-found", go("/people?q=xyz"));
  await survey(page, "people-new", go("/people/new"));
  await glance(page, "people-new-refused", async () => {
    await go("/people/new")();
    await page.locator("#number").fill("0051");
    await page.locator("#name").fill("Eko");
    await page.locator('form[action="/people/new"] button').click();
    await page.locator("#number-error").waitFor();
  });
  await go("/people?q=0051")();
  await page.locator(".members a").click();
  const person = new URL(page.url()).pathname;
  await survey(page, "person", go(person));
  await page.locator(".sure summary").first().click();
  await isAccessible(page, "a lost card");
});

test("a sheet of cards, on the screen and on paper", async ({ daemon, school }) => {
  const sari = await school.person("Sari", { width: 360, height: 640, provoked: [] });
  await sari.signInAsTeacher(daemon.announcement);
  const { page, origin } = sari;
  await previewRoster(sari, ROSTER);
  await applyRoster(sari);
  await survey(page, "cards", async () => {
    await page.goto(`${origin}/people/cards?group=7A`);
  });
  await page.locator('button[name="pins"][value="missing"]').click();
  await pinOn(card(page, "0051"));
  await glance(page, "cards-with-pins");
  await page.setViewportSize({ width: 794, height: 1123 });
  await page.emulateMedia({ media: "print" });
  await page.screenshot({ path: "shots/cards-print.png", fullPage: true });
  // Nothing on a card is cut off, the longest name neither.
  const cut = await page
    .locator(".sign-in-card")
    .evaluateAll((cards) => cards.filter((one) => one.scrollHeight > one.clientHeight + 1).length);
  expect(cut).toBe(0);
  const pdf = await page.pdf({ path: "shots/cards.pdf", preferCSSPageSize: true });
  // 22 cards, ten to a page.
  expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(3);
});

test("pages of a student who signs in", async ({ daemon, school }) => {
  const sari = await school.person("Sari", { provoked: [] });
  await sari.signInAsTeacher(daemon.announcement);
  await previewRoster(sari, ROSTER);
  await applyRoster(sari);
  await sari.page.goto(`${sari.origin}/people/cards?group=7A`);
  await sari.page.locator('button[name="pins"][value="missing"]').click();
  await pinOn(card(sari.page, "0051"));

  const { page, origin } = await school.person("Ani", { provoked: [401, 403, 404, 429] });
  const go = (path: string) => async () => {
    await page.goto(origin + path);
  };
  await survey(page, "sign-in-group", go("/sign-in/name"));
  await survey(page, "sign-in-name", go("/sign-in/name?group=7A"));
  await glance(page, "sign-in-no-name", go("/sign-in/name?group=9Z"));
  await page.locator("body").waitFor();
  await go("/sign-in/name?group=7A")();
  await page.locator(".choices a", { hasText: "0051" }).click();
  const path = new URL(page.url()).pathname;
  await survey(page, "sign-in-pin", go(path));
  await glance(page, "sign-in-pin-wrong", async () => {
    await go(path)();
    await page.locator("#pin").fill("1");
    await page.locator('main form button[type="submit"]').click();
    await page.locator("#pin-error").waitFor();
  });
  await glance(page, "card-unknown", go("/card/1-x"));
});
