// A day of class from the first sign-in to the score that comes back, by teacher and student on
// small screens, with the keyboard alone: in one language with scripts and axe on every page, in the
// other without, where axe cannot run. The room itself, which needs scripts, has its own.

import type { Announcement } from "./daemon";
import { expect, type School, test } from "./kelas";
import { tabTo } from "./keyboard";
import { isAccessible } from "./page";
import type { Person } from "./person";

const PHONE = { width: 360, height: 640 };

/** Somebody who has no mouse. */
class Typist {
  constructor(
    private readonly person: Person,
    private readonly script: boolean,
  ) {}

  private get page() {
    return this.person.page;
  }

  async opens(address: string): Promise<void> {
    await this.page.goto(this.person.origin + address);
    await this.looks();
  }

  async writes(field: string, text: string): Promise<void> {
    await tabTo(this.page, this.page.locator(field));
    await this.page.keyboard.type(text);
  }

  /** Presses something that leads to another page, and looks at that. */
  async presses(target: string): Promise<void> {
    await tabTo(this.page, this.page.locator(target).first());
    const loaded = this.page.waitForEvent("load");
    await this.page.keyboard.press("Enter");
    await loaded;
    await this.looks();
  }

  async reads(words: string): Promise<void> {
    await expect(this.page.locator("main")).toContainText(words);
  }

  get place(): string {
    return new URL(this.page.url()).pathname;
  }

  private async looks(): Promise<void> {
    if (this.script) await isAccessible(this.page, this.place);
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide, `${this.place} fits`).toBeLessThanOrEqual(PHONE.width);
  }
}

async function day(
  school: School,
  { teacherLink, joinCode }: Announcement,
  look: { language: "id" | "en"; script: boolean },
): Promise<void> {
  const typist = async (name: string) =>
    new Typist(await school.person(name, { ...PHONE, ...look }), look.script);
  const [sari, budi] = [await typist("Sari"), await typist("Budi")];

  await sari.opens(new URL(teacherLink).pathname);
  await sari.presses('main form button[type="submit"]');
  await sari.opens("/");
  await sari.presses('main h2 a[href^="/courses/"]');
  await sari.writes("#title", "Pecahan");
  await sari.presses('form[action$="/meetings"] button[type="submit"]');
  await sari.presses('.rows a[href^="/meetings/"] >> text=Pecahan');
  const meeting = sari.place;
  await sari.presses('main a[href$="/materials"]');
  await sari.writes("#text", "Penyebut dan **pembilang**.");
  await sari.presses('form[action$="/text"] button');
  await sari.opens(meeting);
  await sari.presses('main a[href$="/assignments"]');
  await sari.writes("#title", "Latihan 1");
  await sari.presses('button[name="action"][value="publish"]');
  const assignment = sari.place;

  await budi.opens("/");
  await budi.writes('input[name="code"]', joinCode);
  await budi.writes('input[name="name"]', "Budi");
  await budi.presses('main form[action="/join"] button');
  await budi.opens("/");
  await budi.presses(`[aria-labelledby="due"] a[href="${assignment}"]`);
  await budi.reads("Latihan 1");
  await budi.writes("#text", "Dua per tiga.");
  await budi.presses('form[action$="/submission"] button[type="submit"]');
  await budi.opens(meeting);
  await budi.reads("Penyebut dan pembilang.");

  await sari.opens("/");
  await sari.presses(`[aria-labelledby="to-grade"] a[href="${assignment}"]`);
  await sari.presses('#waiting + ul a[href*="/submissions/"]');
  await sari.reads("Dua per tiga.");
  await sari.writes("#score", "95");
  await sari.writes("#comment", "Tepat.");
  await sari.presses('main form button[type="submit"]');
  await sari.opens(assignment);
  await sari.presses(`form[action="${assignment}/return"] button`);

  await budi.opens(assignment);
  await budi.reads("95");
  await budi.reads("Tepat.");
  await budi.presses("header .account");
  await budi.presses('form[action="/account/sign-out"] button');
}

test("a day of class in Indonesian, with scripts", async ({ daemon, school }) => {
  await day(school, daemon.announcement, { language: "id", script: true });
});

test("a day of class in English, without scripts", async ({ daemon, school }) => {
  await day(school, daemon.announcement, { language: "en", script: false });
});
