// A technician in the wizard of a box that belongs to nobody.

import { expect, type Page } from "@playwright/test";
import type { Announcement } from "./daemon";
import type { Person } from "./person";

const PASSWORD = "kata sandi panjang";

export class Technician {
  readonly page: Page;

  constructor(
    person: Person,
    private readonly announcement: Announcement,
  ) {
    this.page = person.page;
  }

  go = (path: string) => async () => {
    await this.page.goto(this.announcement.https + path);
  };

  /** Presses the button that sends the step, and waits for the page after it. */
  async send(next: string): Promise<void> {
    await this.page.locator("main form button.primary").last().click();
    await this.page.waitForURL((url) => url.pathname === next);
  }

  async claims(): Promise<void> {
    await this.go("/setup/claim")();
    await this.page.locator("#name").fill("Pak Made");
    await this.page.locator("#login").fill("teknisi");
    await this.page.locator("#password").fill(PASSWORD);
    await this.page.locator("#again").fill(PASSWORD);
    await this.send("/setup/school");
  }

  async namesSchool(): Promise<void> {
    await this.page.locator("#school").fill("SMP Negeri 3 Ende");
    await this.page.locator("#box_name").fill("smpn3");
    await this.send("/setup/wifi");
  }

  async opensWifi(passphrase = "rahasia sekali"): Promise<void> {
    await this.page.locator("#passphrase").fill(passphrase);
    await this.send("/setup/wired");
  }

  /** From the claim to the review, with what is usual. */
  async comesToReview(): Promise<void> {
    await this.claims();
    await this.namesSchool();
    await this.opensWifi();
    await this.send("/setup/time");
    await this.page.locator('button[value="keep"]').click();
    await this.page.waitForURL("**/setup/certificate");
    await this.send("/setup/review");
  }

  /** Applies what the review shows, until it is on trial. */
  async applies(): Promise<void> {
    await this.go("/setup/review")();
    await this.send("/setup/reconnect");
    await this.isOn("trial");
  }

  async isOn(stage: string): Promise<void> {
    const address = `${this.announcement.https}/setup/progress/state`;
    const now = async () => {
      const answer = await this.page.evaluate(async (address) => {
        return (await fetch(address)).text();
      }, address);
      return (JSON.parse(answer) as { stage: string }).stage;
    };
    await expect.poll(now).toBe(stage);
  }
}
