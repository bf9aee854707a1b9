// A school's students, from the list that Excel saves to their phones: import, cards, signing in by
// card and by PIN; with a browser that runs scripts and with one that does not.

import { expect, test } from "./kelas";
import { tabTo } from "./keyboard";
import type { Person } from "./person";
import { applyRoster, card, excel, pinOn, previewRoster, scan } from "./roster";

const PHONE = { width: 360, height: 640 };
const ROSTER = excel([
  "Nama;NIS;Kelas",
  "Ani Lestari;0051;7A",
  "Zoë D'Souza;0052;7A",
  "Budi Santoso;0053;10A",
  ";0054;7A",
]);

async function tapName({ page, origin }: Person, group: string, name: string): Promise<void> {
  await page.goto(`${origin}/`);
  await page.locator('header a[href="/sign-in"]').click();
  await page.locator('main a[href^="/sign-in/name"]').click();
  await page.locator(".choices a", { hasText: group }).click();
  await page.locator(".choices a", { hasText: name }).click();
  await page.locator("#pin").waitFor();
}

async function typePin({ page }: Person, pin: string): Promise<void> {
  await page.locator("#pin").fill(pin);
  await page.locator('main form button[type="submit"]').click();
}

for (const script of [true, false]) {
  const way = script ? "with scripts" : "without scripts";
  test(`a list becomes cards, and students come in by card and by PIN, ${way}`, async ({
    daemon,
    school,
  }) => {
    const sari = await school.person("Sari", { ...PHONE, script, provoked: [] });
    await sari.signInAsTeacher(daemon.announcement);
    const { page } = sari;
    await page.goto(`${sari.origin}/people`);
    await page.locator('main a[href="/people/import"]').first().click();
    await previewRoster(sari, ROSTER);
    await expect(page.locator(".roster-counts li").first()).toHaveText("3 siswa baru");
    await expect(page.locator(".roster-counts .problem")).toHaveText(/^1 baris/);
    await expect(page.locator(".roster-note")).toContainText("Baris 5");
    await applyRoster(sari);
    await page.locator(".rows a", { hasText: "7A" }).click();
    await page.locator('button[name="pins"][value="missing"]').click();
    await expect(page.locator(".sign-in-card")).toHaveCount(2);
    const address = await scan(card(page, "Ani").locator(".qr"));
    expect(address.protocol).toBe("https:");
    expect(address.port).toBe(new URL(sari.origin).port);
    const pin = await pinOn(card(page, "Zoë"));
    // A tab that is loaded again shows the same PINs, and makes no others: those on paper stay.
    await page.reload();
    expect(await pinOn(card(page, "Zoë"))).toBe(pin);

    const ani = await school.person("Ani", { ...PHONE, script, provoked: [] });
    for (const greeted of [true, false]) {
      // A card is scanned every morning.
      await ani.page.goto(ani.origin + address.pathname);
      if (greeted) await expect(ani.page.locator("h1")).toHaveText("Halo, Ani Lestari");
      await ani.page.locator(`form[action="${address.pathname}"] button`).click();
      await ani.page.waitForURL(`${ani.origin}/`);
      await expect(ani.page.locator("h1")).toContainText("Ani Lestari");
    }

    const zoe = await school.person("Zoë", { ...PHONE, script, provoked: [401] });
    await tapName(zoe, "7A", "Zoë");
    await typePin(zoe, pin === "000000" ? "000001" : "000000");
    await expect(zoe.page.locator("#pin-error")).toBeVisible();
    await typePin(zoe, `${pin.slice(0, 3)} ${pin.slice(3)}`);
    await zoe.page.waitForURL(`${zoe.origin}/`);
    await expect(zoe.page.locator("h1")).toContainText("Zoë D'Souza");
  });
}

test("a new PIN and a new card are two taps away, and what was lost is void", async ({
  daemon,
  school,
}) => {
  const sari = await school.person("Sari", { ...PHONE, provoked: [] });
  await sari.signInAsTeacher(daemon.announcement);
  const { page } = sari;
  await previewRoster(sari, ROSTER);
  await applyRoster(sari);
  const list = `${sari.origin}/people?group=7A`;
  const make = async (name: string) => {
    await page.goto(list);
    await page.locator(".members li", { hasText: name }).locator("form button").click();
    return await pinOn(card(page, name));
  };
  const old = await make("Ani");
  const address = await scan(card(page, "Ani").locator(".qr"));
  let renewed = await make("Ani");
  // One in a million is the same.
  while (renewed === old) renewed = await make("Ani");

  const ani = await school.person("Ani", { ...PHONE, provoked: [401, 404] });
  await tapName(ani, "7A", "Ani");
  await typePin(ani, old);
  await expect(ani.page.locator("#pin-error")).toBeVisible();
  await typePin(ani, renewed);
  await ani.page.waitForURL(`${ani.origin}/`);

  await page.goto(list);
  await page.locator(".members a", { hasText: "Ani" }).click();
  await page.locator(".sure summary", { hasText: "Kartu hilang" }).click();
  await page.locator('form[action$="/card"] button').click();
  const another = await scan(card(page, "Ani").locator(".qr"));
  expect(another.pathname).not.toBe(address.pathname);
  await ani.page.goto(`${ani.origin}/account`);
  await ani.page.waitForURL(`${ani.origin}/?next=/account`);
  await ani.page.goto(ani.origin + address.pathname);
  await expect(ani.page.locator(".problem")).toBeVisible();
  await ani.page.goto(ani.origin + another.pathname);
  await ani.page.locator('form[action^="/card/"] button').click();
  await expect(ani.page.locator("h1")).toContainText("Ani Lestari");
});

test("a student signs in with the keyboard alone", async ({ daemon, school }) => {
  const sari = await school.person("Sari", { provoked: [] });
  await sari.signInAsTeacher(daemon.announcement);
  await previewRoster(sari, ROSTER);
  await applyRoster(sari);
  await sari.page.goto(`${sari.origin}/people?q=0053`);
  await sari.page.locator(".members form button").click();
  const pin = await pinOn(card(sari.page, "Budi"));

  const { page, origin } = await school.person("Budi", { provoked: [] });
  const press = async (target: string) => {
    await tabTo(page, page.locator(target));
    await page.keyboard.press("Enter");
  };
  await page.goto(`${origin}/sign-in`);
  await press('main a[href^="/sign-in/name"]');
  await page.waitForURL("**/sign-in/name");
  await press('.choices a[href*="10A"]');
  await page.waitForURL(/group=10A/);
  await press(".choices a");
  await page.locator("#pin:focus").waitFor();
  await page.keyboard.type(pin);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${origin}/`);
});
