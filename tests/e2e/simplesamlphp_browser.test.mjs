/** A person's way through a browser, with SimpleSAMLphp. */
import { ADA } from "./support/accounts.mjs";
import { journey } from "./support/journey.mjs";
import { follow } from "./support/navigation.mjs";
import { claimsFor, startSimpleSamlPhp } from "./support/simplesamlphp.mjs";

journey("SimpleSAMLphp", async () => {
  const idp = await startSimpleSamlPhp();
  const sps = new Map();
  const signIn = async (page) => {
    await page.getByLabel("Username").fill(ADA.id);
    await page.getByLabel("Password").fill(ADA.id);
    await follow(page.getByRole("button", { name: "Login" }));
  };
  return {
    close: idp.close,
    metadata: idp.metadata,
    register({ account, entityId }, metadata) {
      sps.set(account, entityId);
      return idp.register(metadata, claimsFor(account));
    },
    signIn,
    async open(page, account) {
      await page.goto(idp.startAddress(sps.get(account)).href);
      await signIn(page);
    },
  };
});
