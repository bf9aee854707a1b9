// The wizard: from a box that belongs to nobody to a class's Wi-Fi, as technicians find it.

import { expect, test } from "./kelas";
import { glance, survey } from "./page";
import { Technician } from "./technician";

const EMOJI = "😀".repeat(9);

test.describe("a box with a network", () => {
  test.use({ unclaimed: { KELASD_NETWORK: "pretend" } });

  test("each step before it is applied", async ({ daemon, school }) => {
    const { announcement } = daemon;
    const person = await school.person("Made", { provoked: [400, 403, 409] });
    const made = new Technician(person, announcement);
    const { page } = made;
    const plain = `http://kelas.internal:${new URL(announcement.http).port}`;
    await survey(page, "setup-plain", async () => {
      await page.goto(`${plain}/`);
      await page.waitForURL("**/setup");
    });
    await glance(page, "setup-language", made.go("/setup/language"));
    await survey(page, "setup-claim", made.go("/setup/claim"));
    await page.locator("#name").fill("Pak Made");
    await page.locator("#password").fill("pendek");
    await page.locator("#again").fill("pendek");
    await page.locator("main form button.primary").click();
    await page.locator("#password-error").waitFor();
    await expect(page.locator("#name")).toHaveValue("Pak Made");
    await glance(page, "setup-claim-refused");
    await made.claims();
    await glance(page, "setup-school", made.go("/setup/school"));
    await made.namesSchool();
    await glance(page, "setup-wifi");
    await page.locator('input[value="open"]').check();
    await expect(page.locator("#passphrase")).toBeHidden();
    await page.locator("main form button.primary").click();
    await page.locator("#protection-error").waitFor();
    await glance(page, "setup-wifi-open");
    await survey(page, "setup-wifi-refused", async () => {
      await made.go("/setup/wifi")();
      await page.locator("#ssid").fill(EMOJI);
      await expect(page.locator(".counter.over")).toContainText("36");
      await page.locator("#passphrase").fill("sandi émas");
      await page.locator("main form button.primary").click();
      await page.locator("#passphrase-error").waitFor();
      await expect(page.locator("#ssid-error")).toContainText("36");
      await expect(page.locator("#ssid")).toHaveValue(EMOJI);
    });
    await made.go("/setup/wifi")();
    await made.opensWifi();
    await glance(page, "setup-wired", made.go("/setup/wired"));
    await page.locator('input[value="fixed"]').check();
    await page.locator("#address").fill("192.168.1.300");
    await page.locator("main form button.primary").click();
    await page.locator("#address-error").waitFor();
    await glance(page, "setup-wired-refused");
    await made.go("/setup/wired")();
    await made.send("/setup/time");
    await survey(page, "setup-time", made.go("/setup/time"));
    await page.locator('button[value="set"]').click();
    await page.waitForURL("**/setup/certificate");
    await glance(page, "setup-certificate", made.go("/setup/certificate"));
    await made.send("/setup/review");
    await survey(page, "setup-review", made.go("/setup/review"));
    await made.go("/")();
    await glance(page, "setup-home");
  });

  test("the change, taken back and then kept", async ({ daemon, school }) => {
    const { announcement } = daemon;
    const person = await school.person("Made", { provoked: [409, 410] });
    const made = new Technician(person, announcement);
    const { page } = made;
    await made.comesToReview();
    await made.applies();
    await survey(page, "setup-reconnect", made.go("/setup/reconnect"));
    await glance(page, "setup-progress", made.go("/setup/progress"));
    await survey(page, "setup-confirm", made.go("/setup/confirm"));
    await made.go("/setup/progress")();
    await page.locator('form[action="/setup/roll-back"] button').click();
    await glance(page, "setup-rolled-back", made.go("/setup/progress"));

    // Nothing was lost, and another device keeps it by the code's address.
    await made.applies();
    const address = (await page.locator("main .address").textContent()) ?? "";
    const phone = await school.person("HP", { width: 360, height: 640, provoked: [403] });
    await phone.page.goto(address);
    await phone.page.locator("main form button.primary").click();
    await phone.page.locator('main a[href="/"]').waitFor();
    await phone.page.screenshot({ path: "shots/setup-kept-elsewhere-360-id.png", fullPage: true });
    await phone.page.goto(address);
    await expect(phone.page.locator("main")).toContainText("tidak berlaku lagi");
    // The technician's page has followed it by itself.
    await page.waitForURL("**/setup/progress");
    await glance(page, "setup-box", made.go("/setup"));
  });

  test("two tabs, back and reload lose nothing", async ({ daemon, school }) => {
    const person = await school.person("Made", { provoked: [400, 409] });
    const made = new Technician(person, daemon.announcement);
    const { page } = made;
    await made.claims();
    const window = await school.window(person);
    const other = window.page;
    await other.goto(page.url());
    await made.namesSchool();
    await other.locator("#school").fill("SMA 1");
    await other.locator("main form button.primary").click();
    await expect(other.locator(".problem.summary")).toBeVisible();
    await expect(other.locator("#school")).toHaveValue("SMA 1");
    await other.locator("main form button.primary").click();
    await other.waitForURL("**/setup/wifi");

    await page.locator("#passphrase").fill("pendek");
    await page.locator("main form button.primary").click();
    await page.locator("#passphrase-error").waitFor();
    await page.reload();
    await expect(page.locator("#passphrase")).toHaveValue("pendek");
    await made.opensWifi("delapan lebih");
    // The page that was refused, as it was.
    await page.goBack();
    await expect(page.locator("#passphrase")).toHaveValue("pendek");
    await made.go("/setup/wifi")();
    await expect(page.locator("#passphrase")).toHaveValue("delapan lebih");
    await made.go("/setup")();
    await page.waitForURL("**/setup/wired");
  });

  test("with the keyboard alone", async ({ daemon, school }) => {
    const person = await school.person("Made", { width: 360, height: 640, provoked: [400] });
    const made = new Technician(person, daemon.announcement);
    const { page } = made;
    const { keyboard } = page;
    await made.claims();
    await page.locator("#school").focus();
    await keyboard.type("SMP 3");
    await keyboard.press("Enter");
    await page.waitForURL("**/setup/wifi");
    await page.locator("#ssid").focus();
    await keyboard.press("Control+A");
    await keyboard.type(EMOJI);
    await keyboard.press("Enter");
    await page.locator("#ssid-error").waitFor();
    await expect(page.locator("#ssid")).toBeFocused();
    await page.screenshot({ path: "shots/setup-keyboard-360-id.png" });
    await keyboard.press("Control+A");
    await keyboard.type("SMP 3");
    await keyboard.press("Tab");
    await expect(page.locator('input[value="wpa2"]')).toBeFocused();
    await keyboard.press("ArrowDown");
    await expect(page.locator('input[value="open"]')).toBeChecked();
    await keyboard.press("Tab");
    await keyboard.press("Space");
    await keyboard.press("Enter");
    await page.waitForURL("**/setup/wired");
  });

  for (const language of ["id", "en"] as const) {
    test(`without scripts, in ${language}`, async ({ daemon, school }) => {
      const look = { script: false, width: 360, height: 640, language, provoked: [400] };
      const person = await school.person("Made", look);
      const { page } = person;
      const made = new Technician(person, daemon.announcement);
      const shoot = async (name: string) => {
        await page.screenshot({
          path: `shots/setup-noscript-${name}-${language}.png`,
          fullPage: true,
        });
      };
      await made.go("/")();
      await page.waitForURL("**/setup/language");
      await page.locator(`main button[value="${language}"]`).click();
      await page.waitForURL("**/setup/claim");
      await made.claims();
      await made.namesSchool();
      await expect(page.locator(".counter")).toBeHidden();
      await page.locator("#ssid").fill(EMOJI);
      await page.locator("main form button.primary").click();
      await expect(page.locator("#ssid-error")).toContainText("36");
      await shoot("wifi-refused");
      await page.locator("#ssid").fill("SMP 3");
      await made.opensWifi();
      await shoot("wired");
      await made.go("/setup/wired")();
      await made.send("/setup/time");
      await page.locator("#moment").fill("2026-11-24T09:05");
      await shoot("time");
      await page.locator('button[value="set"]').click();
      await page.waitForURL("**/setup/certificate");
      await made.send("/setup/review");
      await made.send("/setup/reconnect");
      await shoot("reconnect");
      await page.locator('main a[href="/setup/confirm"]').click();
      // The page loads itself anew until the network is there.
      await page.locator('form[action="/setup/confirm"] button').click();
      await page.waitForURL(/\/setup\?notice=setup\.confirmed$/);
      await expect(page.locator(".notice")).toBeVisible();
      await expect(page.locator(".setup-summary")).toContainText("SMP 3");
    });
  }
});

