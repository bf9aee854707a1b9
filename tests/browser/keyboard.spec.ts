// A teacher's first day without a mouse.

import { expect, test } from "./kelas";
import { tabTo } from "./keyboard";

test("signing in, a password, a meeting, the room: with the keyboard alone", async ({
  daemon,
  school,
}) => {
  const { announcement } = daemon;
  const { page } = await school.person("Sari", { provoked: [] });
  const { keyboard } = page;
  const write = async (field: string, text: string) => {
    await tabTo(page, page.locator(field));
    await keyboard.type(text);
  };
  const press = async (target: string, key: "Enter" | "Space" = "Enter") => {
    await tabTo(page, page.locator(target));
    await keyboard.press(key);
  };

  await page.goto(announcement.https + new URL(announcement.teacherLink).pathname);
  await press('main button[type="submit"]', "Space");
  await page.waitForURL("**/account/password");
  await write("#login", "sari");
  await write("#password", "kata sandi panjang");
  await write("#again", "kata sandi panjang");
  await keyboard.press("Enter");
  await page.locator(".notice").waitFor();

  await press('a[href="/account"]');
  await page.waitForURL("**/account");
  await press('form[action="/account/sign-out"] button');
  await page.waitForURL("**/?notice=account.signed_out");
  await press('header a[href="/sign-in"]');
  await page.waitForURL("**/sign-in");
  await write("#login", "sari");
  await write("#password", "kata sandi panjang");
  await keyboard.press("Enter");
  await page.waitForURL(`${announcement.https}/`);

  await press('main h2 a[href^="/courses/"]');
  await page.waitForURL(/\/courses\/\d+$/);
  await write("#title", "Pertemuan papan ketik");
  await keyboard.press("Enter");
  await page.locator(".notice").waitFor();
  await press('main a[href^="/rooms/"] >> nth=0');
  await page.locator('[data-action="join"]:not([disabled])').waitFor();
  await press('[data-action="join"]');
  await page.locator('.room[data-state="joined"]').waitFor();

  const microphone = page.locator('.controls [data-action="microphone"]');
  await expect(microphone).toHaveAttribute("aria-pressed", "true");
  await press('.controls [data-action="microphone"]', "Space");
  await expect(microphone).toHaveAttribute("aria-pressed", "false");
  await press('.controls [data-action="chat"]');
  await page.locator('[data-panel="chat"]').waitFor();
  await write('[data-panel="chat"] textarea', "Selamat pagi");
  await keyboard.press("Enter");
  await expect(page.locator("[data-message] .words")).toHaveText("Selamat pagi");
  await press('.controls [data-action="leave"]');
  await page.waitForURL(/\/courses\/\d+/);
});
