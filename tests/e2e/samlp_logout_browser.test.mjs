/** A person signs out in a browser, with the demo IdP. */
import assert from "node:assert/strict";
import { startIdp } from "../demo/idp.mjs";
import { ADA } from "./support/accounts.mjs";
import { logoutJourney } from "./support/logout_journey.mjs";
import { follow } from "./support/navigation.mjs";

logoutJourney("samlp", async ({ cert }) => {
  const sps = [];
  const { url, close } = await startIdp({ sps, slo: true });
  const atEnd = (address) => address.origin === url && address.searchParams.has("SAMLResponse");
  return {
    close,
    metadata: async () => (await fetch(`${url}/metadata`)).text(),
    register: (sp) => sps.push({ ...sp, cert }),
    signIn: (page) => follow(page.getByRole("button", { name: ADA.name })),
    async signOut(page) {
      await page.goto(`${url}/slo`);
      assert.ok(atEnd(new URL(page.url())), page.url());
    },
    async signOutInFrame(page) {
      const back = page.waitForResponse((response) => atEnd(new URL(response.url())) && response.ok());
      await page.goto(`${url}/frame`);
      await back;
    },
  };
}, { frames: true });
