// The tests' own `test`: a daemon, a browser that trusts it, and people. Each test has a daemon and
// windows of its own; the authority, and the browser that trusts it, are a worker's.

import { type BrowserContext, test as base, expect } from "@playwright/test";
import { Authority } from "./authority";
import { Chromium } from "./chromium";
import { Daemon, type Settings } from "./daemon";
import { type Look, Person } from "./person";

export type School = {
  /** Somebody with a window of their own; over https unless an origin is given. */
  person: (name: string, look?: Look & { origin?: string }) => Promise<Person>;
  /** Another window of the same person, signed in as they are. */
  window: (of: Person) => Promise<Person>;
};

type Fixtures = { daemon: Daemon; school: School };
type OfWorker = { authority: Authority; chromium: Chromium };
/** What is wrong with the card, details by code; settings of a box that belongs to nobody. */
type Options = { problems: Record<string, string>; unclaimed: Settings | undefined };

/** The announcement of a booted box. */
const BOX = process.env.KELAS_BOX;

// The first fake camera works, the second and third do not, the others do.
const CAMERAS = [0, 3, 4, 5, 6, 7, 8, 9, 10, 11];

export const test = base.extend<Fixtures & Options, OfWorker>({
  problems: [{}, { option: true }],
  unclaimed: [undefined, { option: true }],
  authority: [
    async ({}, use) => {
      const authority = BOX ? Authority.ofBox(BOX) : await Authority.make();
      await use(authority);
      await authority.forget();
    },
    { scope: "worker" },
  ],
  chromium: [
    async ({ authority }, use) => {
      const chromium = await Chromium.start(authority.certificate);
      await use(chromium);
      await chromium.stop();
    },
    { scope: "worker" },
  ],
  daemon: async ({ authority, problems, unclaimed }, use) => {
    const daemon = BOX
      ? Daemon.inBox(BOX)
      : await Daemon.start({
          authority,
          problems,
          flags: unclaimed ? [] : ["--demo"],
          settings: unclaimed,
        });
    await use(daemon);
    await daemon.stop();
  },
  school: async ({ daemon, chromium }, use) => {
    const people: Person[] = [];
    const open = async (
      name: string,
      context: BrowserContext,
      origin: string,
      provoked?: number[],
    ) => {
      const camera = CAMERAS[people.length] ?? 0;
      const page = await context.newPage();
      const person = new Person(name, page, context, camera, origin, provoked);
      people.push(person);
      return person;
    };
    await use({
      window: ({ name, context, origin }) => open(name, context, origin),
      person: async (name, look = {}) => {
        const { width = 1280, height = 800, language = "id", scheme = "light" } = look;
        const context = await chromium.browser.newContext({
          viewport: { width, height },
          locale: language === "id" ? "id-ID" : "en-GB",
          colorScheme: scheme,
          javaScriptEnabled: look.script ?? true,
        });
        // What two cores can encode many times over.
        await context.addInitScript(() => localStorage.setItem("kelas.room.capture", "160x120@5"));
        const origin = look.origin ?? daemon.announcement.https;
        return await open(name, context, origin, look.provoked);
      },
    });
    // The next test finds no window, and no camera in use.
    for (const context of new Set(people.map((person) => person.context))) await context.close();
    for (const person of people) {
      expect(person.foreign, `${person.name} asked only the box`).toEqual([]);
      expect(person.complaints, `${person.name}'s page had no fault`).toEqual([]);
    }
  },
});

export { expect };
