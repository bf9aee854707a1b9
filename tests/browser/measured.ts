// A measurement run, from its form to its printed page: people come one by one, and the page's
// table has an honest row for each number of them.

import type { Page } from "@playwright/test";
import type { Announcement, Daemon } from "./daemon";
import { expect, type School } from "./kelas";
import { survey } from "./page";
import type { Person } from "./person";

/** What the load log's pages may weigh: the charting library is in their script. */
export const LOAD = { script: 28_000, style: 10_000 };

/** Settled seconds that a row must have: the daemon's memory is read every ten seconds. */
const SECONDS = 12;

/** Cells of the table by the number of users: numbers as an export writes them, or words. */
async function table(page: Page): Promise<Map<number, string[]>> {
  const rows = await page.locator(".load-table tbody tr").evaluateAll((all) =>
    all.map((row) => ({
      users: Number((row as HTMLElement).dataset.users),
      cells: [...row.querySelectorAll("td")].map((cell) => cell.textContent ?? ""),
    })),
  );
  // Indonesian: 12.345,67 is 12345.67 in an export.
  const plain = (cell: string) => cell.replace(/\./g, "").replace(/,/g, ".");
  return new Map(rows.map(({ users, cells }) => [users, cells.map(plain)]));
}

/** The export of the table in the form of the page's cells. */
function cells(csv: string): Map<number, string[]> {
  const lines = csv.trim().split("\r\n").slice(1);
  return new Map(
    lines.map((line) => {
      const [users, bots, seconds, ...figures] = line.split(",");
      expect(bots, "nobody sent bots").toBe("0");
      const shown = [0, 2, 4, 6].map((at) =>
        figures[at] === "" ? "tidak diketahui" : `${figures[at]} ± ${figures[at + 1]}`,
      );
      return [Number(users), [...shown, seconds ?? ""]];
    }),
  );
}

export async function settled(page: Page, users: number, bots = 0): Promise<void> {
  const row = page.locator(`tr[data-users="${users}"][data-bots="${bots}"]`);
  const seconds = row.locator("[data-seconds]");
  await expect
    .poll(async () => {
      if ((await seconds.count()) === 0) return 0;
      return Number(await seconds.getAttribute("data-seconds"));
    }, `${users} people have settled`)
    .toBeGreaterThanOrEqual(SECONDS);
}

/** Starts a measurement and opens it; its address. */
export async function startRun(page: Page, { https }: Announcement, name: string): Promise<string> {
  await page.goto(`${https}/load/runs`);
  await page.locator("#name").fill(name);
  await page.locator('form[action="/load/runs"] button').click();
  await page.waitForURL(/\/load\/runs\/\d+\?notice=run\.started$/);
  const run = page.url().replace(/\?.*$/, "");
  await page.goto(run);
  return run;
}

export async function stopRun(page: Page): Promise<void> {
  await page.locator('form[action$="/stop"] button.primary').click();
  await page.waitForURL(/notice=run\.stopped$/);
}

/** Runs the experiment with so many browsers, and looks at what comes of it. */
export async function experiment(daemon: Daemon, school: School, most: number): Promise<void> {
  const { announcement } = daemon;
  const sari = await school.person("Sari");
  const { page } = sari;
  await sari.signInAsTeacher(announcement);
  const run = await startRun(page, announcement, `${most} peramban`);
  // By itself: nobody reloads this page.
  await settled(page, 0);
  const people: Person[] = [];
  for (let number = 1; number <= most; number += 1) {
    const person = await school.person(`Siswa ${number}`);
    await person.comes(announcement);
    people.push(person);
    for (const each of people) await each.seesConnected(people.filter((other) => other !== each));
    await settled(page, number);
  }
  await expect(page.locator(".load-events li").last()).toContainText(`${most} di dalam`);
  await stopRun(page);
  const shown = await table(page);
  expect([...shown.keys()]).toEqual(Array.from({ length: most + 1 }, (_, users) => users));
  for (const [users, row] of shown) {
    const [memory, cpu] = row.map((cell) => Number.parseFloat(cell));
    expect(memory, `RAM with ${users}`).toBeGreaterThan(1_000);
    expect(cpu, `CPU with ${users}`).toBeGreaterThan(0);
    expect(Number(row[4]), `seconds with ${users}`).toBeGreaterThanOrEqual(SECONDS);
  }
  const csv = await page.evaluate(
    async (address) => (await fetch(address)).text(),
    `${run}/table.csv`,
  );
  expect(cells(csv)).toEqual(shown);
  await looksGood(page, run, `run-${most}`);
}

/** The charts are drawn, on a phone as on a computer, in both languages, and on paper. */
async function looksGood(page: Page, run: string, name: string): Promise<void> {
  const drawn = async () => {
    await page.goto(run);
    await expect(page.locator("[data-canvas] canvas")).toHaveCount(2);
  };
  await survey(page, name, drawn, LOAD);
  await page.emulateMedia({ media: "print" });
  await page.screenshot({ path: `shots/${name}-print-id.png`, fullPage: true });
  await page.emulateMedia({ media: "screen" });
}
