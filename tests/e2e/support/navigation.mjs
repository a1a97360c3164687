/**
 * From one document to the next, in a browser. Playwright's `waitFor` is satisfied by the old document that is still
 * there, or by none: whatever a test reads after a click is only the new document's if it has waited for that document.
 */

/** Does what leads to another document, and waits until that one has been loaded. */
export async function navigate(page, act) {
  const committed = page.waitForEvent("framenavigated", (frame) => frame === page.mainFrame());
  await Promise.all([committed, act()]);
  await page.waitForLoadState();
}

/** Clicks a link or a button that leads to another document. */
export const follow = (target) => navigate(target.page(), () => target.click());

/** Waits for what only the last document of a chain has (the IdP's pages go on by themselves), and for its end. */
export async function arrive(target) {
  await target.waitFor();
  await target.page().waitForLoadState();
}

/** Waits until the element with this id has the focus, which `autofocus` gives it after the document was loaded. */
export const focused = (page, id) => page.locator(`#${id}:focus`).waitFor();
