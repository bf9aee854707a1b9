// One person with a browser window, and what they do in a class.

import { type BrowserContext, expect, type Page } from "@playwright/test";
import type { Announcement } from "./daemon";

export type Look = {
  width?: number;
  height?: number;
  language?: "id" | "en";
  scheme?: "light" | "dark";
  /** Whether the browser runs scripts; it does unless told otherwise. */
  script?: boolean;
  /** Statuses that the test provokes. If given, the console may tell of nothing else; rooms
   * whose connections are broken on purpose make browsers complain. */
  provoked?: number[];
};

/** What has arrived from one other participant. */
export type Received = { frames: number; packets: number; width: number };

const BOX = new Set(["127.0.0.1", "10.77.0.1", "kelas.internal"]);

export class Person {
  /** Addresses outside of the box that the page asked for. */
  readonly foreign: string[] = [];
  /** What the page's script complained about. */
  readonly complaints: string[] = [];

  constructor(
    /** As others see it; the demo's teacher has one already. */
    public name: string,
    readonly page: Page,
    readonly context: BrowserContext,
    private readonly camera: number,
    readonly origin: string,
    provoked?: number[],
  ) {
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (/^(https?|wss?):$/.test(url.protocol) && !BOX.has(url.hostname)) {
        this.foreign.push(request.url());
      }
    });
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (line) => {
      if (!provoked || line.type() !== "error") return;
      const expected = provoked.some((status) => line.text().includes(`status of ${status}`));
      if (!expected) this.complaints.push(line.text());
    });
  }

  async signInAsTeacher({ teacherLink }: Announcement): Promise<void> {
    await this.page.goto(this.origin + new URL(teacherLink).pathname);
    await this.page.locator('main form button[type="submit"]').click();
    await this.page.waitForURL((url) => !url.pathname.startsWith("/link/"));
  }

  async joinCourse({ joinCode }: Announcement): Promise<void> {
    await this.page.goto(`${this.origin}/join/${joinCode}`);
    await this.page.locator('input[name="name"]').fill(this.name);
    await this.page.locator('main form button[type="submit"]').click();
    await this.page.waitForURL((url) => !url.pathname.startsWith("/join"));
  }

  /** Opens the room's page, where one sees oneself first. */
  async openRoom({ meeting }: Announcement): Promise<void> {
    await this.page.goto(`${this.origin}/rooms/${meeting}`);
    await this.page.locator('.room[data-state="preview"]').waitFor();
    const data = (await this.page.locator("#kelas-room").textContent()) ?? "";
    this.name = (JSON.parse(data) as { person: { name: string } }).person.name;
  }

  /** Goes in with camera and microphone; a camera of one's own, because shared ones stall. */
  async enter(): Promise<void> {
    const cameras = this.page.locator('select[data-device="camera"]');
    await cameras.waitFor();
    await cameras.selectOption({ index: this.camera });
    await this.page.locator('[data-action="join"][data-with="both"]:not([disabled])').click();
    await this.inRoom();
  }

  /** A student from the join code to the room, with camera and microphone. */
  async comes(announcement: Announcement): Promise<void> {
    await this.joinCourse(announcement);
    await this.openRoom(announcement);
    await this.enter();
  }

  async comesAsTeacher(announcement: Announcement): Promise<void> {
    await this.signInAsTeacher(announcement);
    await this.openRoom(announcement);
    await this.enter();
  }

  /** Goes in without devices: by the quiet way while they start or are on, else by the main one. */
  async enterToWatch(): Promise<void> {
    const quiet = this.page.locator('[data-action="watch"]');
    const main = this.page.locator('[data-action="join"][data-with="watch"]:not([disabled])');
    await quiet.or(main).click();
    await this.inRoom();
  }

  async inRoom(): Promise<void> {
    await this.page.locator('.room[data-state="joined"]').waitFor();
  }

  async leave(): Promise<void> {
    await this.page.locator('[data-action="leave"]').click();
    await this.page.waitForURL((url) => url.pathname.startsWith("/courses/"));
  }

  /** All of these, and nobody else, are there and connected. */
  async seesConnected(others: Person[]): Promise<void> {
    const names = others.map(({ name }) => name).sort();
    await expect
      .poll(() =>
        this.page.locator("[data-participant]").evaluateAll((tiles) =>
          tiles
            .map((tile) => (tile as HTMLElement).dataset)
            .map(({ name, link }) => (link === "connected" ? name : `${name}: ${link}`))
            .sort(),
        ),
      )
      .toEqual(names);
  }

  async idOf(other: Person): Promise<string> {
    const tile = this.page.locator(`[data-participant][data-name="${other.name}"]`);
    return (await tile.getAttribute("data-participant")) ?? "";
  }

  /** What has arrived so far from `other`, by getStats. */
  async received(other: Person): Promise<Received> {
    const id = await this.idOf(other);
    return await this.page.evaluate(async (peer) => {
      const received = { frames: 0, packets: 0, width: 0 };
      const connection = window.kelasPeers?.()[peer];
      if (!connection) return received;
      (await connection.getStats()).forEach((entry) => {
        if (entry.type !== "inbound-rtp") return;
        if (entry.kind === "audio") received.packets += entry.packetsReceived;
        else {
          received.frames += entry.framesDecoded;
          received.width = Math.max(received.width, entry.frameWidth ?? 0);
        }
      });
      return received;
    }, id);
  }

  /** Frames are decoded and sound arrives, and both go on. */
  async seesAndHears(other: Person): Promise<void> {
    const before = await this.received(other);
    await expect
      .poll(async () => {
        const now = await this.received(other);
        return { sees: now.frames >= before.frames + 5, hears: now.packets >= before.packets + 20 };
      }, `${this.name} sees and hears ${other.name}`)
      .toEqual({ sees: true, hears: true });
  }

  /** Marks the connections of now: ones that are made anew do not carry the mark. */
  async markConnections(): Promise<void> {
    await this.page.evaluate(() => {
      for (const peer of Object.values(window.kelasPeers?.() ?? {})) {
        (peer as RTCPeerConnection & { marked?: boolean }).marked = true;
      }
    });
  }

  /** For each connection, whether it is one of those that were marked. */
  async marks(): Promise<boolean[]> {
    return await this.page.evaluate(() =>
      Object.values(window.kelasPeers?.() ?? {}).map(
        (peer) => (peer as RTCPeerConnection & { marked?: boolean }).marked === true,
      ),
    );
  }

  async openPanel(panel: "chat" | "people" | "settings"): Promise<void> {
    if ((await this.page.locator(`[data-panel="${panel}"]`).count()) > 0) return;
    await this.page.locator(`.controls [data-action="${panel}"]`).click();
    await this.page.locator(`[data-panel="${panel}"]`).waitFor();
  }

  async says(text: string): Promise<void> {
    await this.openPanel("chat");
    await this.page.locator('[data-panel="chat"] textarea').fill(text);
    await this.page.locator('[data-panel="chat"] textarea').press("Enter");
  }

  /** The whole chat, as it stands on the screen. */
  async chat(): Promise<string[]> {
    await this.openPanel("chat");
    return await this.page.locator("[data-message] .words").allTextContents();
  }
}

declare global {
  interface Window {
    kelasPeers?: () => Record<string, RTCPeerConnection>;
  }
}
