/** The demo IdP's pages: pick a person, pick an application. */

const STYLE = `
  :root { color-scheme: light dark; --ink: #1b2430; --soft: #5d6b7c; --line: #dfe4ea; --card: #fff; --back: #f3f5f8;
    --tint: #3557d6; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e8ecf2; --soft: #9aa7b8; --line: #303a48; --card: #1c232d; --back: #12171e; --tint: #8ea6ff; }
  }
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100svh; display: grid; place-items: center; padding: 1.25rem; background: var(--back);
    color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
  main { width: 100%; max-width: 27rem; padding: clamp(1.25rem, 6vw, 2rem); background: var(--card);
    border: 1px solid var(--line); border-radius: 14px; }
  header { display: flex; justify-content: space-between; align-items: center; font-weight: 600; }
  header small { font-weight: 500; color: var(--soft); border: 1px solid var(--line); border-radius: 99px;
    padding: .1rem .6rem; }
  h1 { font-size: 1.35rem; margin: 1.4rem 0 .2rem; }
  p { margin: 0; color: var(--soft); }
  ul { list-style: none; margin: 1.2rem 0 0; padding: 0; display: grid; gap: .4rem; }
  .row { width: 100%; display: flex; align-items: center; gap: .8rem; padding: .5rem .75rem; font: inherit;
    text-align: left; text-decoration: none; color: inherit; background: none; border: 1px solid var(--line);
    border-radius: 10px; cursor: pointer; }
  .row:hover, .row:focus-visible { border-color: var(--tint); outline: 1px solid var(--tint); }
  .row b { font-weight: 600; display: block; }
  .row > span { min-width: 0; overflow-wrap: anywhere; }
  .row :is(code, small) { display: block; color: var(--soft); font-size: .75rem; }
  .face { flex: none; width: 2.3rem; height: 2.3rem; border-radius: 50%; display: grid; place-items: center;
    font-size: .85rem; font-weight: 600; color: #fff; }
  footer { margin-top: 1.4rem; display: flex; justify-content: space-between; gap: 1rem; align-items: center;
    color: var(--soft); font-size: .9rem; }
  nav { display: flex; flex-wrap: wrap; gap: .2rem 1rem; }
  footer button { white-space: nowrap; font: inherit; color: var(--tint); background: none; border: 0; padding: 0; cursor: pointer; }
`;

const page = (title, body) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
<main>
<header>Acme Identity <small>demo IdP</small></header>
${body}
</main>
</html>
`;

/** Which of `users`? The answer goes on to `next`. */
export const pickUser = (users, next) =>
  page(
    "Sign in · Acme Identity",
    `<h1>Who is signing in?</h1>
<p>One click, no password.</p>
<form method="post" action="/signin">
<input type="hidden" name="next" value="${escape(next)}">
<ul>${users.map(userRow).join("")}</ul>
</form>`,
  );

const userRow = ({ id, name, role, note }) => `
<li><button class="row" name="user" value="${id}">${face(name)}
<span><b>${escape(name)}</b><code>${role.replaceAll("_", "_<wbr>")}</code>${note && `<small>${note}</small>`}</span></button></li>`;

/** The applications of `user`, each a link that starts a login from here. */
export const myApps = (user, accounts) =>
  page(
    "My Apps · Acme Identity",
    `<h1>My Apps</h1>
<p>Each starts a sign-in from here.</p>
<ul>${accounts.map(appRow).join("")}</ul>
<footer><span>Signed in as ${escape(user.name)}</span>
<form method="post" action="/signout"><button>Someone else</button></form></footer>`,
  );

const appRow = (account) => `
<li><a class="row" href="/apps/${account}?RelayState=%2Fsso%2F">${face(account)}
<span><b>${account}</b><code>RelayState /sso/</code></span></a></li>`;

/** A request that this IdP does not answer. */
export const refusal = (message) => page("No sign-in · Acme Identity", `<h1>No sign-in</h1><p>${escape(message)}</p>`);

function face(name) {
  const initials = name.split(" ").map((word) => word[0].toUpperCase());
  const hue = [...name].reduce((sum, letter) => sum + letter.codePointAt(0) * 7, 0) % 360;
  return `<span class="face" style="background: hsl(${hue} 45% 34%)">${initials.join("")}</span>`;
}

const escape = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.codePointAt(0)};`);

/** The demo product's one page: who the gate says is there. */
export const productPage = (headers) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Demo product</title>
<style>${STYLE}</style>
<main>
<header>Demo product <small>origin</small></header>
<h1>Hello, ${escape(decodeURIComponent(headers["x-saml-edge-name"] ?? "stranger"))}</h1>
<p>This page comes from behind the gate, which says of you, ${headers["x-saml-edge-jwt-assertion"] ? "with a token" : "without a token"}:</p>
<ul>${["x-saml-edge-account", "x-forwarded-email", "x-forwarded-groups", "x-forwarded-user"].map((name) => fact(name, headers[name])).join("")}</ul>
<footer><nav>${links(headers["x-saml-edge-account"])}</nav></footer>
</main>
</html>
`;

/** What the gate has for everybody, and for the administrators of an account. */
const links = (account) =>
  [["Session", "/sso/"], ["Your devices", "/sso/sessions"], ["Settings", `/sso/${account}/settings`], ["Sign out", "/sso/logout"]]
    .map(([name, path]) => `<a href="${escape(path)}">${name}</a>`)
    .join(" ");

const fact = (name, value = "–") => `<li class="row"><span><b>${escape(value)}</b><code>${name}</code></span></li>`;
