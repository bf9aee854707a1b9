// Texts, links and files that a teacher hands out: nothing of them runs.

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./kelas";

type Sent = { name: string; mimeType: string; buffer: Buffer };

/** Addresses from which the files of the meeting are downloaded. */
async function links(page: Page): Promise<string[]> {
  const found = page.locator('.materials a[href$="?download"]');
  return await found.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
}

async function send(page: Page, meeting: string, files: Sent[]): Promise<void> {
  await page.goto(`${meeting}/materials`);
  await page.locator("#files").setInputFiles(files);
  await page.locator('form[data-uploads] button[type="submit"]').click();
  await page.waitForURL(/notice=material\.added/);
}

test("nothing that is handed out runs", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const meeting = `${announcement.https}/meetings/${announcement.meeting}`;
  const sari = await school.person("Sari", { width: 360, height: 640 });
  await sari.signInAsTeacher(announcement);
  const { page } = sari;
  let spoke = "";
  page.on("dialog", (dialog) => {
    spoke = dialog.message();
    return dialog.dismiss();
  });
  const ran = () => page.evaluate(() => (window as unknown as { __ran?: number }).__ran);
  const hostile = (await readFile("../hostile-markdown.txt", "utf8")).trim().split("\n");
  for (const text of [hostile.join("\n\n"), hostile.join("\n"), ...hostile.slice(0, 12)]) {
    await page.goto(`${meeting}/materials`);
    await page.locator("#text").fill(text);
    await page.locator('form[action$="/text"] button').click();
    await page.waitForURL(/notice=material\.added/);
    expect(await ran()).toBeUndefined();
  }
  const strange = await page.locator(".prose").evaluateAll((texts) =>
    texts
      .flatMap((text) =>
        [...text.querySelectorAll("*")].filter((element) => {
          const scripted = [...element.attributes].some(({ name }) => name.startsWith("on"));
          const loads = [
            "SCRIPT",
            "IMG",
            "SVG",
            "IFRAME",
            "STYLE",
            "LINK",
            "FORM",
            "INPUT",
            "META",
            "BASE",
          ];
          const link = element.getAttribute("href");
          const elsewhere = link !== null && !/^(https?:\/\/|mailto:)/i.test(link);
          return scripted || elsewhere || loads.includes(element.tagName.toUpperCase());
        }),
      )
      .map((element) => element.outerHTML),
  );
  expect(strange).toEqual([]);

  const title = '"><img src=x onerror="window.__ran = 1"><script>window.__ran = 1</script>';
  await page.goto(`${meeting}/materials`);
  await page.locator("#address").fill("https://a.example/\"onclick='window.__ran=1'");
  await page.locator("#link-title").fill(title);
  await page.locator('form[action$="/link"] button').click();
  await page.waitForURL(/notice=material\.added/);
  await expect(page.locator(".materials h3").last()).toHaveText(title);

  const html = "<!doctype html><title>ran</title><script>document.title = 'ran'; alert(1)</script>";
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert(1)"><script>alert(1)</script></svg>';
  const files: Sent[] = [
    { name: "a.html", mimeType: "text/html", buffer: Buffer.from(html) },
    { name: "b.svg", mimeType: "image/svg+xml", buffer: Buffer.from(svg) },
    { name: "c.png", mimeType: "image/png", buffer: Buffer.from(html) },
    { name: "d.xhtml", mimeType: "application/xhtml+xml", buffer: Buffer.from(html) },
    { name: `<img src=x onerror=alert(1)>.txt`, mimeType: "text/plain", buffer: Buffer.from("e") },
  ];
  await send(page, meeting, files);
  const handedOut = await links(page);
  expect(handedOut).toHaveLength(files.length);
  for (const link of handedOut) {
    const address = link.replace("?download", "");
    const window = await sari.context.newPage();
    const download = window.waitForEvent("download");
    // A download ends the navigation.
    await window.goto(address).catch(() => undefined);
    await download;
    expect(window.url()).toBe("about:blank");
    await window.close();
    // As a picture, a frame and a script of a page of ours.
    const used = await page.evaluate(async (source) => {
      const element = (name: string) => {
        const made = document.createElement(name) as HTMLImageElement;
        const done = new Promise((resolve) => {
          made.onload = () => resolve("loaded");
          made.onerror = () => resolve("refused");
        });
        made.src = source;
        document.body.append(made);
        return done;
      };
      return [await element("img"), await element("script")];
    }, address);
    expect(used).toEqual(["refused", "refused"]);
  }
  expect(await ran()).toBeUndefined();
  expect(spoke).toBe("");
});
