// The load log's pages in a browser: fresh by themselves, drawn, light, and open to everybody who
// may see them.

import { expect, test } from "./kelas";
import { experiment, LOAD, settled, startRun, stopRun } from "./measured";
import { survey } from "./page";

test("three browsers join one by one, and the table has their rows", async ({ daemon, school }) => {
  test.setTimeout(300_000);
  await experiment(daemon, school, 3);
});

test("two measurements stand side by side", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [] });
  const { page } = sari;
  await sari.signInAsTeacher(announcement);
  for (const name of ["Pagi, kosong", "Siang, dengan bot"]) {
    await startRun(page, announcement, name);
    await settled(page, 0);
    if (name.includes("bot")) {
      await page.locator("#count").fill("1");
      await page.locator('form[action$="/bots"] button').first().click();
      await settled(page, 0, 1);
    }
    await stopRun(page);
  }
  await survey(
    page,
    "load-compare",
    async () => {
      await page.goto(`${announcement.https}/load/runs`);
      for (const box of await page.locator('input[name="run"]').all()) await box.check();
      await page.locator('form[action="/load/runs/compare"] button').click();
      await expect(page.locator(".load-facts a")).toHaveCount(2);
    },
    LOAD,
  );
  // Nobody but the bots was there, and only in the second.
  const rows = page.locator("tr[data-users]");
  await expect(rows.first().locator("td:not(.soft)")).toHaveCount(4);
  await expect(rows.last().locator("td.soft")).toHaveCount(2);
  await page.emulateMedia({ media: "print" });
  await page.screenshot({ path: "shots/load-compare-print-id.png", fullPage: true });
});

test("the numbers of now follow by themselves, and the history is drawn", async ({
  daemon,
  school,
}) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [400] });
  const { page } = sari;
  await sari.signInAsTeacher(announcement);
  const go = (path: string) => async () => {
    await page.goto(announcement.https + path);
  };
  await page.goto(`${announcement.https}/load`);
  const people = page.locator('[data-card="people"] [data-value]');
  await expect(people).toHaveText("0");
  const budi = await school.person("Budi");
  await budi.joinCourse(announcement);
  await budi.openRoom(announcement);
  await budi.enterToWatch();
  await expect(people, "nobody reloaded the page").toHaveText("1");
  await survey(page, "load-now", go("/load"), LOAD);
  await survey(
    page,
    "load-history",
    async () => {
      await page.goto(`${announcement.https}/load/history?range=hour`);
      await expect(page.locator("#chart-cpu canvas")).toHaveCount(1);
    },
    LOAD,
  );
  const history = page.locator("#events ~ details");
  await history.locator("summary").click();
  await expect(history.locator("li")).toContainText(["Budi masuk"]);
  const chart = page.locator("#chart-cpu");
  await chart.locator("[data-canvas] .u-over").hover();
  await expect(chart.locator("[data-reading]")).toContainText("%");
  const csv = await page.evaluate(
    async (address) => (await fetch(address)).text(),
    `${announcement.https}/load/presence.csv?range=hour`,
  );
  expect(csv).not.toContain("Budi");
  expect(csv.trim().split("\r\n")).toHaveLength(2);
  await survey(page, "load-runs", go("/load/runs"), LOAD);
  await survey(
    page,
    "load-runs-refused",
    async () => {
      await page.goto(`${announcement.https}/load/runs`);
      await page.locator('form[action="/load/runs"] button').click();
      await page.locator("#name-error").waitFor();
    },
    LOAD,
  );
});

