// A browser that runs no scripts: everything but the room works, and the room says why not.

import { expect, test } from "./kelas";

test("a student joins, reads the course and leaves without scripts", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const { page } = await school.person("Budi", { script: false, provoked: [] });
  const send = page.locator('main form[action="/join"] button');
  await page.goto(announcement.https);
  await page.locator('input[name="code"]').fill(announcement.joinCode.toLowerCase());
  await page.locator('input[name="name"]').fill("Budi");
  await send.click();
  await page.waitForURL("**/rooms/*");
  await expect(page.locator("noscript p")).toBeVisible();
  await expect(page.locator(".needs-script")).toBeHidden();
  await page.screenshot({ path: "shots/pages-room-no-script.png" });
  await page.locator('main a[href^="/courses/"]').click();
  await expect(page.locator('main a[href^="/rooms/"]')).toBeVisible();
  await page.locator("header .account").click();
  await page.locator('form[action="/account/sign-out"] button').click();
  await expect(page.locator(".notice")).toBeVisible();
  await expect(send).toBeVisible();
});

test("a teacher signs in and out without scripts", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const sari = await school.person("Sari", { script: false, provoked: [] });
  const { page } = sari;
  await sari.signInAsTeacher(announcement);
  await page.locator("#login").fill("sari");
  await page.locator("#password").fill("kata sandi panjang");
  await page.locator("#again").fill("kata sandi panjang");
  await page.locator('main button[type="submit"]').click();
  await page.waitForURL(`${announcement.https}/?notice=password.saved`);
  await page.locator("header .account").click();
  await page.locator('form[action="/account/sign-out"] button').click();
  await page.locator('header a[href="/sign-in"]').click();
  await page.locator("#login").fill("sari");
  await page.locator("#password").fill("kata sandi panjang");
  await page.locator('main button[type="submit"]').click();
  await page.locator("main h2 a").first().click();
  await expect(page.locator(".invite .code-shown")).toHaveText(announcement.joinCode);
});