for (const [network, sentence] of [
  ["pretend-no-radio", "radio"],
  ["pretend-blocked", "Radio"],
] as const) {
  test.describe(network, () => {
    test.use({ unclaimed: { KELASD_NETWORK: network } });

    test("is told, and the rest of the wizard is finished", async ({ daemon, school }) => {
      const person = await school.person("Made", { provoked: [409] });
      const made = new Technician(person, daemon.announcement);
      const { page } = made;
      await made.claims();
      await made.namesSchool();
      await expect(page.locator(".caution").filter({ hasText: sentence })).toBeVisible();
      if (network === "pretend-blocked")
        await survey(page, "setup-wifi-blocked", made.go("/setup/wifi"));
      await page.locator("main form button.primary").click();
      await expect(page.locator("#wifi-error")).toContainText(sentence);
      await page.locator('input[value="leave"]').check();
      await made.send("/setup/time");
      await page.locator('button[value="keep"]').click();
      await page.waitForURL("**/setup/certificate");
      await made.send("/setup/review");
      await made.send("/setup/progress");
      await page.locator('main a[href="/setup"]').click();
      await expect(page.locator(".setup-summary")).toContainText("SMP Negeri 3 Ende");
    });
  });
}

test.describe("a radio that something else holds", () => {
  test.use({ unclaimed: { KELASD_NETWORK: "pretend-busy" } });

  test("is told once it is tried", async ({ daemon, school }) => {
    const person = await school.person("Made", { provoked: [] });
    const made = new Technician(person, daemon.announcement);
    await made.comesToReview();
    await made.send("/setup/reconnect");
    await made.page.waitForURL("**/setup/progress");
    await glance(made.page, "setup-failed");
  });
});

test.describe("a box with a code on its card", () => {
  test.use({ unclaimed: { KELASD_SETUP_CLAIM_CODE: "mangga 7" } });

  test("is claimed with it, and without a network of its own set up too", async ({
    daemon,
    school,
  }) => {
    const person = await school.person("Made", { provoked: [403] });
    const made = new Technician(person, daemon.announcement);
    const { page } = made;
    await made.go("/setup/claim")();
    await page.locator("#code").fill("durian 7");
    await page.locator("#name").fill("Pak Made");
    await page.locator("#password").fill("kata sandi panjang");
    await page.locator("#again").fill("kata sandi panjang");
    await page.locator("main form button.primary").click();
    await page.locator("#code-error").waitFor();
    await glance(page, "setup-claim-code");
    await page.locator("#code").fill("mangga 7");
    await page.locator("#password").fill("kata sandi panjang");
    await page.locator("#again").fill("kata sandi panjang");
    await made.send("/setup/school");
    await page.locator("#school").fill("SMP 3");
    await made.send("/setup/time");
    await expect(page.locator('button[value="set"]')).toHaveCount(0);
  });
});
