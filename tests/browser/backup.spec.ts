// A technician's backup: downloaded, looked through again, and given up, with the keyboard alone.

import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "./kelas";
import { glance, survey } from "./page";
import { Technician } from "./technician";

test.use({ unclaimed: { KELASD_NETWORK: "pretend" } });

test("a backup goes out and is looked through again", async ({ daemon, school }, info) => {
  const person = await school.person("Pak Made", { provoked: [400, 403] });
  const { page } = person;
  const technician = new Technician(person, daemon.announcement);
  await page.goto(`${daemon.announcement.https}/setup/claim`);
  await expect(page.locator('a[href="/setup/restore"]')).toBeVisible();
  await glance(page, "restore-before", technician.go("/setup/restore"));
  await technician.comesToReview();
  const backup = technician.go("/setup/backup");
  await survey(page, "backup", backup);

  await test.step("a wrong password makes none", async () => {
    await glance(page, "backup-wrong", async () => {
      await backup();
      await page.locator("#password").fill("salah sekali");
      await page.locator("main form button.primary").click();
      await expect(page.locator("#password-error")).toBeVisible();
    });
  });

  const file = info.outputPath("kelas.zip");
  await test.step("with the right one a file comes", async () => {
    await backup();
    await page.locator("#password").focus();
    await page.keyboard.type("kata sandi panjang");
    const downloads = page.waitForEvent("download");
    await page.keyboard.press("Enter");
    const download = await downloads;
    expect(download.suggestedFilename()).toMatch(/^kelas-backup-\d{4}-\d\d-\d\d\.zip$/);
    await download.saveAs(file);
    expect((await readFile(file)).subarray(0, 4).toString("latin1")).toBe("PK\u0003\u0004");
  });

  const upload = async (path: string) => {
    await technician.go("/setup/restore")();
    await page.locator("#file").setInputFiles(path);
    await page.locator("main form button.primary").focus();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/restore$/);
  };

  await test.step("one that is cut short is told, and nothing is changed", async () => {
    const whole = await readFile(file);
    const half = info.outputPath("half.zip");
    await writeFile(half, whole.subarray(0, whole.length / 2));
    await upload(half);
    await expect(page.locator(".problem.summary")).toBeVisible({ timeout: 20_000 });
    await glance(page, "restore-damaged", technician.go("/setup/restore"));
  });

  await test.step("the whole one is ready, and a wrong password does nothing", async () => {
    await upload(file);
    const decide = page.locator('form[action="/setup/restore/decide"] button');
    await expect(decide).toBeVisible({ timeout: 20_000 });
    await survey(page, "restore-ready", technician.go("/setup/restore"));
    await page.locator("#proof").fill("salah sekali");
    await decide.click();
    await expect(page.locator("#proof-error")).toBeVisible();
    await glance(page, "restore-wrong");
  });

  await test.step("given up, another may be chosen", async () => {
    await technician.go("/setup/restore")();
    await page.locator('form[action="/setup/restore/give-up"] button').focus();
    await page.keyboard.press("Enter");
    await expect(page.locator("#file")).toBeVisible();
  });
});
