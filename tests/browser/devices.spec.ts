// Cameras and microphones that refuse, are pulled, or are switched.

import { expect, test } from "./kelas";

for (const [error, problem] of [
  ["NotAllowedError", "denied"],
  ["NotFoundError", "missing"],
  ["NotReadableError", "busy"],
] as const) {
  test(`${error}: told in words, and the room can be entered all the same`, async ({
    daemon,
    school,
  }) => {
    const { announcement } = daemon;
    const budi = await school.person("Budi", { width: 360, height: 640 });
    await budi.context.addInitScript((name) => {
      const refuse = () => Promise.reject(new DOMException("refused by the test", name));
      Object.assign(MediaDevices.prototype, { getUserMedia: refuse });
    }, error);
    await budi.joinCourse(announcement);
    await budi.openRoom(announcement);
    const hint = budi.page.locator(`[data-problem="${problem}"][data-source="both"]`);
    await hint.waitFor();
    await expect(hint).toHaveAttribute("role", "alert");
    await budi.page.screenshot({ path: `shots/${problem}-360-id.png` });
    await budi.enterToWatch();
    await expect(budi.page.locator('.controls [data-action="microphone"]')).toHaveAttribute(
      "aria-pressed",
      "false",
    );
  });
}

test("switching the camera off and on needs no negotiation", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const budi = await school.person("Budi");
  const ani = await school.person("Ani");
  for (const person of [budi, ani]) await person.comes(announcement);
  await budi.seesConnected([ani]);
  await budi.seesAndHears(ani);
  await budi.page.evaluate(() => {
    const counted = window as Window & { negotiations?: number };
    counted.negotiations = 0;
    for (const peer of Object.values(window.kelasPeers?.() ?? {})) {
      peer.addEventListener("signalingstatechange", () => {
        counted.negotiations = (counted.negotiations ?? 0) + 1;
      });
    }
  });
  const tile = budi.page.locator('[data-participant][data-name="Ani"]');
  const camera = ani.page.locator('.controls [data-action="camera"]');
  await camera.click();
  await expect(camera).toHaveAttribute("aria-pressed", "false");
  await expect(tile).toHaveAttribute("data-video", "false");
  await expect(tile.locator("video")).toHaveCount(0);
  await camera.click();
  await expect(camera).toHaveAttribute("aria-pressed", "true");
  await expect(tile).toHaveAttribute("data-video", "true");
  await budi.seesAndHears(ani);
  const negotiations = await budi.page.evaluate(
    () => (window as Window & { negotiations?: number }).negotiations,
  );
  expect(negotiations).toBe(0);
});

test("a camera that is pulled out is told truly, and another takes over", async ({
  daemon,
  school,
}) => {
  const { announcement } = daemon;
  const ani = await school.person("Ani");
  await ani.context.addInitScript(() => {
    const ask = MediaDevices.prototype.getUserMedia;
    const given: MediaStreamTrack[] = [];
    Object.assign(window, { given });
    MediaDevices.prototype.getUserMedia = async function (constraints) {
      const stream = await ask.call(this, constraints);
      given.push(...stream.getVideoTracks());
      return stream;
    };
  });
  await ani.comes(announcement);
  await ani.page.evaluate(() => {
    const { given } = window as unknown as { given: MediaStreamTrack[] };
    const track = given[given.length - 1];
    track?.stop();
    // Stopping is silent for who stops; a pulled plug is not.
    track?.dispatchEvent(new Event("ended"));
  });
  const camera = ani.page.locator('.controls [data-action="camera"]');
  await expect
    .poll(() =>
      ani.page.evaluate(() => (window as unknown as { given: MediaStreamTrack[] }).given.length),
    )
    .toBeGreaterThan(1);
  await expect(camera).toHaveAttribute("aria-pressed", "true");
  await expect(ani.page.locator("[data-own] video")).toHaveCount(1);
});

test("a shared screen gets the stage, and goes when sharing ends", async ({ daemon, school }) => {
  const { announcement } = daemon;
  const budi = await school.person("Budi");
  const ani = await school.person("Ani");
  for (const person of [budi, ani]) await person.comes(announcement);
  await budi.seesConnected([ani]);
  const share = ani.page.locator('.controls [data-action="screen"]');
  await share.click();
  await expect(share).toHaveAttribute("aria-pressed", "true");
  const id = await budi.idOf(ani);
  const screen = budi.page.locator(`[data-screen-of="${id}"] video`);
  await expect
    .poll(() => screen.evaluate((video: HTMLVideoElement) => video.videoWidth))
    .toBeGreaterThan(160);
  const stage = await screen.boundingBox();
  const face = await budi.page.locator(`[data-participant="${id}"]`).boundingBox();
  expect(stage?.width ?? 0).toBeGreaterThan(2 * (face?.width ?? Number.POSITIVE_INFINITY));
  await budi.page.screenshot({ path: "shots/screen-1280-id.png" });
  await budi.seesAndHears(ani);
  await share.click();
  await expect(share).toHaveAttribute("aria-pressed", "false");
  await expect(screen).toHaveCount(0);
});
