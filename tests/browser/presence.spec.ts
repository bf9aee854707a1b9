// Who is there, and who is not: windows, reloads, and prompts that nobody answers.

import { expect, test } from "./kelas";
import type { Person } from "./person";

/** What a browser tells a page that it puts into its memory, or takes out of it. */
async function transition(person: Person, type: "pagehide" | "pageshow"): Promise<void> {
  await person.page.evaluate(
    (name) => window.dispatchEvent(new PageTransitionEvent(name, { persisted: true })),
    type,
  );
}

test("two windows of one person do not howl, and who goes is gone at once", async ({
  daemon,
  school,
}) => {
  const { announcement } = daemon;
  const ani = await school.person("Ani");
  const budi = await school.person("Budi");
  for (const person of [ani, budi]) await person.comes(announcement);
  const second = await school.window(budi);
  await second.openRoom(announcement);
  await second.enterToWatch();
  await ani.seesConnected([budi, second]);
  await budi.seesConnected([ani, second]);
  await expect(budi.page.locator("audio[data-sound]")).toHaveCount(1);
  await expect(ani.page.locator("audio[data-sound]")).toHaveCount(2);
  // What one writes in one window is not news in the other.
  await second.says("dari jendela kedua");
  await expect.poll(() => ani.chat()).toEqual(["dari jendela kedua"]);
  const count = budi.page.locator('.controls [data-action="chat"]');
  await ani.says("dari Ani");
  await expect(count).toHaveAttribute("data-count", "1");
  await second.page.close({ runBeforeUnload: false });
  await ani.seesConnected([budi]);

  await budi.page.reload();
  await ani.seesConnected([]);
  await budi.enter();
  await ani.seesConnected([budi]);
  await ani.seesAndHears(budi);

  await transition(budi, "pagehide");
  await ani.seesConnected([]);
  await transition(budi, "pageshow");
  await budi.inRoom();
  await ani.seesConnected([budi]);
  await budi.seesAndHears(ani);
});

test("a prompt that is answered too late opens nothing; all fits at 200 % zoom", async ({
  daemon,
  school,
}) => {
  const { announcement } = daemon;
  const budi = await school.person("Budi");
  await budi.context.addInitScript(() => {
    const ask = MediaDevices.prototype.getUserMedia;
    const given: MediaStreamTrack[] = [];
    const answered = new Promise<void>((resolve) => {
      Object.assign(window, { given, answer: resolve });
    });
    MediaDevices.prototype.getUserMedia = async function (constraints) {
      await answered;
      const stream = await ask.call(this, constraints);
      given.push(...stream.getTracks());
      return stream;
    };
  });
  await budi.joinCourse(announcement);
  await budi.openRoom(announcement);
  await expect(budi.page.locator('[data-action="join"]')).toBeDisabled();
  await budi.page.locator('[data-action="watch"]').click();
  await budi.inRoom();
  await budi.page.evaluate(() => (window as unknown as { answer: () => void }).answer());
  await expect
    .poll(() =>
      budi.page.evaluate(() =>
        (window as unknown as { given: MediaStreamTrack[] }).given.map((track) => track.readyState),
      ),
    )
    .toEqual(["ended", "ended"]);
  for (const source of ["microphone", "camera"]) {
    const button = budi.page.locator(`.controls [data-action="${source}"]`);
    await expect(button).toHaveAttribute("aria-pressed", "false");
  }

  // 1280 x 800 at 200 %, and the narrowest that WCAG 1.4.10 asks for.
  for (const [width, height] of [
    [640, 400],
    [320, 512],
  ] as const) {
    await budi.page.setViewportSize({ width, height });
    // The tiles glide into their places.
    await expect
      .poll(() =>
        budi.page.evaluate(() =>
          [...document.querySelectorAll<HTMLElement>(".controls button, .tile")]
            .filter((element) => {
              const { left, right, top, bottom } = element.getBoundingClientRect();
              return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
            })
            .map((element) => element.className),
        ),
      )
      .toEqual([]);
  }
});
