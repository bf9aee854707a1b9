import { defineConfig } from "@playwright/test";

// Where several people have cameras: one such test at a time is what two cores carry.
const ROOM = [
  "devices",
  "fallback",
  "history",
  "keyboard",
  "load",
  "moderation",
  "peerjs",
  "presence",
  "room",
  "roompages",
].map((name) => `**/${name}.spec.ts`);

export default defineConfig({
  outputDir: "results",
  // Three lanes, each one test at a time: pages, the room, and who sleeps.
  workers: 3,
  fullyParallel: false,
  forbidOnly: true,
  // On a busy machine a browser's own processes can fail; the run then says "flaky", with the cause.
  retries: process.env.CI ? 1 : 0,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: [["list"]],
  use: { actionTimeout: 60_000, navigationTimeout: 60_000 },
  projects: [
    { name: "asleep", testMatch: "**/asleep.spec.ts", workers: 1 },
    { name: "room", testMatch: ROOM, workers: 1 },
    {
      name: "pages",
      testMatch: "**/*.spec.ts",
      testIgnore: [...ROOM, "**/asleep.spec.ts", "**/*mesh.spec.ts"],
      workers: 1,
    },
    { name: "mesh", testMatch: "**/*mesh.spec.ts", timeout: 600_000 },
    { name: "air", testMatch: "**/*.air.ts", workers: 1 },
    // A booted box is emulated, and slow.
    { name: "box", testMatch: "**/*.box.ts", timeout: 600_000, expect: { timeout: 120_000 } },
  ],
});
