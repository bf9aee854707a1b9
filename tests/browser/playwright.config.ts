import { defineConfig } from "@playwright/test";

// One worker: several browsers with cameras at once are all that two cores carry.
export default defineConfig({
  outputDir: "results",
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  // On a busy machine a browser's own processes can fail; the run then says "flaky", with the cause.
  retries: process.env.CI ? 1 : 0,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: [["list"]],
  use: { actionTimeout: 60_000, navigationTimeout: 60_000 },
  projects: [
    { name: "room", testMatch: /.*\.spec\.ts/, testIgnore: /mesh\.spec\.ts/ },
    { name: "mesh", testMatch: /mesh\.spec\.ts/, timeout: 600_000 },
    { name: "air", testMatch: /.*\.air\.ts/ },
    // A booted box is emulated, and slow.
    { name: "box", testMatch: /.*\.box\.ts/, timeout: 600_000, expect: { timeout: 120_000 } },
  ],
});
