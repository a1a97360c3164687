/** A person signs out in a browser, with SimpleSAMLphp. */
import { ADA } from "./support/accounts.mjs";
import { logoutJourney } from "./support/logout_journey.mjs";
import { follow } from "./support/navigation.mjs";
import { claimsFor, startSimpleSamlPhp } from "./support/simplesamlphp.mjs";

logoutJourney("SimpleSAMLphp", async () => {
  const idp = await startSimpleSamlPhp();
  return {
    close: idp.close,
    metadata: idp.metadata,
    register: ({ account }, metadata) =>
      idp.register(metadata, { ...claimsFor(account), "sign.logout": true, "validate.logout": true }),
    async signIn(page) {
      await page.getByLabel("Username").fill(ADA.id);
      await page.getByLabel("Password").fill(ADA.id);
      await follow(page.getByRole("button", { name: "Login" }));
    },
    async signOut(page) {
      const address = idp.logoutAddress();
      // No browser here finds the page that it would end at: one of the IdP's own is as good.
      address.searchParams.set("RelayState", `${address.origin}/?goodbye`);
      const end = page.waitForRequest((request) => request.url() === `${address.origin}/?goodbye`);
      await page.goto(address.href);
      await end;
    },
  };
});