test("bots come into a run, are told apart from people, and go when told", async ({
  daemon,
  school,
}) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { provoked: [400] });
  const { page } = sari;
  await sari.signInAsTeacher(announcement);
  const budi = await school.person("Budi");
  await budi.joinCourse(announcement);
  await budi.openRoom(announcement);
  await budi.enterToWatch();
  await page.goto(`${announcement.https}/load/runs`);
  await page.locator("#name").fill("Bot");
  await page.locator('form[action="/load/runs"] button').click();
  const run = () => page.url().replace(/(\/runs\/\d+).*$/, "$1");
  const form = page.locator('form[action$="/bots"]');
  await form.locator("#count").fill("41");
  await form.locator("button").click();
  await expect(page.locator("#count-error")).toContainText("40");
  await survey(
    page,
    "load-run-bots-refused",
    async () => {
      await page.goto(run());
      await form.locator("#count").fill("41");
      await form.locator("button").click();
      await page.locator("#count-error").waitFor();
    },
    LOAD,
  );
  await form.locator("#count").fill("2");
  await form.locator("#every").fill("20");
  await form.locator("button").click();
  // By itself: nobody reloads this page.
  await expect(page.locator("p[data-bots]")).toContainText("2 dari 2");
  await expect(page.locator("p[data-bots]")).toContainText("0 terputus");
  await expect
    .poll(() =>
      page
        .locator("tbody tr")
        .evaluateAll((rows) => rows.map(({ dataset }) => `${dataset.users} + ${dataset.bots}`)),
    )
    .toEqual(["1 + 0", "1 + 1", "1 + 2"]);
  await expect(page.locator(".load-events li").last()).toContainText("Bot 2 masuk: 1 + 2 bot");
  await budi.openPanel("people");
  await expect(budi.page.locator('[data-panel="people"]')).toContainText("2 bot");
  await budi.page.screenshot({ path: "shots/load-people-bots-1280-id.png" });
  await budi.page.setViewportSize({ width: 360, height: 640 });
  await budi.page.screenshot({ path: "shots/load-people-bots-360-id.png" });
  await budi.seesConnected([]);
  await survey(
    page,
    "load-run-bots",
    async () => {
      await page.goto(run());
    },
    LOAD,
  );
  await page.goto(`${announcement.https}/load`);
  await expect(page.locator('[data-card="people"] [data-value]')).toHaveText("1");
  await page.goBack();
  await page.locator('form[action$="/bots/stop"] button').click();
  await expect(page.locator("p[data-bots]")).toContainText("Bot sudah keluar. 0 dari 2");
  await expect(page.locator(".load-events li").last()).toContainText("1 di dalam");
  await page.locator('form[action$="/stop"]:not([action*="/bots/"]) button').click();
  await expect(page.locator("[data-run-state]")).toHaveText("selesai");
});

test("without a script the numbers, the table and the forms are there", async ({
  daemon,
  school,
}) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { script: false, width: 360, height: 640 });
  const { page } = sari;
  await sari.signInAsTeacher(announcement);
  await expect
    .poll(async () => {
      await page.goto(`${announcement.https}/load`);
      return await page.locator('[data-card="cpu"] [data-value]').count();
    })
    .toBe(1);
  await page.goto(`${announcement.https}/load/history?range=hour`);
  await page.locator("#chart-memory summary").click();
  await expect(page.locator("#chart-memory tbody tr").first()).toBeVisible();
  await expect(page.locator("#chart-memory [data-canvas]")).toBeHidden();
  await page.screenshot({ path: "shots/load-history-noscript-360-id.png", fullPage: true });
  await page.goto(`${announcement.https}/load/runs`);
  await page.locator("#name").fill("Tanpa skrip");
  await page.locator('form[action="/load/runs"] button').click();
  const bots = page.locator('form[action$="/bots"]');
  await bots.locator("#count").fill("1");
  await bots.locator("button").click();
  await expect(page.locator("p[data-bots]")).toContainText("dari 1 bot");
  await page.locator('form[action$="/bots/stop"] button').click();
  await expect
    .poll(async () => {
      await page.locator("[data-load-refresh]").click();
      return await page.locator("p[data-bots]").textContent();
    })
    .toContain("Bot sudah keluar");
  await page.screenshot({ path: "shots/load-run-noscript-360-id.png", fullPage: true });
  await page.locator('form[action$="/stop"] button').click();
  await expect(page.locator("[data-run-state]")).toHaveText("selesai");
});
