import { defineConfig } from "@playwright/test";

// One worker: several browsers with cameras at once are all that two cores carry.
export default defineConfig({
  outputDir: "results",
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: [["list"]],
  use: { actionTimeout: 60_000, navigationTimeout: 60_000 },
  projects: [
    { name: "room", testMatch: /.*\.spec\.ts/, testIgnore: /mesh\.spec\.ts/ },
    { name: "mesh", testMatch: /mesh\.spec\.ts/, timeout: 600_000 },
    { name: "air", testMatch: /.*\.air\.ts/ },
  ],
});
