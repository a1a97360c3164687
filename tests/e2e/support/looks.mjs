/** How a page looks: on small and large screens, in light and dark, for eyes and for screen readers. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import axe from "axe-core";

const folder = fileURLToPath(new URL("../../../target/screenshots/", import.meta.url));

/** Takes pictures of `page`, and expects that it is never wider than the screen and that axe-core finds nothing. */
export async function looksRight(page, picture) {
  mkdirSync(folder, { recursive: true });
  await page.waitForLoadState();
  await page.evaluate(axe.source);
  for (const [width, height] of [[320, 640], [360, 740], [1280, 800]]) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${folder}${picture}-${width}-${colorScheme}.png`, fullPage: true });
      assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), `${picture} is wider than ${width}`);
      const { violations } = await page.evaluate("axe.run()");
      const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
      assert.deepEqual(found, [], `${picture}, ${width} wide, ${colorScheme}`);
    }
  }
}
