// The tests' own `test`: a daemon, a browser that trusts it, and people.

import { type BrowserContext, test as base, expect } from "@playwright/test";
import { Chromium } from "./chromium";
import { Daemon, type Settings } from "./daemon";
import { type Look, Person } from "./person";

export type School = {
  /** Somebody with a window of their own; over https unless an origin is given. */
  person: (name: string, look?: Look & { origin?: string }) => Promise<Person>;
  /** Another window of the same person, signed in as they are. */
  window: (of: Person) => Promise<Person>;
};

type Fixtures = { daemon: Daemon; chromium: Chromium; school: School };
/** What is wrong with the card, details by code; settings of a box that belongs to nobody. */
type Options = { problems: Record<string, string>; unclaimed: Settings | undefined };

// The first fake camera works, the second and third do not, the others do.
const CAMERAS = [0, 3, 4, 5, 6, 7, 8, 9, 10, 11];

export const test = base.extend<Fixtures & Options>({
  problems: [{}, { option: true }],
  unclaimed: [undefined, { option: true }],
  daemon: async ({ problems, unclaimed }, use) => {
    const box = process.env.KELAS_BOX;
    const daemon = box
      ? Daemon.inBox(box)
      : await Daemon.start(undefined, problems, unclaimed && [], unclaimed);
    await use(daemon);
    await daemon.stop();
  },
  chromium: async ({ daemon }, use) => {
    const chromium = await Chromium.start(daemon.announcement.ca);
    await use(chromium);
    await chromium.stop();
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
    for (const person of people) {
      expect(person.foreign, `${person.name} asked only the box`).toEqual([]);
      expect(person.complaints, `${person.name}'s page had no fault`).toEqual([]);
    }
  },
});

export { expect };
