/** A person's way through a browser, with the demo IdP. */
import { startIdp } from "../demo/idp.mjs";
import { ADA } from "./support/accounts.mjs";
import { journey } from "./support/journey.mjs";

journey("samlp", async () => {
  const sps = [];
  const { url, close } = await startIdp({ sps });
  const signIn = (page) => page.getByRole("button", { name: ADA.name }).click();
  return {
    close,
    metadata: async () => (await fetch(`${url}/metadata`)).text(),
    register: (sp) => sps.push(sp),
    signIn,
    async open(page, account) {
      await page.goto(`${url}/`);
      await signIn(page);
      await page.getByRole("link", { name: account }).click();
    },
  };
});
