// Every field that a page offers is filled with what would run if it could, and every page is
// looked at afterwards. The fields are found by going through the pages: a new form is tried
// without being named here.

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./kelas";
import type { Person } from "./person";

/** For one line; short enough for names. `data-x` marks what must never become an element. */
const LINES = [
  '"><img src=x data-x onerror=__ran=1>',
  "'><svg data-x onload=__ran=1>",
  "</title><script data-x>__ran=1</script>",
  "--><i data-x onclick=__ran=1>{{7*7}}",
];
/** Pages to look at, at most: the school of this test has far fewer. */
const MOST = 200;
/** Links that end something, hand out bytes, or lead to what other tests look at. */
const LEFT_OUT = /^\/(files|sign-out|language|link|assets|load|metrics)(\/|$|\?)/;

type Found = { pages: Set<string>; filled: Set<string> };

/** What became of the inputs on the page that is shown. */
async function strange(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const made = [...document.querySelectorAll("[data-x]")].map(({ outerHTML }) => outerHTML);
    const links = [...document.querySelectorAll("a[href]")]
      .map((link) => link.getAttribute("href") ?? "")
      .filter((href) => /^\s*(javascript|data|vbscript):/i.test(href));
    const ran = (window as unknown as { __ran?: number }).__ran;
    return [...made, ...links, ...(ran === undefined ? [] : ["something ran"])];
  });
}

async function linksOf(page: Page): Promise<string[]> {
  return await page.evaluate(() =>
    [...document.querySelectorAll<HTMLAnchorElement>("a[href]")]
      .filter((link) => link.origin === location.origin)
      .map((link) => link.pathname),
  );
}

/** Fills the form at `index` and sends it; returns its fields, none if it has nothing to write in. */
async function send(page: Page, index: number, lines: string[], text: string): Promise<string[]> {
  return await page.evaluate(
    ({ index, lines, text }) => {
      const form = document.querySelectorAll<HTMLFormElement>('form[method="post" i]')[index];
      if (!form || form.querySelector('[type="file"], [type="password"]')) return [];
      const names: string[] = [];
      for (const field of form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
        "input, textarea",
      )) {
        const most = field.maxLength > 0 ? field.maxLength : 4_000;
        if (field instanceof HTMLTextAreaElement) field.value = text.slice(0, most);
        else if (field.type === "text" || field.type === "search") {
          if (/code|number|score|points|due|time|limit|login/.test(field.name)) continue;
          field.value = (lines[names.length % lines.length] ?? "").slice(0, most);
        } else if (field.type === "url") field.value = `https://a.example/"onclick='__ran=1'data-x`;
        else continue;
        // A field may be called `action`, and stand in the way of the form's.
        const action = (form.getAttribute("action") ?? "").replace(/\d+/g, "N");
        names.push(`${action} ${field.name}`);
      }
      if (names.length > 0) form.requestSubmit();
      return names;
    },
    { index, lines, text },
  );
}

/** Goes through all pages that this person finds, from the start page on. */
async function walk(person: Person, doing: (path: string) => Promise<void>): Promise<Set<string>> {
  const { page, origin } = person;
  const seen = new Set<string>(["/"]);
  for (const path of seen) {
    if (seen.size > MOST) throw new Error(`more than ${MOST} pages: ${[...seen].join(" ")}`);
    const answer = await page.goto(origin + path).catch((error: Error) => {
      if (error.message.includes("Download is starting")) return null;
      throw error;
    });
    if (!answer?.headers()["content-type"]?.startsWith("text/html")) continue;
    for (const link of await linksOf(page)) if (!LEFT_OUT.test(link)) seen.add(link);
    await doing(path);
  }
  return seen;
}

/** Sends every form of every page once for each address that it has. */
async function fillAll(person: Person, text: string): Promise<Found> {
  const { page, origin } = person;
  const filled = new Set<string>();
  const sent = new Set<string>();
  const pages = await walk(person, async (path) => {
    const actions = await page
      .locator('form[method="post" i]')
      .evaluateAll((forms) => forms.map((form) => form.getAttribute("action") ?? ""));
    for (const [index, action] of actions.entries()) {
      if (sent.has(action) || LEFT_OUT.test(action)) continue;
      sent.add(action);
      const loaded = page.waitForEvent("load");
      const names = await send(page, index, LINES, text);
      if (names.length === 0) {
        loaded.catch(() => undefined);
        continue;
      }
      await loaded;
      for (const name of names) filled.add(name);
      expect(await strange(page), `after ${action}`).toEqual([]);
      await page.goto(origin + path);
    }
  });
  return { pages, filled };
}

test("nothing that is written into any field runs", async ({ daemon, school }) => {
  test.setTimeout(400_000);
  const { announcement } = daemon;
  const hostile = await readFile("../hostile-markdown.txt", "utf8");
  const marked = hostile.replace(/<(\w+)/g, "<$1 data-x");
  const markdown = `${LINES.join("\n\n")}\n\n${marked}\n${hostile}`;
  const sari = await school.person("Sari");
  await sari.signInAsTeacher(announcement);
  const eka = await school.person(LINES[0] ?? "");
  await eka.joinCourse(announcement);
  const dialogs: string[] = [];
  for (const { page } of [sari, eka]) {
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      return dialog.dismiss();
    });
  }
  const teacher = await fillAll(sari, markdown);
  const student = await fillAll(eka, markdown);
  const filled = [...teacher.filled, ...student.filled].sort();
  for (const field of [
    "/courses title",
    "/courses/N/edit title",
    "/courses/N/edit term",
    "/courses/N/meetings title",
    "/meetings/N/materials/text text",
    "/meetings/N/materials/link address",
  ]) {
    expect(filled).toContain(field);
  }
  // What was written by one is read by the other.
  let written = 0;
  for (const person of [sari, eka]) {
    await walk(person, async (path) => {
      expect(await strange(person.page), path).toEqual([]);
      const words = (await person.page.locator("main").textContent()) ?? "";
      if (words.includes("data-x")) written += 1;
    });
  }
  expect(written, "pages that show what was written").toBeGreaterThan(8);
  await sari.openRoom(announcement);
  await sari.enterToWatch();
  await eka.openRoom(announcement);
  await eka.enterToWatch();
  for (const line of LINES) await eka.says(line);
  await expect.poll(() => sari.chat()).toEqual(LINES);
  await sari.openPanel("people");
  for (const { page } of [sari, eka]) expect(await strange(page)).toEqual([]);
  expect(dialogs).toEqual([]);
  expect(sari.foreign.concat(eka.foreign)).toEqual([]);
});
