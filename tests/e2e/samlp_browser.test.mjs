/** A person's way through a browser, with the demo IdP. */
import { startIdp } from "../demo/idp.mjs";
import { ADA } from "./support/accounts.mjs";
import { journey } from "./support/journey.mjs";
import { follow } from "./support/navigation.mjs";

journey("samlp", async () => {
  const sps = [];
  const { url, close } = await startIdp({ sps });
  const signIn = (page) => follow(page.getByRole("button", { name: ADA.name }));
  return {
    close,
    metadata: async () => (await fetch(`${url}/metadata`)).text(),
    register: (sp) => sps.push(sp),
    signIn,
    async open(page, account) {
      await page.goto(`${url}/`);
      await signIn(page);
      await follow(page.getByRole("link", { name: account }));
    },
  };
});
